/** Stories of subscriptions that live through time, told by the API alone. */
import type Stripe from "stripe";
import { expect, test } from "vitest";
import { createCatalogue, idOf, startFixture } from "../testing/fixture.ts";
import { advance, eventsBetween, invoicesOf, iso, subscribeOnClock } from "../testing/clock.ts";

test("a subscription begun on 31 January renews on the last day of each short month and returns to the 31st", async () => {
  const fixture = await startFixture({ account: { settings: { testClockLimits: "relaxed" } } });
  const { team } = await createCatalogue(fixture.stripe);
  const ada = await subscribeOnClock(fixture, { from: "2026-01-31T09:30:00Z", price: team.id });
  await advance(fixture, ada.clock, "2027-01-31T11:00:00Z");
  const invoices = await invoicesOf(fixture, ada);
  const starts = invoices.map(({ lines }) => iso(lines.data[0]?.period.start).slice(0, 10));
  expect(starts).toEqual([
    "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31",
    "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31",
  ]); // prettier-ignore
  expect(invoices.every(({ status, amount_paid }) => status === "paid" && amount_paid === 1900)).toBe(true);
  expect(new Set(invoices.map(({ billing_reason }) => billing_reason))).toEqual(
    new Set(["subscription_create", "subscription_cycle"]),
  );
  const [item] = (await fixture.stripe.subscriptions.retrieve(ada.subscription)).items.data;
  expect([item?.current_period_start, item?.current_period_end].map(iso)).toEqual([
    "2027-01-31T09:30",
    "2027-02-28T09:30",
  ]);
});

test("an annual plan begun on a leap day renews on 28 February and, four years on, on the 29th", async () => {
  const fixture = await startFixture({ account: { settings: { testClockLimits: "relaxed" } } });
  const { team } = await createCatalogue(fixture.stripe);
  const annual = await fixture.stripe.prices.create({
    product: idOf(team.product),
    currency: "eur",
    unit_amount: 19_000,
    recurring: { interval: "year" },
  });
  const ada = await subscribeOnClock(fixture, { from: "2028-02-29T00:00:00Z", price: annual.id });
  await advance(fixture, ada.clock, "2032-03-01T00:00:00Z");
  const starts = (await invoicesOf(fixture, ada)).map(({ lines }) => iso(lines.data[0]?.period.start));
  expect(starts).toEqual([
    "2028-02-29T00:00",
    "2029-02-28T00:00",
    "2030-02-28T00:00",
    "2031-02-28T00:00",
    "2032-02-29T00:00",
  ]);
});

test("a renewal is a draft for an hour, with the new period on its line and the ended one as its own", async () => {
  const fixture = await startFixture();
  const { team } = await createCatalogue(fixture.stripe);
  const ada = await subscribeOnClock(fixture, { from: "2026-06-01T00:00:00Z", price: team.id });
  await advance(fixture, ada.clock, "2026-07-01T00:59:59Z");
  const draft = (await invoicesOf(fixture, ada)).at(-1);
  expect(draft).toMatchObject({ status: "draft", billing_reason: "subscription_cycle", auto_advance: true });
  expect([draft?.created, draft?.period_start, draft?.period_end].map(iso)).toEqual([
    "2026-07-01T00:00",
    "2026-06-01T00:00",
    "2026-07-01T00:00",
  ]);
  const { start, end } = draft?.lines.data[0]?.period ?? {};
  expect([start, end, draft?.automatically_finalizes_at].map(iso)).toEqual([
    "2026-07-01T00:00",
    "2026-08-01T00:00",
    "2026-07-01T01:00",
  ]);
  await advance(fixture, ada.clock, "2026-07-01T01:00:00Z");
  const paid = (await invoicesOf(fixture, ada)).at(-1);
  expect(paid).toMatchObject({ id: draft?.id, status: "paid", amount_paid: 1900, attempt_count: 1 });
  expect(iso(paid?.status_transitions.paid_at)).toBe("2026-07-01T01:00");
});

test("E: a renewal's events come in two halves an hour apart, in Stripe's order and at the clock's time", async () => {
  const fixture = await startFixture({ account: { settings: { upcomingInvoiceDays: 0 } } });
  const { team } = await createCatalogue(fixture.stripe);
  const ada = await subscribeOnClock(fixture, { from: "2026-06-01T00:00:00Z", price: team.id });
  await advance(fixture, ada.clock, "2026-07-01T02:00:00Z");
  const lived = await eventsBetween(fixture, "2026-06-02T00:00:00Z", "2026-07-02T00:00:00Z");
  expect(lived.map(({ type, created }) => `${iso(created).slice(11)} ${type}`)).toEqual([
    "00:00 invoice.created",
    "00:00 customer.subscription.updated",
    "01:00 invoice.finalized",
    "01:00 payment_intent.created",
    "01:00 charge.succeeded",
    "01:00 payment_intent.succeeded",
    "01:00 invoice.paid",
    "01:00 invoice.payment_succeeded",
    "01:00 invoice_payment.paid",
    "01:00 charge.updated",
  ]);
  const updated = lived.find(({ type }) => type === "customer.subscription.updated");
  expect(Object.keys(updated?.data.previous_attributes ?? {}).sort()).toEqual(["items", "latest_invoice"]);
});

test("E: seven days before a renewal its invoice is announced, with what is pending by then", async () => {
  const fixture = await startFixture();
  const { team } = await createCatalogue(fixture.stripe);
  const ada = await subscribeOnClock(fixture, { from: "2026-06-01T00:00:00Z", price: team.id });
  await advance(fixture, ada.clock, "2026-06-24T00:00:00Z");
  const events = await eventsBetween(fixture, "2026-06-02T00:00:00Z", "2026-06-25T00:00:00Z");
  expect(events.map(({ type, created }) => [type, iso(created)])).toEqual([
    ["invoice.upcoming", "2026-06-24T00:00"],
  ]);
  const upcoming = events[0]?.data.object as Stripe.Invoice;
  expect(upcoming).toMatchObject({ total: 1900, billing_reason: "upcoming", customer: ada.customer });
  expect(upcoming.id).toMatch(/^upcoming_in_/);
  expect(iso(upcoming.lines.data[0]?.period.start)).toBe("2026-07-01T00:00");
  expect(await invoicesOf(fixture, ada)).toHaveLength(1);
  await advance(fixture, ada.clock, "2026-06-30T00:00:00Z");
  expect(await eventsBetween(fixture, "2026-06-25T00:00:00Z", "2026-07-01T00:00:00Z")).toEqual([]);
});
