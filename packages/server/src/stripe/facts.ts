import type { Interval, Instant, Subscription } from "@bursar/core";

/** Stripe's objects in our words. Amounts are minor units, instants milliseconds. */

export interface Card {
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
}

export interface InvoiceLine {
  readonly description: string;
  readonly quantity: number | null;
  readonly amountCents: number;
  readonly periodStartsAt: Instant | null;
  readonly periodEndsAt: Instant | null;
}

export interface InvoiceFact {
  readonly invoiceId: string;
  readonly number: string | null;
  readonly status: "draft" | "open" | "paid" | "void" | "uncollectible";
  readonly lines: readonly InvoiceLine[];
  readonly subtotalCents: number;
  readonly taxCents: number;
  readonly totalCents: number;
  readonly currency: string;
  readonly pdfUrl: string | null;
  readonly hostedUrl: string | null;
  readonly createdAt: Instant;
}

/** A payment for a credit pack that went through. Credits are granted by `paymentId`, once (K2). */
export interface PackPayment {
  readonly paymentId: string;
  readonly packId: string;
  readonly tokens: number;
  readonly paidCents: number;
  readonly currency: string;
}

/** A card that a checkout left on the subscription, where later charges of the customer would not find it. */
export interface StrayCard {
  readonly subscriptionId: string;
  readonly paymentMethodId: string;
}

export interface CustomerFacts {
  readonly card: Card | null;
  readonly strayCard: StrayCard | null;
  readonly subscriptions: readonly Subscription[];
  /** Subscriptions to prices that are not of our catalogue: left alone, reported. */
  readonly foreignSubscriptionIds: readonly string[];
  readonly invoices: readonly InvoiceFact[];
  readonly packPayments: readonly PackPayment[];
}

export interface CheckoutFact {
  readonly sessionId: string;
  readonly customerId: string | null;
  readonly state: "open" | "complete" | "expired";
}

export interface PriceFact {
  readonly priceId: string;
  readonly lookupKey: string;
  readonly unitCents: number;
  readonly currency: string;
  readonly interval: Interval | null;
  readonly taxBehavior: string;
  readonly productId: string;
}
