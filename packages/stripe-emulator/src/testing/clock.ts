/** Hands for stories that live on a test clock: somebody subscribes, time passes, and what came of it is read. */
import type { Stripe } from "../wire/stripe-types.ts";
import { idOf, payCheckout, seconds, type Fixture } from "./fixture.ts";

/** Moves a test clock and waits until everything on the way has happened. */
export async function advance({ emulator, stripe }: Fixture, clock: string, to: string | number) {
  const frozen_time = typeof to === "number" ? to : seconds(to);
  await stripe.testHelpers.testClocks.advance(clock, { frozen_time });
  await emulator.catchUp();
}

export interface Subscriber {
  clock: string;
  customer: string;
  subscription: string;
}

/** A customer on a new clock who buys a price on the checkout page, with a card that is then the subscription's. */
export async function subscribeOnClock(
  { stripe }: Fixture,
  given: { from: string; price: string; quantity?: number; card?: Record<string, string> },
): Promise<Subscriber> {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: seconds(given.from) });
  const customer = await stripe.customers.create({ email: "ada@example.com", test_clock: clock.id });
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    customer: customer.id,
    line_items: [{ price: given.price, quantity: given.quantity ?? 1 }],
    success_url: "http://localhost/",
  });
  await payCheckout(session, given.card);
  const { subscription } = await stripe.checkout.sessions.retrieve(session.id);
  return { clock: clock.id, customer: customer.id, subscription: idOf(subscription) };
}

/** `2026-07-01T09:30`, in UTC. */
export function iso(unix: number | null | undefined): string {
  return new Date((unix ?? NaN) * 1000).toISOString().slice(0, 16);
}

/** All invoices of a subscription, the oldest first. */
export async function invoicesOf(
  { stripe }: Fixture,
  { subscription }: { subscription: string },
): Promise<Stripe.Invoice[]> {
  return (await stripe.invoices.list({ subscription, limit: 100 })).data.reverse();
}

/** The events that happened on the clocks of customers within some time, the oldest first. */
export async function eventsBetween({ stripe }: Fixture, from: string, to: string): Promise<Stripe.Event[]> {
  const created = { gte: seconds(from), lt: seconds(to) };
  const { data } = await stripe.events.list({ limit: 100, created });
  return data.filter(({ type }) => !type.startsWith("test_helpers")).reverse();
}

/** Gives a customer a card and makes it the one that pays a subscription from now on. */
export async function useCard({ stripe }: Fixture, subscriber: Subscriber, template: string): Promise<void> {
  const card = await stripe.paymentMethods.attach(template, { customer: subscriber.customer });
  await stripe.subscriptions.update(subscriber.subscription, { default_payment_method: card.id });
}

/** A customer on a new clock with a card as their default. */
export async function customerOnClock(
  { stripe }: Fixture,
  given: { from: string; card?: string },
): Promise<{ clock: string; customer: string }> {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: seconds(given.from) });
  const customer = await stripe.customers.create({
    email: "ada@example.com",
    test_clock: clock.id,
    ...(given.card !== undefined && { payment_method: given.card }),
  });
  const [card] = (await stripe.paymentMethods.list({ customer: customer.id })).data;
  if (card !== undefined) {
    const invoice_settings = { default_payment_method: card.id };
    await stripe.customers.update(customer.id, { invoice_settings });
  }
  return { clock: clock.id, customer: customer.id };
}
