import { findPack, type AccountId, type Catalog, type Drift } from "@bursar/core";
import type { Book } from "../book/book.ts";
import type { PackPayment } from "../stripe/facts.ts";

/**
 * Grants what was paid for. The payment's id is the source, which the book takes once: whoever sees the payment, and
 * however often, credits enter one time (K2).
 * @returns the payments whose credits were missing until now
 * @throws when the book could not say that the credits are in; the caller tries again
 */
export async function grantPayments(
  { book, catalog }: { book: Book; catalog: Catalog },
  accountId: AccountId,
  payments: readonly PackPayment[],
): Promise<Drift[]> {
  const missing: Drift[] = [];
  for (const payment of payments) {
    // The tokens are those that were promised when the checkout was opened, whatever the catalogue says by now.
    const outcome = await book.submit({
      type: "grant",
      kind: "purchase",
      accountId,
      source: payment.paymentId,
      tokens: payment.tokens,
      note: {
        priceCents: payment.paidCents,
        currency: payment.currency,
        description: `Bought ${findPack(catalog, payment.packId)?.name ?? payment.packId}`,
        resource: null,
      },
    });
    if (outcome.code !== "granted" && outcome.code !== "duplicate") {
      throw new Error(`The payment ${payment.paymentId} was not granted: the book answered ${outcome.code}.`);
    }
    if (outcome.code === "granted") missing.push(missingCredits(payment));
  }
  return missing;
}

function missingCredits({ paymentId, tokens }: PackPayment): Drift {
  const sentence = `The ${tokens} tokens that ${paymentId} paid for were not granted yet.`;
  return { what: "credits", id: paymentId, stored: null, found: tokens, sentence };
}
