/** Changes that come into force at a period's end, and other plans that a schedule carries out. */
import type Stripe from "stripe";
import { expect, test } from "vitest";
import type { AccountOptions } from "../../account.ts";
import { advance, customerOnClock, eventsBetween, invoicesOf, iso } from "../../testing/clock.ts";
import { createCatalogue, idOf, refusal, startFixture } from "../../testing/fixture.ts";

const JUNE = "2026-06-01T00:00:00Z";

/** Five seats of Team at 19.00 since 1 June, and the prices of other plans. */
async function startSubscribed(account: AccountOptions = {}, interval: "month" | "year" = "month") {
  const settings = { upcomingInvoiceDays: 0, testClockLimits: "relaxed" as const, ...account.settings };
  const fixture = await startFixture({ account: { ...account, settings } });
  const { stripe } = fixture;
  const { team } = await createCatalogue(stripe);
  const priceAt = (amount: number, every: "month" | "year") =>
    stripe.prices.create({
      product: idOf(team.product),
      currency: "eur",
      unit_amount: amount,
      recurring: { interval: every },
    });
  const [basic, annual] = [await priceAt(900, "month"), await priceAt(19_000, "year")];
  const { clock, customer } = await customerOnClock(fixture, { from: JUNE, card: "pm_card_visa" });
  const first = interval === "month" ? team : annual;
  const created = await stripe.subscriptions.create({ customer, items: [{ price: first.id, quantity: 5 }] });
  const subscription = created.id;
  const itemNow = async () => {
    const [item] = (await stripe.subscriptions.retrieve(subscription)).items.data;
    return {
      price: item?.price.id,
      quantity: item?.quantity,
      period: [iso(item?.current_period_start), iso(item?.current_period_end)].map((day) => day.slice(0, 10)),
    };
  };
  const go = (to: string) => advance(fixture, clock, to);
  return { ...fixture, fixture, clock, customer, subscription, team, basic, annual, itemNow, go };
}

type Subscribed = Awaited<ReturnType<typeof startSubscribed>>;

/** The current phase as it is, and then one of another price, as Stripe's guide has it. */
async function scheduleNext(
  { stripe, subscription }: Subscribed,
  next: Partial<Stripe.SubscriptionScheduleUpdateParams.Phase> & { price: string; quantity?: number },
) {
  const { price, quantity, ...more } = next;
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription });
  const [current] = schedule.phases;
  const items = (current?.items ?? []).map((item) => ({
    price: idOf(item.price),
    quantity: item.quantity ?? 1,
  }));
  const { start_date, end_date } = current ?? {};
  return stripe.subscriptionSchedules.update(schedule.id, {
    end_behavior: "release",
    phases: [
      { items, ...(start_date && { start_date }), ...(end_date && { end_date }) },
      { items: [{ price, quantity: quantity ?? 5 }], proration_behavior: "none", ...more },
    ],
  });
}

test("a schedule made from a subscription has the period it is in as its one phase, and takes nothing else", async () => {
  const { stripe, subscription, team } = await startSubscribed();
  const both = { from_subscription: subscription, end_behavior: "cancel" as const };
  expect((await refusal(stripe.subscriptionSchedules.create(both))).param).toBe("end_behavior");
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription });
  expect(schedule).toMatchObject({ status: "active", subscription, end_behavior: "release" });
  const [phase] = schedule.phases;
  expect([iso(phase?.start_date), iso(phase?.end_date)]).toEqual(["2026-06-01T00:00", "2026-07-01T00:00"]);
  expect(phase?.items).toMatchObject([{ price: team.id, quantity: 5 }]);
  expect(schedule.current_phase).toEqual({ start_date: phase?.start_date, end_date: phase?.end_date });
  expect((await stripe.subscriptions.retrieve(subscription)).schedule).toBe(schedule.id);
  const again = await refusal(stripe.subscriptionSchedules.create({ from_subscription: subscription }));
  expect(again.message).toContain("already attached");
  const expanded = await stripe.subscriptions.retrieve(subscription, { expand: ["schedule"] });
  expect((expanded.schedule as Stripe.SubscriptionSchedule).phases).toHaveLength(1);
});

test("H: a downgrade comes into force with the renewal, which bills the new price alone", async () => {
  const world = await startSubscribed();
  const { stripe, subscription, basic, itemNow, go, fixture } = world;
  const schedule = await scheduleNext(world, { price: basic.id, quantity: 3 });
  await go("2026-06-30T23:59:59Z");
  expect((await itemNow()).quantity).toBe(5);
  await go("2026-07-01T02:00:00Z");
  expect(await itemNow()).toEqual({ price: basic.id, quantity: 3, period: ["2026-07-01", "2026-08-01"] });
  const renewal = (await invoicesOf(fixture, { subscription })).at(-1);
  expect(renewal).toMatchObject({ status: "paid", total: 2700, billing_reason: "subscription_cycle" });
  expect(renewal?.lines.data).toHaveLength(1);
  const events = await eventsBetween(fixture, "2026-07-01T00:00:00Z", "2026-07-01T00:30:00Z");
  expect(events.map(({ type }) => type)).toEqual([
    "customer.subscription.updated",
    "subscription_schedule.updated",
    "invoice.created",
    "customer.subscription.updated",
  ]);
  const moved = await stripe.subscriptionSchedules.retrieve(schedule.id);
  expect(iso(moved.current_phase?.start_date)).toBe("2026-07-01T00:00");
});

test.each(["released", "completed"] as const)(
  "after its last phase a schedule is %s and the subscription goes on by itself",
  async (ending) => {
    const world = await startSubscribed({ assumptions: { scheduleEndByRelease: ending } });
    const { stripe, subscription, basic, go, fixture } = world;
    const schedule = await scheduleNext(world, { price: basic.id });
    await go("2026-08-01T02:00:00Z");
    const ended = await stripe.subscriptionSchedules.retrieve(schedule.id);
    expect(ended.status).toBe(ending);
    expect(ended.current_phase).toBeNull();
    expect(ended.released_subscription).toBe(ending === "released" ? subscription : null);
    expect(await stripe.subscriptions.retrieve(subscription)).toMatchObject({
      status: "active",
      schedule: null,
    });
    const types = (await eventsBetween(fixture, "2026-07-02T00:00:00Z", "2026-08-01T00:30:00Z")).map(
      ({ type }) => type,
    );
    expect(types).toEqual([
      "subscription_schedule.expiring",
      "customer.subscription.updated",
      `subscription_schedule.${ending}`,
      "invoice.created",
      "customer.subscription.updated",
    ]);
    await go("2026-09-01T02:00:00Z");
    expect((await invoicesOf(fixture, { subscription })).at(-1)).toMatchObject({
      total: 4500,
      status: "paid",
    });
  },
);

test("monthly to annual with phase_start: the year begins with the phase and is billed in full", async () => {
  const world = await startSubscribed();
  const { subscription, annual, itemNow, go, fixture } = world;
  await scheduleNext(world, { price: annual.id, billing_cycle_anchor: "phase_start" });
  await go("2026-07-01T02:00:00Z");
  expect(await itemNow()).toMatchObject({ price: annual.id, period: ["2026-07-01", "2027-07-01"] });
  expect((await invoicesOf(fixture, { subscription })).at(-1)).toMatchObject({
    total: 95_000,
    status: "paid",
  });
});

test("monthly to annual without it: the old anchor stays, and with `none` the year begins unbilled", async () => {
  const world = await startSubscribed();
  const { subscription, annual, itemNow, go, fixture } = world;
  await go("2026-07-01T02:00:00Z");
  await scheduleNext(world, { price: annual.id });
  await go("2026-08-01T02:00:00Z");
  expect(await itemNow()).toMatchObject({ price: annual.id, period: ["2026-06-01", "2027-06-01"] });
  expect(await invoicesOf(fixture, { subscription })).toHaveLength(2);
});

test("annual to monthly with phase_start: months begin where the year ends", async () => {
  const world = await startSubscribed({}, "year");
  const { subscription, team, itemNow, go, fixture } = world;
  await scheduleNext(world, { price: team.id, billing_cycle_anchor: "phase_start" });
  await go("2027-06-01T02:00:00Z");
  expect(await itemNow()).toMatchObject({ price: team.id, period: ["2027-06-01", "2027-07-01"] });
  await go("2027-07-01T02:00:00Z");
  const totals = (await invoicesOf(fixture, { subscription })).map(({ total, status }) => [total, status]);
  expect(totals).toEqual([
    [95_000, "paid"],
    [9_500, "paid"],
    [9_500, "paid"],
  ]);
});

test.each([
  ["kept", true],
  ["replaced", false],
] as const)("the item of the next phase is %s", async (phaseItems, isSame) => {
  const world = await startSubscribed({ assumptions: { phaseItems } });
  const { stripe, subscription, basic, go } = world;
  const idNow = async () => (await stripe.subscriptions.retrieve(subscription)).items.data[0]?.id;
  const before = await idNow();
  await scheduleNext(world, { price: basic.id });
  await go("2026-07-01T02:00:00Z");
  expect((await idNow()) === before).toBe(isSame);
});

test("while a schedule is attached the cancellation is its matter; released, it can be changed again", async () => {
  const world = await startSubscribed();
  const { stripe, subscription, basic } = world;
  const schedule = await scheduleNext(world, { price: basic.id });
  const error = await refusal(stripe.subscriptions.update(subscription, { cancel_at_period_end: true }));
  expect(error.message).toContain("managed by the subscription schedule");
  const released = await stripe.subscriptionSchedules.release(schedule.id);
  expect(released).toMatchObject({
    status: "released",
    subscription: null,
    released_subscription: subscription,
  });
  const ending = await stripe.subscriptions.update(subscription, { cancel_at_period_end: true });
  expect(ending).toMatchObject({ cancel_at_period_end: true, schedule: null });
  expect((await refusal(stripe.subscriptionSchedules.release(schedule.id))).message).toContain("released");
});

test.each([
  ["splits_phase", 3],
  ["edits_phase", 2],
] as const)(
  "a direct change keeps the current phase in step and leaves the next (%s)",
  async (reading, count) => {
    const world = await startSubscribed({ assumptions: { directChangeOfScheduled: reading } });
    const { stripe, subscription, basic, team, itemNow, go } = world;
    const schedule = await scheduleNext(world, { price: basic.id });
    await go("2026-06-11T00:00:00Z");
    const [item] = (await stripe.subscriptions.retrieve(subscription)).items.data;
    await stripe.subscriptions.update(subscription, { items: [{ id: item?.id ?? "", quantity: 8 }] });
    const { phases, current_phase } = await stripe.subscriptionSchedules.retrieve(schedule.id);
    expect(phases).toHaveLength(count);
    const current = phases.find(({ start_date }) => start_date === current_phase?.start_date);
    expect(current?.items).toMatchObject([{ price: team.id, quantity: 8 }]);
    await go("2026-07-01T02:00:00Z");
    expect(await itemNow()).toMatchObject({ price: basic.id, quantity: 5 });
  },
);

test("editing the current phase changes the subscription now, prorated by the request's own behaviour", async () => {
  const world = await startSubscribed();
  const { stripe, subscription, team, go, itemNow, fixture } = world;
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription });
  await go("2026-06-21T00:00:00Z");
  const [phase] = schedule.phases;
  const { start_date, end_date } = phase ?? { start_date: 0, end_date: 0 };
  await stripe.subscriptionSchedules.update(schedule.id, {
    proration_behavior: "create_prorations",
    phases: [{ start_date, end_date, items: [{ price: team.id, quantity: 8 }] }],
  });
  expect((await itemNow()).quantity).toBe(8);
  // A third of June was left: 5 seats of 19.00 back, 8 anew; and all of July for 8.
  await go("2026-07-01T02:00:00Z");
  const renewal = (await invoicesOf(fixture, { subscription })).at(-1);
  expect(renewal?.lines.data.map(({ amount }) => amount)).toEqual([-3167, 5067, 15_200]);
});

test.each([
  ["another start of the current phase", { start_date: 1 }, "phases[0][start_date]"],
  ["no start of the current phase", {}, "phases[0][start_date]"],
])("a schedule's update with %s is refused", async (_, first, param) => {
  const { stripe, subscription, team } = await startSubscribed();
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription });
  const phases = [{ items: [{ price: team.id, quantity: 5 }], ...first }];
  const error = await refusal(stripe.subscriptionSchedules.update(schedule.id, { phases }));
  expect(error).toMatchObject({ statusCode: 400, param });
});

test("a schedule that begins later makes its subscription then, and one that ends by `cancel` ends it", async () => {
  const { stripe, customer, team, basic, fixture, go } = await startSubscribed();
  const schedule = await stripe.subscriptionSchedules.create({
    customer,
    start_date: Date.parse("2026-07-10T00:00:00Z") / 1000,
    end_behavior: "cancel",
    phases: [
      { items: [{ price: team.id, quantity: 1 }], duration: { interval: "month", interval_count: 2 } },
      { items: [{ price: basic.id, quantity: 1 }], duration: { interval: "month", interval_count: 1 } },
    ],
  });
  expect(schedule).toMatchObject({ status: "not_started", subscription: null });
  expect((await stripe.subscriptionSchedules.list({ scheduled: true })).data).toHaveLength(1);
  await go("2026-07-10T02:00:00Z");
  const started = await stripe.subscriptionSchedules.retrieve(schedule.id);
  expect(started.status).toBe("active");
  const subscription = idOf(started.subscription);
  await go("2026-11-01T00:00:00Z");
  expect((await stripe.subscriptionSchedules.retrieve(schedule.id)).status).toBe("completed");
  const ended = await stripe.subscriptions.retrieve(subscription);
  expect([ended.status, iso(ended.ended_at)]).toEqual(["canceled", "2026-10-10T00:00"]);
  const invoices = await invoicesOf(fixture, { subscription });
  expect(invoices.map(({ total, status }) => [total, status])).toEqual([
    [1900, "paid"],
    [1900, "paid"],
    [900, "paid"],
  ]);
});

test("canceling a schedule cancels its subscription; a canceled subscription takes its schedule along", async () => {
  const first = await startSubscribed();
  const one = await first.stripe.subscriptionSchedules.create({ from_subscription: first.subscription });
  expect((await first.stripe.subscriptionSchedules.cancel(one.id)).status).toBe("canceled");
  expect((await first.stripe.subscriptions.retrieve(first.subscription)).status).toBe("canceled");
  const second = await startSubscribed();
  const other = await second.stripe.subscriptionSchedules.create({ from_subscription: second.subscription });
  await second.stripe.subscriptions.cancel(second.subscription);
  expect((await second.stripe.subscriptionSchedules.retrieve(other.id)).status).toBe("canceled");
});

test("a preview of a schedule shows its next phase's renewal, and one of its edit what is due now", async () => {
  const world = await startSubscribed();
  const { stripe, subscription, basic, team, go } = world;
  const schedule = await scheduleNext(world, { price: basic.id, quantity: 3 });
  await go("2026-06-21T00:00:00Z");
  const next = await stripe.invoices.createPreview({ schedule: schedule.id });
  expect([next.total, iso(next.lines.data[0]?.period.start)]).toEqual([2700, "2026-07-01T00:00"]);
  const direct = await stripe.invoices.createPreview({ subscription });
  expect(direct.total).toBe(2700);
  const { start_date, end_date } = schedule.phases[0] ?? { start_date: 0, end_date: 0 };
  const phases = [{ start_date, end_date, items: [{ price: team.id, quantity: 8 }] }];
  const today = await stripe.invoices.createPreview({
    schedule: schedule.id,
    schedule_details: { phases, proration_behavior: "always_invoice" },
  });
  expect(today.lines.data.map(({ amount }) => amount)).toEqual([-3167, 5067]);
  const after = await stripe.subscriptionSchedules.retrieve(schedule.id);
  expect(after.phases).toHaveLength(2);
  expect((await stripe.subscriptions.retrieve(subscription)).items.data[0]?.quantity).toBe(5);
});

test.each([
  [{}, [["paid", 9500], ["paid", -3167]], -3167],
  [{ prorate: false }, [["paid", 9500]], 0],
  [{ invoice_now: false }, [["paid", 9500]], 0],
  [{ prorate: false, invoice_now: false }, [["paid", 9500]], 0],
] as const)("canceling a schedule with %j bills %j", async (params, expected, credit) => {
  const world = await startSubscribed();
  const { stripe, subscription, customer, go } = world;
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription });
  await go("2026-06-21T00:00:00Z");
  expect((await stripe.subscriptionSchedules.cancel(schedule.id, params)).status).toBe("canceled");
  expect((await stripe.subscriptions.retrieve(subscription)).status).toBe("canceled");
  const invoices = await invoicesOf(world, { subscription });
  expect(invoices.map(({ status, total }) => [status, total])).toEqual(expected);
  const { balance } = (await stripe.customers.retrieve(customer)) as Stripe.Customer;
  expect(balance).toBe(credit);
  const pending = (await stripe.invoiceItems.list({ pending: true })).data.map(({ amount }) => amount);
  expect(pending).toEqual("invoice_now" in params && !("prorate" in params) ? [-3167] : []);
}); // prettier-ignore

test("a schedule whose subscription ends for want of payment is aborted", async () => {
  const world = await startSubscribed({ settings: { retryPauseDays: [], dunningEndsIn: "canceled" } });
  const { stripe, subscription, customer, basic, go } = world;
  const schedule = await scheduleNext(world, { price: basic.id });
  const failing = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  await stripe.subscriptions.update(subscription, { default_payment_method: failing.id });
  await go("2026-07-01T02:00:00Z");
  expect((await stripe.subscriptions.retrieve(subscription)).cancellation_details?.reason).toBe(
    "payment_failed",
  );
  expect((await stripe.subscriptionSchedules.retrieve(schedule.id)).status).toBe("canceled");
  const told = await stripe.events.list({
    types: ["subscription_schedule.aborted", "subscription_schedule.canceled"],
  });
  expect(told.data.map(({ type }) => type)).toEqual(["subscription_schedule.aborted"]);
});
