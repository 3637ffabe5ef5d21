/** Renewals on the wall clock, which a test moves by hand. */
import { expect, test } from "vitest";
import { invoicesOf } from "../testing/clock.ts";
import { startEndpoint } from "../testing/endpoint.ts";
import { createCatalogue, idOf, payCheckout, startFixture } from "../testing/fixture.ts";

async function subscribeOnWall(settings: { draftsWaitForWebhooks: boolean; webhookRetryMs: number[] }) {
  const clock = { now: Date.parse("2026-06-01T00:00:00Z") };
  const fixture = await startFixture({ now: () => clock.now, account: { settings } });
  const { team } = await createCatalogue(fixture.stripe);
  const session = await fixture.stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: team.id, quantity: 1 }],
    success_url: "http://localhost/",
  });
  await payCheckout(session);
  const subscription = idOf((await fixture.stripe.checkout.sessions.retrieve(session.id)).subscription);
  const goTo = async (instant: string) => {
    clock.now = Date.parse(instant);
    await fixture.emulator.catchUp();
  };
  const lastStatus = async () => (await invoicesOf(fixture, { subscription })).at(-1)?.status;
  return { ...fixture, goTo, lastStatus };
}

/** Its one endpoint answers 500 to the first try of `invoice.created`; a second try would come after 100 days. */
const HUNDRED_DAYS_MS = 100 * 86_400_000;

test.each([
  [true, "draft", "draft", "paid"],
  [false, "paid", "paid", "paid"],
])("when drafts wait for webhooks (%s), a failing endpoint holds up a renewal, for 72 hours", async (draftsWaitForWebhooks, ...statuses) => {
  const world = await subscribeOnWall({ draftsWaitForWebhooks, webhookRetryMs: [HUNDRED_DAYS_MS] });
  const { url, next } = await startEndpoint([500]);
  await world.stripe.webhookEndpoints.create({ url, enabled_events: ["invoice.created"] });
  await world.goTo("2026-07-01T00:30:00Z");
  await next();
  const seen = [];
  for (const instant of ["2026-07-01T01:00:00Z", "2026-07-03T23:00:00Z", "2026-07-04T00:00:00Z"]) {
    await world.goTo(instant);
    seen.push(await world.lastStatus());
  }
  expect(seen).toEqual(statuses);
}); // prettier-ignore
