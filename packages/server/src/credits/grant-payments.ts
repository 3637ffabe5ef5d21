import { findPack, type AccountId, type Catalog, type CreditsNews, type Drift } from "@bursar/core";
import type { Book } from "../book/book.ts";
import type { PackPayment } from "../stripe/facts.ts";

interface Context {
  readonly book: Book;
  readonly catalog: Catalog;
}

/** Grants what was paid for. @returns the payments whose credits were missing until now */
export async function grantPayments(
  context: Context,
  accountId: AccountId,
  payments: readonly PackPayment[],
): Promise<Drift[]> {
  const missing: Drift[] = [];
  for (const payment of payments) {
    const { isNew } = await grantPayment(context, accountId, payment);
    if (isNew) missing.push(missingCredits(payment));
  }
  return missing;
}

/**
 * Grants what one payment paid for. Its id is the source, which the book takes once: whoever sees the payment, and
 * however often, credits enter one time (K2).
 * @throws when the book could not say that the credits are in; the caller tries again
 */
export async function grantPayment(
  { book, catalog }: Context,
  accountId: AccountId,
  payment: PackPayment,
): Promise<{ isNew: boolean; balance: number }> {
  const name = findPack(catalog, payment.packId)?.name ?? payment.packId;
  // The tokens are those that were promised when it was asked for, whatever the catalogue says by now.
  const outcome = await book.submit({
    type: "grant",
    kind: payment.reason,
    accountId,
    source: payment.paymentId,
    tokens: payment.tokens,
    note: {
      priceCents: payment.paidCents,
      currency: payment.currency,
      // How it was paid is the kind of the entry; a page or a file has both side by side.
      description: name,
      resource: null,
    },
    // What auto-recharge buys is told with its charge.
    ...(payment.reason === "purchase" ? { tells: purchased(payment) } : {}),
  });
  if (outcome.code !== "granted" && outcome.code !== "duplicate") {
    throw new Error(`The payment ${payment.paymentId} was not granted: the book answered ${outcome.code}.`);
  }
  return { isNew: outcome.code === "granted", balance: outcome.balance };
}

function purchased({ paymentId, paidCents, currency }: PackPayment): CreditsNews {
  return { topic: "credits.purchased", paymentId, amountCents: paidCents, currency };
}

function missingCredits({ paymentId, tokens }: PackPayment): Drift {
  const sentence = `The ${tokens} tokens that ${paymentId} paid for were not granted yet.`;
  return { what: "credits", id: paymentId, stored: null, found: tokens, sentence };
}
