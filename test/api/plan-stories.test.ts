/* Whole lives of subscriptions, on a clock that the tests move, with everything real but the time. */
import { moneyText } from "@bursar/core";
import { afterEach, describe, expect, it } from "vitest";
import type { Problem } from "../../packages/client/src/index.ts";
import { newCustomer, paidBy, replaceCard, stripeOf, subscriptionOf } from "./customer.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { databases } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;
const day = (at: string | null) => at?.slice(0, 10) ?? null;

let running: TimeTravel | undefined;
afterEach(async () => {
  expect(await running?.faults()).toEqual([]);
  await running?.stop();
  running = undefined;
});

async function begin(instant: string): Promise<TimeTravel> {
  running = await startAt(open, instant);
  return running;
}

describe("a subscription that began on 31 January", () => {
  it("S1 S2 P1 adds seats in February, cuts them for its end, and renews on the last day of each month", async () => {
    const time = await begin("2027-01-31T10:00:00Z");
    const stripe = stripeOf(time);
    const customer = await newCustomer(time, { planId: "team", seats: 3 });
    const id = await customer.customerId();
    expect(await paidBy(stripe, id)).toBe(6_783);
    expect(day((await customer.overview()).renewsAt)).toBe("2027-02-28");

    await time.travelTo("2027-02-14T10:00:00Z");
    const preview = await customer.preview({ seats: 5 });
    // Half of the 28 days is left: 5 seats for it less 3, and 19 % on each line.
    expect(preview).toMatchObject({
      kind: "upgrade",
      dueToday: { subtotal: 1_900, tax: 361, amountDue: 2_261 },
    });
    expect(preview.nextInvoice).toMatchObject({ at: "2027-02-28T10:00:00.000Z", total: 11_305 });
    const added = await customer.change({ seats: 5 });
    expect([added.status, added.body.status]).toEqual([200, "applied"]);
    expect(await paidBy(stripe, id)).toBe(6_783 + 2_261);
    expect((await customer.overview()).seats.purchased).toBe(5);

    await time.travelTo("2027-02-20T10:00:00Z");
    const cut = await customer.change({ seats: 2 });
    expect([cut.body.status, day(cut.body.effectiveAt)]).toEqual(["scheduled", "2027-02-28"]);
    const pending = await customer.overview();
    expect(pending.seats.purchased).toBe(5);
    expect(pending.pendingChange).toMatchObject({ planId: "team", interval: "month", seats: 2 });
    expect(pending.nextInvoice).toMatchObject({ total: 4_522 });

    await time.travelTo("2027-03-01T10:00:00Z");
    const renewed = await customer.overview();
    expect(renewed).toMatchObject({ seats: { purchased: 2 }, pendingChange: null, status: "active" });
    expect(day(renewed.renewsAt)).toBe("2027-03-31");
    expect(await paidBy(stripe, id)).toBe(6_783 + 2_261 + 4_522);
    // The schedule has let go: nothing stands in the way of the next change.
    expect((await subscriptionOf(stripe, id)).schedule).toBeNull();

    await time.travelTo("2027-05-01T00:00:00Z");
    expect(day((await customer.overview()).renewsAt)).toBe("2027-05-31");
    expect(await paidBy(stripe, id)).toBe(6_783 + 2_261 + 3 * 4_522);
  });
});

describe("annual plans", () => {
  it("S1 P1 month to year applies now with a new period; year to month waits a year", async () => {
    const time = await begin("2027-06-01T00:00:00Z");
    const stripe = stripeOf(time);
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const id = await customer.customerId();
    await customer.call("POST", "/api/events", [{ id: "s", meter: "sessions", quantity: 9 }]);

    await time.travelTo("2027-06-16T00:00:00Z");
    const preview = await customer.preview({ interval: "year" });
    // A whole year, less half of June: 380.00 - 19.00, and 19 % VAT.
    expect(preview.dueToday).toMatchObject({ subtotal: 36_100, amountDue: 42_959 });
    expect((await customer.change({ interval: "year" })).body.status).toBe("applied");
    const annual = await customer.overview();
    expect(annual).toMatchObject({ interval: "year", usage: { sessions: { used: 0 } } });
    expect([day(annual.period.start), day(annual.renewsAt)]).toEqual(["2027-06-16", "2028-06-16"]);
    expect(day(annual.usageWindow.end)).toBe("2027-07-16");

    await time.travelTo("2027-09-01T00:00:00Z");
    const back = await customer.change({ interval: "month" });
    expect([back.body.status, day(back.body.effectiveAt)]).toEqual(["scheduled", "2028-06-16"]);
    await time.travelTo("2028-06-15T12:00:00Z", { stepDays: 30 });
    await time.travelTo("2028-06-17T12:00:00Z");
    const monthly = await customer.overview();
    expect(monthly).toMatchObject({ interval: "month", pendingChange: null });
    expect(day(monthly.renewsAt)).toBe("2028-07-16");
    expect(await paidBy(stripe, id)).toBe(4_522 + 42_959 + 4_522);
  });

  it("P1 begun on 29 February it renews on the 28th, and on the 29th again in a leap year", async () => {
    const time = await begin("2028-02-29T12:00:00Z");
    const customer = await newCustomer(time, { planId: "personal", interval: "year" });
    expect(day((await customer.overview()).renewsAt)).toBe("2029-02-28");
    await time.travelTo("2031-03-02T00:00:00Z", { stepDays: 30 });
    expect(day((await customer.overview()).renewsAt)).toBe("2032-02-29");
  });
});

describe("Stripe's own pages", () => {
  it("PL3 an upgrade is confirmed there for the sum that it shows, and a pending change gets the card page", async () => {
    const time = await begin("2027-06-01T00:00:00Z");
    const stripe = stripeOf(time);
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const id = await customer.customerId();
    await time.travelTo("2027-06-16T00:00:00Z");
    const paidBefore = await paidBy(stripe, id);
    const openPage = async (choice: object) => {
      const { status, body } = await customer.call<{ url: string }>("POST", "/api/billing/checkout", choice);
      expect(status).toBe(200);
      return { url: body.url, text: await (await fetch(body.url)).text() };
    };

    const { dueToday } = await customer.preview({ planId: "business", seats: 5 });
    const page = await openPage({ planId: "business", seats: 5 });
    expect(page.text).toContain(moneyText(dueToday.amountDue, "eur"));
    const hidden = [...page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
    const { id: subscriptionId } = await subscriptionOf(stripe, id);
    const confirmed = await fetch(`${page.url}/subscriptions/${subscriptionId}/confirm`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams(hidden.map(([, name = "", value = ""]) => [name, value])),
    });
    expect(confirmed.headers.get("location")).toContain("/settings/billing/return");
    await customer.call("POST", "/api/billing/reconcile", {});
    expect(await customer.overview()).toMatchObject({ plan: { id: "business" }, seats: { purchased: 5 } });
    expect(await paidBy(stripe, id)).toBe(paidBefore + dueToday.amountDue);

    await customer.change({ planId: "team" });
    const cardPage = await openPage({ seats: 6 });
    expect(cardPage.text).not.toContain("Confirm and pay");
    expect(await customer.overview()).toMatchObject({ pendingChange: { planId: "team" } });
  });
});

describe("what is pending", () => {
  it("S3 plan and seats merge, are undone, overtaken by an upgrade, and by a cancellation", async () => {
    const time = await begin("2027-03-10T09:00:00Z");
    const customer = await newCustomer(time, { planId: "business", interval: "year", seats: 8 });
    await customer.change({ seats: 6 });
    expect((await customer.overview()).pendingChange).toMatchObject({ planId: "business", seats: 6 });
    await customer.change({ interval: "month" });
    expect((await customer.overview()).pendingChange).toMatchObject({ interval: "month", seats: 6 });
    await customer.change({ planId: "team" });
    expect((await customer.overview()).pendingChange).toMatchObject({ planId: "team", seats: 6 });

    expect((await customer.call("DELETE", "/api/billing/pending-change")).status).toBe(204);
    expect((await customer.overview()).pendingChange).toBeNull();
    expect((await customer.call("DELETE", "/api/billing/pending-change")).status).toBe(204);

    await customer.change({ planId: "team", seats: 8 });
    const upgrade = await customer.preview({ seats: 10 });
    expect(upgrade).toMatchObject({ kind: "upgrade", replaces: "pending_change" });
    expect((await customer.change({ seats: 10 })).body.status).toBe("applied");
    expect(await customer.overview()).toMatchObject({ seats: { purchased: 10 }, pendingChange: null });

    await customer.change({ seats: 6 });
    const cancelled = await customer.call<{ cancelAt: string }>("POST", "/api/billing/cancel", {});
    expect([cancelled.status, day(cancelled.body.cancelAt)]).toEqual([200, "2028-03-10"]);
    const ending = await customer.overview();
    expect([ending.pendingChange, day(ending.cancelAt), ending.renewsAt]).toEqual([null, "2028-03-10", null]);
    expect(ending.nextInvoice).toBeNull();

    expect((await customer.call("POST", "/api/billing/resume")).status).toBe(200);
    expect(await customer.overview()).toMatchObject({ cancelAt: null, pendingChange: null });
  });

  it("S5 a cancelled plan runs to its end, then Free: data and credits stay, new use over the limit is refused", async () => {
    const time = await begin("2027-03-10T09:00:00Z");
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    await customer.call("POST", "/api/events", [{ id: "gib", meter: "storage", quantity: 200 * 1_048_576 }]);
    await customer.call("POST", "/api/billing/cancel", { reason: "too dear" });
    await time.travelTo("2027-04-10T08:59:59Z");
    expect((await customer.overview()).plan.id).toBe("team");
    await time.travelTo("2027-04-10T09:00:00Z");
    const free = await customer.overview();
    expect(free).toMatchObject({ plan: { id: "free" }, status: "active", cancelAt: null });
    expect(free.usage["storage"]).toMatchObject({ used: 200 * 1_048_576, state: "over" });
    const more = await customer.call<Problem>("POST", "/api/events", {
      id: "more",
      meter: "storage",
      quantity: 1,
      enforce: true,
    });
    expect([more.status, more.body.code]).toEqual([402, "limit_reached"]);
  });
});

describe("a payment that fails", () => {
  it("S6 an upgrade with a declined card changes nothing, the pending change included", async () => {
    const time = await begin("2027-03-10T09:00:00Z");
    const stripe = stripeOf(time);
    const customer = await newCustomer(time, { planId: "team", seats: 4 });
    const id = await customer.customerId();
    await customer.change({ seats: 3 });
    const before = await paidBy(stripe, id);
    await replaceCard(stripe, id, "pm_card_chargeCustomerFail");
    await time.settle();
    const declined = await customer.call<Problem>("POST", "/api/billing/change", { planId: "business" });
    expect([declined.status, declined.body.code]).toEqual([402, "payment_failed"]);
    expect(await customer.overview()).toMatchObject({
      plan: { id: "team" },
      pendingChange: { seats: 3 },
      can: { changePlan: { allowed: true } },
    });
    expect(await paidBy(stripe, id)).toBe(before);
    expect((await customer.invoices()).filter(({ status }) => status === "open")).toEqual([]);

    await replaceCard(stripe, id, "pm_card_visa");
    await time.settle();
    expect((await customer.change({ planId: "business", seats: 5 })).body.status).toBe("applied");
    expect(await customer.overview()).toMatchObject({ plan: { id: "business" }, pendingChange: null });
  });

  it("S6 a bank that asks leaves the plan as it is until it is answered, and for an hour at most", async () => {
    const time = await begin("2027-03-10T09:00:00Z");
    const stripe = stripeOf(time);
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const id = await customer.customerId();
    await replaceCard(stripe, id, "pm_card_authenticationRequired");
    await time.settle();
    const asked = await customer.call<Problem & { url: string }>("POST", "/api/billing/change", { seats: 5 });
    expect([asked.status, asked.body.code]).toEqual([402, "payment_requires_action"]);
    expect(asked.body.url).toContain("http");
    const waiting = await customer.overview();
    expect(waiting).toMatchObject({ seats: { purchased: 2 }, can: { changePlan: { allowed: false } } });
    expect(waiting.notices[0]).toMatchObject({ id: "bank_check", action: { href: asked.body.url } });
    const second = await customer.call<Problem>("POST", "/api/billing/change", { seats: 6 });
    expect([second.status, second.body.code]).toEqual([409, "change_in_progress"]);

    await time.travelTo("2027-03-10T10:01:00Z");
    await time.settle();
    expect(await customer.overview()).toMatchObject({
      seats: { purchased: 2 },
      notices: [],
      can: { changePlan: { allowed: true } },
    });
    const { data } = await stripe.invoices.list({ customer: id, status: "open" });
    expect(data).toEqual([]);
  });

  it("S6 a failed renewal keeps the plan, and a new card is tried at once", async () => {
    const time = await begin("2027-03-10T09:00:00Z");
    const stripe = stripeOf(time);
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const id = await customer.customerId();
    await replaceCard(stripe, id, "pm_card_chargeCustomerFail");
    await time.travelTo("2027-04-11T09:00:00Z");
    const owing = await customer.overview();
    expect(owing).toMatchObject({ plan: { id: "team" }, status: "past_due" });
    expect(owing.notices[0]).toMatchObject({ id: "past_due", severity: "critical" });
    expect(owing.notices[0]?.title).toContain("€45.22");
    expect(owing.notices[0]?.detail).toContain("24 Apr 2027");
    const upgrade = await customer.call<Problem>("POST", "/api/billing/preview", { seats: 4 });
    expect([upgrade.status, upgrade.body.code]).toEqual([409, "past_due"]);

    const before = await paidBy(stripe, id);
    await replaceCard(stripe, id, "pm_card_visa");
    await time.settle();
    expect(await customer.overview()).toMatchObject({ status: "active", notices: [] });
    expect(await paidBy(stripe, id)).toBe(before + 4_522);
  });

  it("S6 unpaid for the grace time it ends: Free, its invoices void, and a late payment revives nothing", async () => {
    const time = await begin("2027-03-10T09:00:00Z");
    const stripe = stripeOf(time);
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const id = await customer.customerId();
    await replaceCard(stripe, id, "pm_card_chargeCustomerFail");
    await time.travelTo("2027-04-23T09:00:00Z");
    expect(await customer.overview()).toMatchObject({ plan: { id: "team" }, status: "past_due" });
    await time.travelTo("2027-04-25T09:00:00Z");
    expect(await customer.overview()).toMatchObject({
      plan: { id: "free" },
      status: "active",
      // OV1: who was away finds out why.
      notices: [{ id: "ended_unpaid", title: "Team ended on 24 Apr 2027, as its payment failed" }],
    });
    const invoices = await customer.invoices();
    expect(invoices.map(({ status }) => status).sort()).toEqual(["paid", "void"]);
    const unpaid = invoices.find(({ status }) => status === "void");
    await expect(stripe.invoices.pay(unpaid!.id, { payment_method: "pm_card_visa" })).rejects.toThrow();
  });

  it("S6 past due, the customer may end it at once and owes nothing more", async () => {
    const time = await begin("2027-03-10T09:00:00Z");
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const early = await customer.call<Problem>("POST", "/api/billing/cancel", { now: true });
    expect([early.status, early.body.code]).toEqual([409, "conflict"]);
    await replaceCard(stripeOf(time), await customer.customerId(), "pm_card_chargeCustomerFail");
    await time.travelTo("2027-04-11T09:00:00Z");
    expect((await customer.call("POST", "/api/billing/cancel", { now: true })).status).toBe(200);
    expect((await customer.overview()).plan.id).toBe("free");
    expect((await customer.invoices()).map(({ status }) => status)).not.toContain("open");
  });
});
