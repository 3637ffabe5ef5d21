/**
 * What the contract suite talks to: Stripe itself when `STRIPE_SECRET_KEY` is set, with `STRIPE_API_BASE` for another
 * address than Stripe's; without them an emulator that is started for it. The suite makes what it needs and looks at
 * nothing else, so that an account with a life of its own does not disturb it.
 *
 * Against Stripe: STRIPE_SECRET_KEY=sk_test_... npx vitest run packages/stripe-emulator/src/contract
 */
import Stripe from "stripe";
import { afterAll, beforeAll, vi } from "vitest";
import { startStripeEmulator } from "../index.ts";

/** Stripe advances a clock in some seconds, an emulator at once. */
const CLOCK_TIMEOUT_MS = 60_000;

/** Opened before the tests of a file and closed after them. */
export function stripeUnderTest(): { readonly stripe: Stripe } {
  let opened: { stripe: Stripe; close: () => Promise<void> } | undefined;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened?.close());
  return {
    get stripe() {
      if (opened === undefined) throw new Error("Stripe is there once the tests run");
      return opened.stripe;
    },
  };
}

async function open(): Promise<{ stripe: Stripe; close: () => Promise<void> }> {
  const key = process.env["STRIPE_SECRET_KEY"];
  if (!key) {
    const emulator = await startStripeEmulator();
    return { stripe: sdk(emulator.secretKey, emulator.url), close: () => emulator.close() };
  }
  // The suite makes objects and moves clocks; a live key would make them where money is.
  if (!/^(sk|rk)_test_/.test(key)) throw new Error("STRIPE_SECRET_KEY must be a test key (sk_test_...).");
  return {
    stripe: sdk(key, process.env["STRIPE_API_BASE"] ?? "https://api.stripe.com"),
    close: async () => {},
  };
}

function sdk(key: string, base: string): Stripe {
  const { hostname, port, protocol } = new URL(base);
  const isPlain = protocol === "http:";
  return new Stripe(key, {
    host: hostname,
    port: port || (isPlain ? 80 : 443),
    protocol: isPlain ? "http" : "https",
    telemetry: false,
    maxNetworkRetries: process.env["STRIPE_SECRET_KEY"] ? 3 : 0,
  });
}

/** Moves a clock and waits until everything that was due has happened. */
export async function advance(stripe: Stripe, clock: string, instant: string): Promise<void> {
  await stripe.testHelpers.testClocks.advance(clock, { frozen_time: unix(instant) });
  await vi.waitUntil(async () => (await stripe.testHelpers.testClocks.retrieve(clock)).status === "ready", {
    timeout: CLOCK_TIMEOUT_MS,
    interval: 200,
  });
}

export function unix(instant: string): number {
  return Date.parse(instant) / 1000;
}

/** The `StripeError` that a promise ends in; anything else fails the test. */
export async function refusal(promise: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Stripe.errors.StripeError) return error;
  throw new Error("the call was not refused by Stripe", { cause: error });
}

/** The id of what may stand expanded. */
export function idOf(reference: string | { id: string } | null | undefined): string {
  return typeof reference === "object" ? (reference?.id ?? "") : (reference ?? "");
}

export interface PriceWish {
  amount: number;
  interval?: "day" | "month" | "year";
  currency?: string;
}

/** A price of a product of its own. */
export async function newPrice(stripe: Stripe, wish: PriceWish): Promise<Stripe.Price> {
  const product = await stripe.products.create({ name: "Contract" });
  return stripe.prices.create({
    product: product.id,
    currency: wish.currency ?? "eur",
    unit_amount: wish.amount,
    ...(wish.interval !== undefined && { recurring: { interval: wish.interval } }),
  });
}

/** A customer whose card pays, on a clock when one is given. */
export function newPayer(
  stripe: Stripe,
  { clock, card = "pm_card_visa" }: { clock?: string; card?: string } = {},
): Promise<Stripe.Customer> {
  return stripe.customers.create({
    ...(clock !== undefined && { test_clock: clock }),
    payment_method: card,
    invoice_settings: { default_payment_method: card },
  });
}

/** Everything on it is deleted with it. */
export async function newClock(stripe: Stripe, instant: string): Promise<string> {
  return (await stripe.testHelpers.testClocks.create({ frozen_time: unix(instant) })).id;
}
