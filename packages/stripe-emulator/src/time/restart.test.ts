/** Time goes on where a killed process left it, and catches up with what it missed. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { advance, invoicesOf, iso, subscribeOnClock, useCard } from "../testing/clock.ts";
import { createCatalogue, idOf, payCheckout, seconds, startFixture } from "../testing/fixture.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "stripe-emulator-"));
  folders.push(folder);
  return folder;
}

/** What came of a subscription, without the ids that chance gives. */
async function outcomeOf(fixture: Awaited<ReturnType<typeof startFixture>>, subscription: string) {
  const { status, items } = await fixture.stripe.subscriptions.retrieve(subscription);
  const invoices = await invoicesOf(fixture, { subscription });
  return {
    status,
    period: items.data.map(({ current_period_start, current_period_end }) => [
      current_period_start,
      current_period_end,
    ]),
    invoices: invoices.map(({ number, status: state, created, attempt_count, next_payment_attempt }) => [
      number,
      state,
      created,
      attempt_count,
      next_payment_attempt,
    ]),
  };
}

test("killed after any step of an advance, an emulator goes on at its next start and ends the same", async () => {
  const account = { settings: { retryPauseDays: [2, 3], upcomingInvoiceDays: 0 } };
  const dataDir = await newFolder();
  const fixture = await startFixture({ dataDir, account });
  const { team } = await createCatalogue(fixture.stripe);
  const ada = await subscribeOnClock(fixture, { from: "2026-06-01T00:00:00Z", price: team.id });
  await useCard(fixture, ada, "pm_card_chargeCustomerFail");
  const linesOf = async () =>
    (await readFile(join(dataDir, "journal.jsonl"), "utf8")).split("\n").slice(0, -1);
  const before = (await linesOf()).length;
  await advance(fixture, ada.clock, "2026-07-20T00:00:00Z");
  const expected = await outcomeOf(fixture, ada.subscription);
  expect(expected).toMatchObject({ status: "canceled" });
  const lines = await linesOf();
  // The advance call, the renewal, the first try, two retries, and the clock's arrival.
  expect(lines.length - before).toBe(6);
  for (let kept = before + 1; kept <= lines.length; kept += 1) {
    const copy = await newFolder();
    await writeFile(join(copy, "journal.jsonl"), `${lines.slice(0, kept).join("\n")}\n`);
    const again = await startFixture({ dataDir: copy, account });
    await again.emulator.catchUp();
    expect(await outcomeOf(again, ada.subscription)).toEqual(expected);
    const clock = await again.stripe.testHelpers.testClocks.retrieve(ada.clock);
    expect(clock).toMatchObject({ status: "ready", frozen_time: seconds("2026-07-20T00:00:00Z") });
  }
});

test("what fell due on the wall clock while no process ran happens at the next start, at its own instants", async () => {
  let now = Date.parse("2026-06-01T00:00:00Z");
  const dataDir = await newFolder();
  const options = { dataDir, now: () => now };
  const first = await startFixture(options);
  const { team } = await createCatalogue(first.stripe);
  const session = await first.stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: team.id, quantity: 1 }],
    success_url: "http://localhost/",
  });
  await payCheckout(session);
  const { subscription } = await first.stripe.checkout.sessions.retrieve(session.id);
  await first.emulator.close();
  now = Date.parse("2026-08-15T12:00:00Z");
  const second = await startFixture(options);
  await second.emulator.catchUp();
  const invoices = await invoicesOf(second, { subscription: idOf(subscription) });
  const lives = invoices.map(({ status, created, status_transitions }) => [
    status,
    iso(created),
    iso(status_transitions.paid_at),
  ]);
  expect(lives).toEqual([
    ["paid", "2026-06-01T00:00", "2026-06-01T00:00"],
    ["paid", "2026-07-01T00:00", "2026-07-01T01:00"],
    ["paid", "2026-08-01T00:00", "2026-08-01T01:00"],
  ]);
});
