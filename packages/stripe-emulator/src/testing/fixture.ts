/** What the tests share: an emulator on a free port, the real SDK pointed at it, and hands for the hosted pages. */
import Stripe from "stripe";
import { afterEach } from "vitest";
import { startStripeEmulator, type StripeEmulator, type StripeEmulatorOptions } from "../index.ts";

export interface Fixture {
  emulator: StripeEmulator;
  stripe: Stripe;
}

const open: StripeEmulator[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((emulator) => emulator.close()));
});

/** Closed by itself after the test. */
export async function startFixture(options: StripeEmulatorOptions = {}): Promise<Fixture> {
  const emulator = await startStripeEmulator(options);
  open.push(emulator);
  return { emulator, stripe: sdkFor(emulator) };
}

export function sdkFor(emulator: StripeEmulator, key = emulator.secretKey): Stripe {
  return new Stripe(key, {
    host: emulator.host,
    port: emulator.port,
    protocol: "http",
    maxNetworkRetries: 0,
  });
}

export interface Catalogue {
  team: Stripe.Price;
  pack: Stripe.Price;
}

/** A plan at 19.00 net a month and a pack at 5.00 with tax included. */
export async function createCatalogue(stripe: Stripe): Promise<Catalogue> {
  const teamProduct = await stripe.products.create({ name: "Team" });
  const packProduct = await stripe.products.create({ name: "Starter credits" });
  const team = await stripe.prices.create({
    product: teamProduct.id,
    currency: "eur",
    unit_amount: 1900,
    recurring: { interval: "month" },
    tax_behavior: "exclusive",
    lookup_key: "team_month",
  });
  const pack = await stripe.prices.create({
    product: packProduct.id,
    currency: "eur",
    unit_amount: 500,
    tax_behavior: "inclusive",
  });
  return { team, pack };
}

export const GOOD_CARD: Record<string, string> = {
  number: "4242 4242 4242 4242",
  expiry: "12 / 34",
  cvc: "123",
  name: "Ada Example",
  country: "DE",
  postal_code: "10115",
};

/** Reads a page as a browser without script would. */
export async function openPage(url: string): Promise<{ status: number; text: string }> {
  const response = await fetch(url, { redirect: "manual" });
  return { status: response.status, text: await response.text() };
}

/** Submits a page's form, with the sum that the page shows unless another is given. */
export async function submitPage(url: string, fields: Record<string, string>) {
  const response = await fetch(url, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams(fields),
  });
  const text = await response.text();
  return { status: response.status, location: response.headers.get("location"), text };
}

export async function payCheckout(session: Stripe.Checkout.Session, fields: Record<string, string> = {}) {
  const url = session.url ?? "";
  const typed: Record<string, string> = { ...GOOD_CARD, email: "ada@example.com", intent: "pay", ...fields };
  const chosen = Object.entries(typed).filter(([name]) => /^(country$|quantity_|tax_id_)/.test(name));
  const response = await fetch(`${url}/totals?${new URLSearchParams(chosen).toString()}`);
  const { summary } = (await response.json()) as { summary?: string };
  const shown = /name="shown_total" value="(\d+)"/.exec(summary ?? "")?.[1] ?? "";
  return submitPage(url, { shown_total: shown, ...typed });
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

/** Unix seconds of a date as one writes it. */
export function seconds(text: string): number {
  return Date.parse(text) / 1000;
}

/** The id behind a reference, expanded or not. */
export function idOf(reference: string | { id: string } | null | undefined): string {
  if (reference == null) throw new Error("there is no such reference");
  return typeof reference === "string" ? reference : reference.id;
}
