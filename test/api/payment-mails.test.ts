/* S6 as a customer lives it: a renewal that fails, the mails of each step, and the two ways it ends. */
import { afterEach, describe, expect, it } from "vitest";
import type { OutgoingMail } from "../../packages/server/src/mail/mailer.ts";
import { newCustomer, replaceCard, stripeOf, type Customer } from "./customer.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { databases } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;

let running: TimeTravel | undefined;
let mails: OutgoingMail[] = [];
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

/** A customer of March 2027 whose card declines from now on. */
async function whoseCardFails(): Promise<{ time: TimeTravel; customer: Customer; id: string }> {
  mails = [];
  const mailer = {
    way: "smtp" as const,
    close: () => {},
    send: (mail: OutgoingMail) => Promise.resolve(void mails.push(mail)),
  };
  const time = await startAt(open, "2027-03-10T09:00:00Z", { outgoing: { mailer } });
  running = time;
  const customer = await newCustomer(time, { planId: "team", seats: 2 });
  const id = await customer.customerId();
  await replaceCard(stripeOf(time), id, "pm_card_chargeCustomerFail");
  await time.settle();
  // Nothing falls due before the renewal of 10 April.
  await time.travelTo("2027-04-09T09:00:00Z", { stepDays: 30 });
  expect(mails).toEqual([]);
  return { time, customer, id };
}
const subjects = () => mails.map(({ subject, to }) => `${to}: ${subject}`);

describe("S6 a renewal that fails is mailed about", () => {
  it("at each try and before the end, once however often Stripe is asked, and then the account is on Free", async () => {
    const { time, customer } = await whoseCardFails();
    await time.travelTo("2027-04-12T09:00:00Z");
    await customer.call("POST", "/api/billing/reconcile", {});
    await time.settle();
    const [first] = mails;
    expect(first).toMatchObject({ subject: "Acme: the payment of €45.22 failed", to: "ann@acme.test" });
    expect(first?.text).toContain("The plan stays until 24 April 2027");
    expect(first?.text).toContain("A new card is charged €45.22 at once.");
    expect(first?.text).toContain("Pay now: http");

    await time.travelTo("2027-04-25T09:00:00Z");
    const told = subjects();
    expect(new Set(told).size).toBe(told.length);
    expect(told[0]).toBe("ann@acme.test: Acme: the payment of €45.22 failed");
    expect(told.filter((each) => each.includes("failed again")).length).toBeGreaterThan(0);
    expect(told).toContainEqual(expect.stringContaining("the last try to charge €45.22 failed"));
    expect(told).toContainEqual(expect.stringContaining("unless €45.22 are paid"));
    expect(told.at(-1)).toBe("ann@acme.test: Acme: Team has ended, the account is on Free");
    expect(mails.at(-1)?.text).toContain("nothing is owed");
    expect((await customer.overview()).plan.id).toBe("free");
    await time.travelTo("2027-04-28T09:00:00Z", { stepDays: 3 });
    expect(mails).toHaveLength(told.length);
  });

  it("and the new card that pays it", async () => {
    const { time, customer, id } = await whoseCardFails();
    await time.travelTo("2027-04-11T09:00:00Z");
    await replaceCard(stripeOf(time), id, "pm_card_visa");
    await time.settle();
    expect(await customer.overview()).toMatchObject({ plan: { id: "team" }, status: "active" });
    expect(subjects()).toEqual([
      "ann@acme.test: Acme: the payment of €45.22 failed",
      "ann@acme.test: Acme: €45.22 are paid, the plan goes on",
    ]);
  });

  it("while an upgrade that is declined is told by the page alone", async () => {
    const { time, customer } = await whoseCardFails();
    expect((await customer.call("POST", "/api/billing/change", { planId: "business" })).status).toBe(402);
    await time.settle();
    expect(mails).toEqual([]);
  });

  it("S5 a cancellation is confirmed, and its end told", async () => {
    const { time, customer } = await whoseCardFails();
    await customer.call("POST", "/api/billing/cancel", {});
    await time.settle();
    await time.travelTo("2027-04-11T09:00:00Z");
    expect(subjects()).toEqual([
      "ann@acme.test: Acme: Team is cancelled and ends on 10 April 2027, 09:00 UTC",
      "ann@acme.test: Acme: Team has ended, the account is on Free",
    ]);
  });
});
