/** What the tests of subscriptions share: a clock of their own, prices, a customer with a card, and short views. */
import type { AccountOptions } from "../account.ts";
import type { Stripe } from "../wire/stripe-types.ts";
import { startFixture } from "./fixture.ts";

export const seconds = (iso: string) => Date.parse(iso) / 1000;
export const iso = (at: number) => new Date(at * 1000).toISOString();

/** An emulator whose wall clock is `at`, to be moved by the test. */
export async function startAt(start: string, account: AccountOptions = {}) {
  const clock = { at: Date.parse(start) };
  const { stripe, emulator } = await startFixture({ now: () => clock.at, account });
  const moveTo = (to: string) => {
    clock.at = Date.parse(to);
  };
  return { stripe, emulator, moveTo };
}

/** A price with a product of its own. */
export async function priceAt(
  stripe: Stripe,
  name: string,
  amount: number,
  interval: "day" | "week" | "month" | "year" = "month",
): Promise<string> {
  const product = await stripe.products.create({ name });
  const price = await stripe.prices.create({
    product: product.id,
    currency: "eur",
    unit_amount: amount,
    recurring: { interval },
    tax_behavior: "exclusive",
  });
  return price.id;
}

/** A customer whose default card is a new one from this template. */
export async function customerWith(stripe: Stripe, card = "pm_card_visa"): Promise<string> {
  const customer = await stripe.customers.create({ email: "ada@example.com" });
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } });
  return customer.id;
}

export async function subscribeTo(
  stripe: Stripe,
  price: string,
  more: Partial<Stripe.SubscriptionCreateParams> & { card?: string } = {},
) {
  const { card, ...params } = more;
  const customer = params.customer ?? (await customerWith(stripe, card));
  return stripe.subscriptions.create({ customer, items: [{ price }], ...params });
}

export function itemOf(subscription: Stripe.Subscription): Stripe.SubscriptionItem {
  const [item] = subscription.items.data;
  if (item === undefined) throw new Error("the subscription has no item");
  return item;
}

export async function latestInvoice(stripe: Stripe, subscription: Stripe.Subscription) {
  return stripe.invoices.retrieve(subscription.latest_invoice as string, { expand: ["payments"] });
}

export const amountsOf = (invoice: Stripe.Invoice) => invoice.lines.data.map((line) => line.amount);
