import type { Instant, Interval, Reversal, Subscription } from "@bursar/core";

/** Stripe's objects in our words. Amounts are minor units, instants milliseconds. */

export interface Card {
  readonly paymentMethodId: string;
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
  /** The subscription that it bills; `null` of a pack. */
  readonly subscriptionId: string | null;
  readonly status: "draft" | "open" | "paid" | "void" | "uncollectible";
  readonly lines: readonly InvoiceLine[];
  readonly subtotalCents: number;
  /** Taken off before tax. */
  readonly discountCents: number;
  readonly taxCents: number;
  readonly totalCents: number;
  /** Paid by the customer's credit at Stripe; below zero: a debt there that this invoice collected. */
  readonly creditUsedCents: number;
  /** What is still to pay. */
  readonly amountDueCents: number;
  readonly currency: string;
  /** Tries at the card so far. */
  readonly attempts: number;
  readonly nextAttemptAt: Instant | null;
  /** Why the last try at the card failed, as far as this look could see; `null` once it is paid. */
  readonly failure: string | null;
  /** When it became a bill; of a renewal also when its first try was. */
  readonly finalizedAt: Instant | null;
  readonly pdfUrl: string | null;
  readonly hostedUrl: string | null;
  /** The payment that paid it; `null`: none did yet, or it was paid without one. */
  readonly paymentId: string | null;
  readonly createdAt: Instant;
}

/** Why a pack was paid for: somebody chose it, or the balance had fallen and auto-recharge bought it. */
export const PACK_REASONS = ["purchase", "auto_recharge"] as const;
export type PackReason = (typeof PACK_REASONS)[number];

/** A payment for a credit pack that went through. Credits are granted by `paymentId`, once (K2). */
export interface PackPayment {
  /** Of a bill that the customer's credit at Stripe paid alone: the invoice's id. */
  readonly paymentId: string;
  readonly reason: PackReason;
  readonly packId: string;
  readonly tokens: number;
  readonly paidCents: number;
  readonly currency: string;
}

/** A payment of which money went back, or might: with all its refunds and disputes. */
export interface ReversedPayment {
  readonly paymentId: string;
  readonly paidCents: number;
  readonly currency: string;
  readonly reversals: readonly Reversal[];
}

/** A card that a checkout left on the subscription, where later charges of the customer would not find it. */
export interface StrayCard {
  readonly subscriptionId: string;
  readonly paymentMethodId: string;
}

export interface CustomerFacts {
  /** Deleted at Stripe: the account goes on without a customer until it buys again. */
  readonly isDeleted: boolean;
  readonly card: Card | null;
  readonly strayCard: StrayCard | null;
  readonly subscriptions: readonly Subscription[];
  /** Subscriptions to prices that are not of our catalogue: left alone, reported. */
  readonly foreignSubscriptionIds: readonly string[];
  /**
   * A schedule has no phase to come: it has done its work and only stands in the way of other changes, or one is just
   * being made. Which of the two is told by a later look alone.
   */
  readonly hasSpentSchedule: boolean;
  readonly invoices: readonly InvoiceFact[];
  /** There are more invoices or payments than are read in one look; the oldest were left out. */
  readonly isCut: boolean;
  readonly packPayments: readonly PackPayment[];
  /** Among the payments that were read: those with refunds or disputes, of packs and of anything else. */
  readonly reversedPayments: readonly ReversedPayment[];
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
