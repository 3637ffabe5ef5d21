/* Who buys packs in the tests: an account on Team with a saved card. */
import type { Credits } from "../../packages/client/src/index.ts";
import { newCustomer, paidBy, stripeOf, type Customer } from "./customer.ts";
import type { TimeTravel } from "./moved-clock.ts";

export interface PackBuyer {
  customer: Customer;
  /** Stripe's. */
  id: string;
  /** What it had paid, in minor units, before it bought anything here. */
  before: number;
}

export async function newPackBuyer(time: TimeTravel): Promise<PackBuyer> {
  const customer = await newCustomer(time, { planId: "team", seats: 2 });
  const id = await customer.customerId();
  return { customer, id, before: await paidBy(stripeOf(time), id) };
}

export async function creditsOf({ call }: Customer): Promise<Credits> {
  return (await call<Credits>("GET", "/api/billing/credits")).body;
}

export async function minutesLater(time: TimeTravel, minutes: number): Promise<void> {
  await time.travelTo(new Date(time.now() + minutes * 60_000).toISOString());
}
