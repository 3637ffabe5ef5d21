/* Everything that can go wrong on the way of a change: at Stripe, on the wire, in our own process, in two tabs. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OPERATOR } from "../../packages/server/src/audit/actor.ts";
import type { Problem } from "../../packages/client/src/index.ts";
import type { Gateway } from "../../packages/server/src/stripe/gateway.ts";
import { changePlan } from "../../packages/server/src/subscriptions/change-plan.ts";
import { undoPending } from "../../packages/server/src/subscriptions/keep-plan.ts";
import { settleSubscriptions } from "../../packages/server/src/subscriptions/settle-subscriptions.ts";
import { findOpenChange } from "../../packages/server/src/subscriptions/store-changes.ts";
import { carryOnChange } from "../../packages/server/src/subscriptions/sweep-changes.ts";
import { newCustomer, paidBy, replaceCard, stripeOf, subscriptionOf, type Customer } from "./customer.ts";
import { payHostedPage } from "./hosted-page.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { databases } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;

let time: TimeTravel;
beforeAll(async () => {
  time = await startAt(open, "2027-03-10T09:00:00Z");
});
afterAll(async () => {
  expect(await time.faults()).toEqual([]);
  await time.stop();
});

const withFourSeats = (): Promise<Customer> => newCustomer(time, { planId: "team", seats: 4 });

/** On Team with 4 seats, and a cut to 3 pending. */
async function withPendingCut(): Promise<Customer> {
  const customer = await withFourSeats();
  expect((await customer.change({ seats: 3 })).body.status).toBe("scheduled");
  return customer;
}

/** What must hold whatever happened: paid for exactly what is there, and nothing half done. */
async function expectAllOrNothing(
  customer: Customer,
  paidBefore: number,
  dueCents: number,
): Promise<boolean> {
  const { kysely } = time.database;
  expect(await findOpenChange(kysely, customer.accountId)).toBeNull();
  const stripe = stripeOf(time);
  const id = await customer.customerId();
  const overview = await customer.overview();
  const isApplied = overview.seats.purchased === 6;
  expect(overview.seats.purchased).toBe(isApplied ? 6 : 4);
  expect(overview.pendingChange === null).toBe(isApplied);
  expect(await paidBy(stripe, id)).toBe(paidBefore + (isApplied ? dueCents : 0));
  const subscription = await subscriptionOf(stripe, id);
  expect(subscription.items.data[0]?.quantity).toBe(overview.seats.purchased);
  expect(subscription.pending_update).toBeNull();
  expect((await stripe.invoices.list({ customer: id, status: "open" })).data).toEqual([]);
  return isApplied;
}

async function laterOn(): Promise<void> {
  time.emulator.faults.clear();
  // A change that stands still is taken up after a minute, and given up when its quote is over.
  await time.travelTo(new Date(time.now() + 2 * 60_000).toISOString());
  await time.travelTo(new Date(time.now() + 11 * 60_000).toISOString());
}

describe("Stripe fails while an upgrade is on its way", () => {
  const kinds = [
    { kind: "server_error", stage: "before" },
    { kind: "server_error", stage: "after" },
    { kind: "timeout", stage: "before" },
    { kind: "timeout", stage: "after" },
  ] as const;
  it.each(kinds)(
    "$kind $stage the work, at each of its writes: one charge and the change, or neither",
    async (fault) => {
      const seen = new Set<boolean>();
      for (let skip = 0; skip < 3; skip += 1) {
        const customer = await withPendingCut();
        const before = await paidBy(stripeOf(time), await customer.customerId());
        const { dueToday, quoteId } = await customer.preview({ seats: 6 });
        // More often than the SDK tries again by itself.
        time.emulator.faults.add({ ...fault, method: "POST", path: "/v1/subscription*", skip, times: 6 });
        const { status } = await customer.call("POST", "/api/billing/change", { seats: 6, quoteId });
        expect([200, 402, 502]).toContain(status);
        await laterOn();
        const isApplied = await expectAllOrNothing(customer, before, dueToday.amountDue);
        if (status === 200) expect(isApplied).toBe(true);
        if (status === 402) expect(isApplied).toBe(false);
        seen.add(isApplied);
      }
      expect(seen.size).toBeGreaterThan(0);
    },
  );
});

/** A gateway that dies before or after its n-th call, as a process does: nothing after it in our code runs. */
function dying(gateway: Gateway, calls: { left: number; when: "before" | "after" }): Gateway {
  return new Proxy(gateway, {
    get(target, name) {
      const call: unknown = Reflect.get(target, name);
      if (typeof call !== "function") return call;
      return async (...given: unknown[]) => {
        calls.left -= 1;
        const dies = calls.left === 0;
        if (dies && calls.when === "before") throw new Error("the process died");
        const answer: unknown = await (call as (...args: unknown[]) => unknown)(...given);
        if (dies) throw new Error("the process died");
        return answer;
      };
    },
  });
}

describe("our process dies while an upgrade is on its way", () => {
  it.each(["before", "after"] as const)(
    "%s each call to Stripe, and the next start finishes it",
    async (when) => {
      let deaths = 0;
      for (let call = 1; ; call += 1) {
        const customer = await withPendingCut();
        const before = await paidBy(stripeOf(time), await customer.customerId());
        const { dueToday, quoteId } = await customer.preview({ seats: 6 });
        const calls = { left: call, when };
        const context = { ...time.service.services, gateway: dying(time.service.services.gateway, calls) };
        const ended = await changePlan(context, customer.accountId, {
          wanted: { seats: 6 },
          quoteId,
          actor: OPERATOR,
        }).then(
          () => "finished",
          () => "died",
        );
        await laterOn();
        const isApplied = await expectAllOrNothing(customer, before, dueToday.amountDue);
        if (ended === "finished") {
          expect(isApplied).toBe(true);
          break;
        }
        deaths += 1;
      }
      expect(deaths).toBeGreaterThanOrEqual(5);
    },
  );
});

it("we are down from the charge until after the renewal: nothing is credited that was not charged too much", async () => {
  const customer = await newCustomer(time, { planId: "team", seats: 2 });
  const id = await customer.customerId();
  const { quoteId } = await customer.preview({ seats: 3 });
  // The last of: standing, preview, price, upgrade.
  const context = {
    ...time.service.services,
    gateway: dying(time.service.services.gateway, { left: 3, when: "after" }),
  };
  const change = { wanted: { seats: 3 }, quoteId, actor: OPERATOR };
  await expect(changePlan(context, customer.accountId, change)).rejects.toThrow("died");
  time.emulator.faults.add({ kind: "webhook_drop" });
  await time.sleepUntil(new Date(time.now() + 33 * 86_400_000).toISOString());
  await laterOn();
  expect((await stripeOf(time).customers.retrieve(id)) as { balance?: number }).toMatchObject({ balance: 0 });
  expect(await customer.overview()).toMatchObject({ seats: { purchased: 3 }, status: "active" });
});

describe("two tabs", () => {
  it("confirm the same upgrade ten times at once: it is charged once", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const id = await customer.customerId();
    const before = await paidBy(stripeOf(time), id);
    const { quoteId, dueToday } = await customer.preview({ planId: "business", seats: 5 });
    const body = { planId: "business", seats: 5, quoteId };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => customer.call<Problem>("POST", "/api/billing/change", body)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body: problem } of answers.filter((each) => each.status !== 200)) {
      expect(status).toBe(409);
      expect(["change_in_progress", "no_change", "quote_changed"]).toContain(problem.code);
    }
    expect(await paidBy(stripeOf(time), id)).toBe(before + dueToday.amountDue);
    expect((await customer.overview()).plan.id).toBe("business");
  });

  /** Somebody else's whole request happens after so many of our calls to Stripe, while ours stands still. */
  function interrupted(calls: number, other: () => Promise<unknown>) {
    let left = calls;
    const { services } = time.service;
    const gateway = new Proxy(services.gateway, {
      get(target, name) {
        const call: unknown = Reflect.get(target, name);
        if (typeof call !== "function") return call;
        return async (...given: unknown[]) => {
          const answer: unknown = await (call as (...args: unknown[]) => unknown)(...given);
          left -= 1;
          if (left === 0) await other();
          return answer;
        };
      },
    });
    return { context: { ...services, gateway }, hasHappened: () => left <= 0 };
  }

  // We ask for 5 seats and stand still between our reads and our lock: after the standing, and after its price.
  const others = [
    { name: "the same upgrade", seats: 5 },
    { name: "one to more seats", seats: 6 },
    { name: "a cut", seats: 3 },
  ];
  it.each(others)(
    "one confirms while the other is at $name and done with it: nothing is decided from what was",
    async ({ seats }) => {
      for (const calls of [1, 2]) {
        const customer = await withFourSeats();
        const id = await customer.customerId();
        const { quoteId } = await customer.preview({ seats: 5 });
        let paid = 0;
        const crossing = interrupted(calls, async () => {
          expect((await customer.change({ seats })).status).toBe(200);
          await time.settle();
          paid = await paidBy(stripeOf(time), id);
        });
        const outcome = await changePlan(crossing.context, customer.accountId, {
          wanted: { seats: 5 },
          quoteId,
          actor: OPERATOR,
        });
        // The price that is asked for after the other one is done may be another, which is refused as well.
        const refusals = calls === 1 ? ["change_in_progress", "quote_changed"] : ["change_in_progress"];
        expect(crossing.hasHappened()).toBe(true);
        expect(refusals).toContain(outcome.code);
        await time.settle();
        const overview = await customer.overview();
        expect(overview.seats.purchased).toBe(Math.max(4, seats));
        expect(overview.pendingChange?.seats).toBe(seats < 4 ? seats : undefined);
        expect(await paidBy(stripeOf(time), id)).toBe(paid);
        expect((await subscriptionOf(stripeOf(time), id)).items.data[0]?.quantity).toBe(Math.max(4, seats));
      }
    },
  );

  it("C1 an own price that comes to its renewal meanwhile stops a confirmation; asked again it is held to", async () => {
    const customer = await withFourSeats();
    const id = await customer.customerId();
    const { quoteId } = await customer.preview({ seats: 5 });
    const before = await paidBy(stripeOf(time), id);
    const crossing = interrupted(2, async () => {
      const overrides = { prices: { team: { month: 1_500 } } };
      const path = `/api/accounts/${customer.accountId}`;
      expect((await customer.call("PATCH", path, { overrides })).status).toBe(200);
      await time.settle();
    });
    const change = { wanted: { seats: 5 }, quoteId, actor: OPERATOR };
    expect((await changePlan(crossing.context, customer.accountId, change)).code).toBe("change_in_progress");
    expect(await paidBy(stripeOf(time), id)).toBe(before);
    expect((await customer.change({ seats: 5 })).status).toBe(200);
    await time.settle();
    // Five seats at 15.00 and 19 % VAT.
    expect((await customer.overview()).nextInvoice).toMatchObject({ total: 8_925 });
  });

  it.each([1, 2])(
    "S2 an undo crosses an upgrade after its look %i: it takes no seats back",
    async (calls) => {
      const customer = await withPendingCut();
      const crossing = interrupted(calls, async () => {
        expect((await customer.change({ seats: 6 })).status).toBe(200);
      });
      const undone = await undoPending(crossing.context, customer.accountId, OPERATOR);
      expect([crossing.hasHappened(), undone?.code]).toEqual([
        true,
        calls === 1 ? undefined : "change_in_progress",
      ]);
      await time.settle();
      expect(await customer.overview()).toMatchObject({ seats: { purchased: 6 }, pendingChange: null });
    },
  );

  it("S2 an event is looked at while an undo is carried out, and so slowly that a new cut stands: the cut stays", async () => {
    const customer = await withPendingCut();
    const released = Promise.withResolvers<void>();
    const hasRead = Promise.withResolvers<void>();
    // It has read the undo from our database, and stands still before it asks Stripe.
    const { services } = time.service;
    const fetchLive: Gateway["fetchLive"] = async (subscriptionId) => {
      hasRead.resolve();
      await released.promise;
      return services.gateway.fetchLive(subscriptionId);
    };
    const slow = { ...services, gateway: { ...services.gateway, fetchLive } };
    let event: Promise<void> | undefined;
    // The standing is read twice; with the third call the undo is written down and on its way.
    const crossing = interrupted(3, async () => {
      expect(await findOpenChange(time.database.kysely, customer.accountId)).not.toBeNull();
      event = carryOnChange(slow, customer.accountId);
      await Promise.race([event, hasRead.promise]);
    });
    expect((await undoPending(crossing.context, customer.accountId, OPERATOR))?.code).toBe("applied");
    expect((await customer.change({ seats: 2 })).body.status).toBe("scheduled");
    released.resolve();
    await event;
    await time.settle();
    expect((await customer.overview()).pendingChange).toMatchObject({ seats: 2 });
  });

  it("S2 a look at Stripe crosses a cut that is just being made: the cut is not taken for one that is done", async () => {
    const customer = await withFourSeats();
    const stripe = stripeOf(time);
    const id = await customer.customerId();
    const { id: subscription } = await subscriptionOf(stripe, id);
    // A cut takes two calls; what stands after the first looks like a schedule that has done its work.
    await stripe.subscriptionSchedules.create({ from_subscription: subscription });
    const { services } = time.service;
    const facts = await services.gateway.fetchCustomerFacts({
      customerId: id,
      seenUntil: null,
      paymentIds: [],
    });
    expect(facts.hasSpentSchedule).toBe(true);
    expect((await customer.change({ seats: 3 })).body.status).toBe("scheduled");
    await settleSubscriptions(services, customer.accountId, id, facts);
    await carryOnChange(services, customer.accountId, facts);
    await time.settle();
    expect((await customer.overview()).pendingChange).toMatchObject({ seats: 3 });
    expect((await subscriptionOf(stripe, id)).schedule).not.toBeNull();
  });

  it("S2 a schedule without a phase to come is let go with the next look, and nothing else changes", async () => {
    const customer = await withFourSeats();
    const stripe = stripeOf(time);
    const id = await customer.customerId();
    const { id: subscription } = await subscriptionOf(stripe, id);
    await stripe.subscriptionSchedules.create({ from_subscription: subscription });
    const before = await customer.overview();
    await time.settle();
    expect((await subscriptionOf(stripe, id)).schedule).toBeNull();
    const { seats, pendingChange, nextInvoice } = await customer.overview();
    expect({ seats, pendingChange, nextInvoice }).toEqual({
      seats: before.seats,
      pendingChange: null,
      nextInvoice: before.nextInvoice,
    });
  });

  it("R3 a quote is held to: when the price moved the answer is a new one, and nothing is charged", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const stripe = stripeOf(time);
    const id = await customer.customerId();
    const { quoteId } = await customer.preview({ seats: 4 });
    const before = await paidBy(stripe, id);
    await stripe.customers.createBalanceTransaction(id, { amount: -500, currency: "eur" });
    const refused = await customer.call<Problem & { preview: { quoteId: string } }>(
      "POST",
      "/api/billing/change",
      {
        seats: 4,
        quoteId,
      },
    );
    expect([refused.status, refused.body.code]).toEqual([409, "quote_changed"]);
    expect(await paidBy(stripe, id)).toBe(before);
    const again = { seats: 4, quoteId: refused.body.preview.quoteId };
    expect((await customer.call("POST", "/api/billing/change", again)).status).toBe(200);
  });

  it("S7 two checkouts that are both paid leave one plan, and the second one's money goes back", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const stripe = stripeOf(time);
    const id = await customer.customerId();
    const before = await paidBy(stripe, id);
    const [price] = (await stripe.prices.list({ lookup_keys: ["bursar_business_month"] })).data;
    const session = await stripe.checkout.sessions.create({
      mode: "subscription",
      customer: id,
      line_items: [{ price: price!.id, quantity: 5 }],
      success_url: "http://127.0.0.1/done",
    });
    expect((await payHostedPage(session.url!)).status).toBe(303);
    await time.settle();
    await time.settle();
    expect(await customer.overview()).toMatchObject({ plan: { id: "team" }, seats: { purchased: 2 } });
    expect(await paidBy(stripe, id)).toBe(before);
    expect((await stripe.subscriptions.list({ customer: id })).data).toHaveLength(1);
  });
});

describe("Stripe changes by another's hand", () => {
  it("S7 seats changed in its dashboard are followed", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const stripe = stripeOf(time);
    const { id, items } = await subscriptionOf(stripe, await customer.customerId());
    await stripe.subscriptions.update(id, { items: [{ id: items.data[0]!.id, quantity: 7 }] });
    await time.settle();
    expect((await customer.overview()).seats.purchased).toBe(7);
  });

  it("S7 a customer deleted there is on Free, keeps its data, and can buy again", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    await stripeOf(time).customers.del(await customer.customerId());
    await time.settle();
    expect(await customer.overview()).toMatchObject({ plan: { id: "free" }, paymentMethod: null });
    const { status, body } = await customer.call<{ url: string }>("POST", "/api/billing/checkout", {
      planId: "team",
      seats: 3,
    });
    expect(status).toBe(200);
    expect((await payHostedPage(body.url)).status).toBe(303);
    await customer.call("POST", "/api/billing/reconcile", {});
    expect(await customer.overview()).toMatchObject({ plan: { id: "team" }, seats: { purchased: 3 } });
  });
});

describe("webhooks", () => {
  const troubles = [
    { name: "all lost", fault: { kind: "webhook_drop" } },
    { name: "each three times", fault: { kind: "webhook_repeat", copies: 2 } },
    { name: "in any order", fault: { kind: "webhook_shuffle", seed: 7 } },
  ] as const;
  it.each(troubles)("S7 $name, a week goes on as it should", async ({ fault }) => {
    time.emulator.faults.add(fault);
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const id = await customer.customerId();
    await customer.change({ planId: "business", seats: 5 });
    await customer.change({ seats: 6 });
    await replaceCard(stripeOf(time), id, "pm_card_mastercard");
    await time.travelTo(new Date(time.now() + 7 * 86_400_000).toISOString());
    expect(await customer.overview()).toMatchObject({
      plan: { id: "business" },
      seats: { purchased: 6 },
      paymentMethod: { brand: "mastercard" },
      status: "active",
    });
    time.emulator.faults.clear();
  });
});
