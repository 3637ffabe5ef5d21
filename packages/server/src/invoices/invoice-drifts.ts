import { moneyText, type Drift } from "@bursar/core";
import type { InvoiceFact } from "../stripe/facts.ts";

/** Invoices at Stripe that we had not, or had with another status or total. */
export function invoiceDrifts(
  stored: ReadonlyMap<string, Pick<InvoiceFact, "status" | "totalCents">>,
  shown: readonly InvoiceFact[],
): Drift[] {
  return shown.flatMap((invoice): Drift[] => {
    const { invoiceId: id, number, status, totalCents, currency } = invoice;
    const name = `invoice ${number ?? id}`;
    const had = stored.get(id);
    const total = moneyText(totalCents, currency);
    if (had === undefined) {
      const sentence = `We did not have the ${name} of ${total}, which is ${status} at Stripe.`;
      return [{ what: "invoice", id, stored: null, found: status, sentence }];
    }
    if (had.status === status && had.totalCents === totalCents) return [];
    const before = `${had.status} with ${moneyText(had.totalCents, currency)}`;
    const sentence = `The ${name}: we had it ${before}, Stripe has it ${status} with ${total}.`;
    return [{ what: "invoice", id, stored: had.status, found: status, sentence }];
  });
}
