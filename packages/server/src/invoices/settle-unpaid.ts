/** What a sync does about bills that are not paid (S6); each step states what shall be, so that a repeat is harmless. */
import { liveSubscription } from "@bursar/core";
import type { CustomerFacts, InvoiceFact } from "../stripe/facts.ts";
import type { Gateway } from "../stripe/gateway.ts";

export async function settleUnpaid(gateway: Gateway, facts: CustomerFacts): Promise<void> {
  const ended = new Set(
    facts.subscriptions.filter(({ endedAt }) => endedAt !== null).map((each) => each.subscriptionId),
  );
  for (const { invoiceId, subscriptionId, status } of facts.invoices) {
    // A late payment must not buy what is over; a bill that was given up as a bad debt could still be paid.
    const isPayable = status === "open" || status === "uncollectible";
    if (isPayable && subscriptionId !== null && ended.has(subscriptionId))
      await gateway.voidInvoice(invoiceId);
  }
  const live = liveSubscription(facts.subscriptions);
  if (live?.status !== "past_due" || facts.card === null) return;
  const unpaid = facts.invoices.find((invoice) => isUnpaidBill(invoice, live.subscriptionId));
  if (unpaid !== undefined) await tryNewCard(gateway, unpaid, facts.card.paymentMethodId);
}

function isUnpaidBill(invoice: InvoiceFact, subscriptionId: string): boolean {
  return invoice.status === "open" && invoice.subscriptionId === subscriptionId && invoice.attempts > 0;
}

/** A card that replaced the one that failed is tried at once, and once: then it is the one that failed. */
async function tryNewCard(gateway: Gateway, invoice: InvoiceFact, paymentMethodId: string): Promise<void> {
  const failed = await gateway.findFailedCard(invoice.invoiceId);
  if (failed === paymentMethodId) return;
  await gateway.payInvoice({
    invoiceId: invoice.invoiceId,
    paymentMethodId,
    idempotencyKey: `new-card:${invoice.invoiceId}:${paymentMethodId}:${invoice.attempts}`,
  });
}
