import type { SubscriptionsContext } from "../subscriptions/context.ts";

/**
 * The end of a subscription that is not paid: ended first, then its open invoices voided (the other way round Stripe
 * would derive its status anew from the older ones), so a late payment cannot buy what is over. Safe to repeat: a crash
 * between the two is finished by whoever comes next.
 */
export async function endUnpaid(
  { gateway, syncCustomer }: Pick<SubscriptionsContext, "gateway" | "syncCustomer">,
  { customerId, subscriptionId }: { customerId: string; subscriptionId: string },
): Promise<void> {
  await gateway.endSubscription(subscriptionId);
  for (const invoiceId of await gateway.listUnpaidInvoices(subscriptionId)) {
    await gateway.voidInvoice(invoiceId);
  }
  await syncCustomer(customerId);
}
