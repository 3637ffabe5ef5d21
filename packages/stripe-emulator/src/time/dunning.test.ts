/** What becomes of a renewal that cannot be charged. */
import { expect, test } from "vitest";
import type { AccountSettings } from "../account.ts";
import { advance, eventsBetween, invoicesOf, iso, subscribeOnClock, useCard } from "../testing/clock.ts";
import { createCatalogue, startFixture } from "../testing/fixture.ts";

/** Somebody whose card begins to decline in the first month. */
async function startWithFailingCard(settings: Partial<AccountSettings> = {}) {
  const fixture = await startFixture({ account: { settings: { upcomingInvoiceDays: 0, ...settings } } });
  const { team } = await createCatalogue(fixture.stripe);
  const ada = await subscribeOnClock(fixture, { from: "2026-06-01T00:00:00Z", price: team.id });
  await useCard(fixture, ada, "pm_card_chargeCustomerFail");
  const statusNow = async () => (await fixture.stripe.subscriptions.retrieve(ada.subscription)).status;
  const lastInvoice = async () => (await invoicesOf(fixture, ada)).at(-1);
  return { ...fixture, fixture, ada, statusNow, lastInvoice };
}

test("F: a failed renewal tells of the decline, of the next try and that the subscription is past due", async () => {
  const { fixture, ada, statusNow, lastInvoice } = await startWithFailingCard();
  await advance(fixture, ada.clock, "2026-07-01T02:00:00Z");
  const failed = await lastInvoice();
  expect(failed).toMatchObject({ status: "open", attempted: true, attempt_count: 1, auto_advance: true });
  expect(iso(failed?.next_payment_attempt)).toBe("2026-07-02T01:00");
  expect(await statusNow()).toBe("past_due");
  const events = await eventsBetween(fixture, "2026-07-01T00:30:00Z", "2026-07-02T00:00:00Z");
  expect(events.map(({ type }) => type)).toEqual([
    "invoice.finalized",
    "payment_intent.created",
    "charge.failed",
    "payment_intent.payment_failed",
    "invoice.payment_failed",
    "invoice.updated",
    "customer.subscription.updated",
  ]);
  const told = events.find(({ type }) => type === "invoice.payment_failed")?.data.object;
  expect(told).toMatchObject({ id: failed?.id, next_payment_attempt: failed?.next_payment_attempt });
  expect(events.at(-1)?.data.previous_attributes).toEqual({ status: "active" });
});

test("a failed renewal recovers at the next try with a new card", async () => {
  const { fixture, ada, statusNow, lastInvoice } = await startWithFailingCard();
  await advance(fixture, ada.clock, "2026-07-02T02:00:00Z");
  expect(await lastInvoice()).toMatchObject({ status: "open", attempt_count: 2 });
  await useCard(fixture, ada, "pm_card_visa");
  expect(await lastInvoice()).toMatchObject({ status: "open", attempt_count: 2 });
  await advance(fixture, ada.clock, "2026-07-03T01:00:00Z");
  expect(await lastInvoice()).toMatchObject({ status: "paid", attempt_count: 3, next_payment_attempt: null });
  expect(await statusNow()).toBe("active");
  await advance(fixture, ada.clock, "2026-08-01T02:00:00Z");
  expect(await lastInvoice()).toMatchObject({ status: "paid", attempt_count: 1 });
});

test("by default a failed renewal is tried nine times within two weeks, and then the subscription is canceled", async () => {
  const { stripe, fixture, ada, lastInvoice } = await startWithFailingCard();
  await advance(fixture, ada.clock, "2026-07-20T00:00:00Z");
  const events = await eventsBetween(fixture, "2026-07-01T00:30:00Z", "2026-07-20T00:00:00Z");
  const tries = events.filter(({ type }) => type === "charge.failed").map(({ created }) => iso(created));
  expect(tries.map((time) => time.slice(5))).toEqual([
    "07-01T01:00", "07-02T01:00", "07-03T01:00", "07-04T01:00", "07-06T01:00", "07-08T01:00", "07-10T01:00",
    "07-12T01:00", "07-15T01:00",
  ]); // prettier-ignore
  expect(events.at(-1)?.type).toBe("customer.subscription.deleted");
  const ended = await stripe.subscriptions.retrieve(ada.subscription);
  expect(ended).toMatchObject({
    status: "canceled",
    cancellation_details: { reason: "payment_failed" },
  });
  expect(iso(ended.ended_at)).toBe("2026-07-15T01:00");
  expect(await lastInvoice()).toMatchObject({
    status: "open",
    auto_advance: false,
    attempt_count: 9,
    next_payment_attempt: null,
  });
});

test("left unpaid, a subscription goes on making drafts that nobody is charged for", async () => {
  const { fixture, ada, statusNow } = await startWithFailingCard({
    dunningEndsIn: "unpaid",
    retryPauseDays: [3],
  });
  await advance(fixture, ada.clock, "2026-07-04T02:00:00Z");
  expect(await statusNow()).toBe("unpaid");
  await advance(fixture, ada.clock, "2026-09-01T03:00:00Z");
  const invoices = await invoicesOf(fixture, ada);
  expect(invoices.map(({ status, auto_advance }) => `${status} ${auto_advance}`)).toEqual([
    "paid false",
    "open true",
    "draft false",
    "draft false",
  ]);
  expect(await statusNow()).toBe("unpaid");
});

test("left past due, a subscription renews and tries again with each new invoice", async () => {
  const { fixture, ada, statusNow } = await startWithFailingCard({
    dunningEndsIn: "past_due",
    retryPauseDays: [],
  });
  await advance(fixture, ada.clock, "2026-07-02T00:00:00Z");
  await advance(fixture, ada.clock, "2026-08-01T02:00:00Z");
  const invoices = await invoicesOf(fixture, ada);
  expect(invoices.map(({ status, attempt_count }) => [status, attempt_count])).toEqual([
    ["paid", 1],
    ["open", 1],
    ["open", 1],
  ]);
  expect(await statusNow()).toBe("past_due");
});

test("without any card a renewal is counted as tried and dunning takes its course", async () => {
  const { stripe, fixture, ada, statusNow, lastInvoice } = await startWithFailingCard({
    retryPauseDays: [2],
  });
  await stripe.subscriptions.update(ada.subscription, { default_payment_method: "" });
  await advance(fixture, ada.clock, "2026-07-01T01:00:00Z");
  expect(await lastInvoice()).toMatchObject({ status: "open", attempted: true, attempt_count: 1 });
  await advance(fixture, ada.clock, "2026-07-03T01:00:00Z");
  expect(await statusNow()).toBe("canceled");
});

test("a stolen card is not charged again: its tries are counted and do nothing until there is another card", async () => {
  const { stripe, emulator, fixture, ada, lastInvoice, statusNow } = await startWithFailingCard();
  await useCard(fixture, ada, "pm_card_mastercard");
  emulator.faults.add({ kind: "card_decline", last4: "4444", decline_code: "stolen_card" });
  await advance(fixture, ada.clock, "2026-07-03T02:00:00Z");
  expect(await lastInvoice()).toMatchObject({ status: "open", attempt_count: 3 });
  expect((await stripe.charges.list({ customer: ada.customer })).data).toHaveLength(2);
  await useCard(fixture, ada, "pm_card_visa");
  await advance(fixture, ada.clock, "2026-07-04T01:00:00Z");
  expect(await lastInvoice()).toMatchObject({ status: "paid", attempt_count: 4 });
  expect(await statusNow()).toBe("active");
});
