/* An account with a running subscription on the worker's product, and Stripe beside it. */
import type { Page } from "@playwright/test";
import Stripe from "stripe";
import type { Product } from "../support/product.ts";
import { expect } from "./fixtures.ts";
import { typeCard } from "./hosted-pages.ts";

export interface Subscribed {
  path: string;
  stripe: Stripe;
  customerId: string;
}

/** Signs in and buys Team with three seats, where an earlier test has not yet. */
export async function subscribed(page: Page, product: Product): Promise<Subscribed> {
  const { hostname, port } = new URL(product.stripeUrl);
  const stripe = new Stripe(product.stripeKey, { host: hostname, port, protocol: "http" });
  const path = `${product.url}/settings/billing`;
  // The printed link signs in once; what it set is kept for the tests after it.
  const cookies = signedIn.get(product.url);
  if (cookies === undefined) {
    await page.goto(product.signInUrl);
    await expect(page.getByRole("heading", { name: "Billing", level: 1 })).toBeVisible();
    signedIn.set(product.url, await page.context().cookies());
  } else {
    await page.context().addCookies(cookies);
    await page.goto(path);
  }
  await expect(page.getByRole("meter", { name: "Sessions" })).toBeVisible();
  if (await page.getByText(/Free, no card needed/).isVisible()) await buyTeam(page, path);
  // The demo's customers live on test clocks, and Stripe lists those only by their clock.
  const [clock] = (await stripe.testHelpers.testClocks.list({ limit: 1 })).data;
  const [customer] = (await stripe.customers.list({ test_clock: clock!.id, limit: 1 })).data;
  return { path, stripe, customerId: customer!.id };
}

const signedIn = new Map<string, Awaited<ReturnType<ReturnType<Page["context"]>["cookies"]>>>();

async function buyTeam(page: Page, path: string): Promise<void> {
  await page.goto(`${path}/plans?plan=team&interval=month&seats=3`);
  await page.getByRole("button", { name: "Continue to payment" }).click();
  await page.getByLabel("Card number").waitFor();
  await typeCard(page, "4242424242424242");
  await page.getByRole("button", { name: /^Subscribe and pay/ }).click();
  await expect(page.getByText("You are on Team.")).toBeVisible();
}
