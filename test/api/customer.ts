/* What the stories about plans share: a customer who buys, changes and pays, and Stripe beside them to compare with. */
import Stripe from "stripe";
import { expect } from "vitest";
import type {
  Invoice,
  List,
  Overview,
  PlanChange,
  PlanChoice,
  Preview,
} from "../../packages/client/src/index.ts";
import { findStripeCustomer } from "../../packages/server/src/stripe/store-customers.ts";
import { payHostedPage, sessionIdIn } from "./hosted-page.ts";
import type { Answer, RunningService, TestAccount } from "./service.ts";

export interface Customer extends TestAccount {
  preview(choice: PlanChoice): Promise<Preview>;
  /** Confirms a choice, with the quote of a fresh preview; @returns the answer, whatever it is */
  change(choice: PlanChoice): Promise<Answer<PlanChange>>;
  invoices(): Promise<Invoice[]>;
  /** The account's customer at Stripe. */
  customerId(): Promise<string>;
}

export function stripeOf({ emulator }: RunningService): Stripe {
  return new Stripe(emulator.secretKey, {
    host: emulator.host,
    port: emulator.port,
    protocol: "http",
    maxNetworkRetries: 0,
  });
}

/** A new account that has bought this plan on the hosted page, with this card. */
export async function newCustomer(
  running: RunningService,
  plan: PlanChoice,
  card?: string,
): Promise<Customer> {
  const account = await running.newAccount();
  const { status, body } = await account.call<{ url: string }>("POST", "/api/billing/checkout", plan);
  expect(status).toBe(200);
  expect((await payHostedPage(body.url, card)).status).toBe(303);
  const sessionId = sessionIdIn(body.url);
  const overview = await account.call<Overview>("POST", "/api/billing/reconcile", { sessionId });
  expect(overview.body.plan.id).toBe(plan.planId);
  return asCustomer(running, account);
}

function asCustomer(running: RunningService, account: TestAccount): Customer {
  const preview = async (choice: PlanChoice) => {
    const { status, body } = await account.call<Preview>("POST", "/api/billing/preview", choice);
    expect([status, body]).toEqual([200, expect.anything()]);
    return body;
  };
  return {
    ...account,
    preview,
    async change(choice) {
      const { quoteId } = await preview(choice);
      return account.call<PlanChange>("POST", "/api/billing/change", { ...choice, quoteId });
    },
    invoices: async () =>
      (await account.call<List<Invoice>>("GET", "/api/billing/invoices?limit=100")).body.data,
    async customerId() {
      const customer = await findStripeCustomer(running.database.kysely, account.accountId);
      return customer!.customerId;
    },
  };
}

/** Replaces the customer's card at Stripe, as the portal's card page does. */
export async function replaceCard(stripe: Stripe, customerId: string, template: string): Promise<void> {
  const method = await stripe.paymentMethods.attach(template, { customer: customerId });
  await stripe.customers.update(customerId, {
    invoice_settings: { default_payment_method: method.id },
  });
}

/** The customer's one live subscription, as Stripe has it. */
export async function subscriptionOf(stripe: Stripe, customerId: string): Promise<Stripe.Subscription> {
  const { data } = await stripe.subscriptions.list({ customer: customerId, expand: ["data.schedule"] });
  expect(data).toHaveLength(1);
  return data[0]!;
}

/** All that was really charged to the customer's cards, refunds taken off. */
export async function paidBy(stripe: Stripe, customerId: string): Promise<number> {
  const { data } = await stripe.charges.list({ customer: customerId, limit: 100 });
  return data
    .filter(({ status }) => status === "succeeded")
    .reduce((sum, charge) => sum + charge.amount - charge.amount_refunded, 0);
}
