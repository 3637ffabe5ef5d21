/** What there is: all routes, and for each kind of id how its object is found and shown. */
import type { Sandbox } from "../sandbox.ts";
import { own } from "../wire/own.ts";
import type { Route } from "../wire/route.ts";
import type { WireObject } from "../wire/shape.ts";
import { includeLineItems, showSession } from "./checkout/session.ts";
import { paymentPageRoutes } from "./checkout/payment-pages.ts";
import { checkoutSessionRoutes } from "./checkout/routes.ts";
import { showBalanceTransaction } from "./customer-balance.ts";
import { customerBalanceRoutes } from "./customer-balance-routes.ts";
import { showCreditNote } from "./credit-notes/credit-note.ts";
import { creditNoteRoutes } from "./credit-notes/routes.ts";
import { customerDeletionRoutes } from "./customer-deletion.ts";
import { customerRoutes, showCustomer } from "./customers.ts";
import { couponRoutes, includeAppliesTo, showCoupon } from "./discounts/coupons.ts";
import { discountRoutes } from "./discounts/routes.ts";
import { showDiscount } from "./discounts/discounts.ts";
import { promotionCodeRoutes, showPromotionCode } from "./discounts/promotion-codes.ts";
import { eventRoutes } from "./events.ts";
import { invoiceItemRoutes } from "./invoices/item-routes.ts";
import { showInvoiceItem } from "./invoices/items.ts";
import { invoicePaymentRoutes, showInvoicePayment } from "./invoices/invoice-payments.ts";
import { includeConfirmationSecret, includePayments, showInvoice } from "./invoices/invoice.ts";
import { invoiceRoutes } from "./invoices/routes.ts";
import { paymentMethodRoutes, showPaymentMethod } from "./payment-methods.ts";
import { chargeRoutes, showCharge } from "./payments/charges.ts";
import { showTransaction } from "./payments/account-transactions.ts";
import { disputeRoutes } from "./payments/dispute-routes.ts";
import { showDispute } from "./payments/disputes.ts";
import { refundRoutes } from "./payments/refund-routes.ts";
import { includeRefunds, showRefund } from "./payments/refunds.ts";
import { showPaymentIntent } from "./payments/payment-intent.ts";
import { paymentIntentRoutes } from "./payments/payment-intent-routes.ts";
import { setupIntentRoutes } from "./payments/setup-intent-routes.ts";
import { showSetupIntent } from "./payments/setup-intents.ts";
import { portalConfigurationRoutes, showConfiguration } from "./portal/configurations.ts";
import { portalSessionRoutes } from "./portal/sessions.ts";
import { priceRoutes, showPrice } from "./prices.ts";
import { productRoutes, showProduct } from "./products.ts";
import { scheduleRoutes } from "./schedules/routes.ts";
import { showSchedule } from "./schedules/schedule.ts";
import { subscriptionRoutes } from "./subscriptions/routes.ts";
import {
  includeSubscriptions,
  showSubscription,
  showSubscriptionItem,
} from "./subscriptions/subscription.ts";
import { includeTaxIds, showTaxId, taxIdRoutes } from "./tax-ids.ts";
import { showTaxRate, taxRateRoutes } from "./tax-rates.ts";
import { showTestClock, testClockRoutes } from "./test-clocks.ts";
import { webhookEndpointRoutes } from "./webhook-endpoints.ts";

export const routes: Route[] = [
  ...chargeRoutes,
  ...checkoutSessionRoutes,
  ...couponRoutes,
  ...customerBalanceRoutes,
  ...creditNoteRoutes,
  ...customerDeletionRoutes,
  ...customerRoutes,
  ...discountRoutes,
  ...disputeRoutes,
  ...eventRoutes,
  ...invoiceItemRoutes,
  ...invoicePaymentRoutes,
  ...invoiceRoutes,
  ...paymentIntentRoutes,
  ...paymentMethodRoutes,
  ...paymentPageRoutes,
  ...portalConfigurationRoutes,
  ...portalSessionRoutes,
  ...priceRoutes,
  ...productRoutes,
  ...promotionCodeRoutes,
  ...refundRoutes,
  ...scheduleRoutes,
  ...setupIntentRoutes,
  ...subscriptionRoutes,
  ...taxIdRoutes,
  ...taxRateRoutes,
  ...testClockRoutes,
  ...webhookEndpointRoutes,
];

type Finder = (sandbox: Sandbox, id: string) => WireObject | undefined;

function finder<T>(
  get: (sandbox: Sandbox, id: string) => T | undefined,
  show: (sandbox: Sandbox, found: T) => WireObject,
): Finder {
  return (sandbox, id) => {
    const found = get(sandbox, id);
    return found === undefined ? undefined : show(sandbox, found);
  };
}

/** By the prefix of the id. */
const finders: Record<string, Finder> = {
  bpc: finder((sandbox, id) => sandbox.store.portalConfigurations.get(id), showConfiguration),
  cbtxn: finder((sandbox, id) => sandbox.store.balanceTransactions.get(id), showBalanceTransaction),
  ch: finder((sandbox, id) => sandbox.store.charges.get(id), showCharge),
  clock: finder((sandbox, id) => sandbox.store.testClocks.get(id), showTestClock),
  cn: finder((sandbox, id) => sandbox.store.creditNotes.get(id), showCreditNote),
  cs: finder((sandbox, id) => sandbox.store.checkoutSessions.get(id), showSession),
  cus: finder((sandbox, id) => sandbox.store.customers.get(id), showCustomer),
  di: finder((sandbox, id) => sandbox.store.discounts.get(id), showDiscount),
  du: finder((sandbox, id) => sandbox.store.disputes.get(id), showDispute),
  ii: finder((sandbox, id) => sandbox.store.invoiceItems.get(id), showInvoiceItem),
  in: finder((sandbox, id) => sandbox.store.invoices.get(id), showInvoice),
  inpay: finder((sandbox, id) => sandbox.store.invoicePayments.get(id), showInvoicePayment),
  pi: finder((sandbox, id) => sandbox.store.paymentIntents.get(id), showPaymentIntent),
  pm: finder((sandbox, id) => sandbox.store.paymentMethods.get(id), showPaymentMethod),
  price: finder((sandbox, id) => sandbox.store.prices.get(id), showPrice),
  promo: finder((sandbox, id) => sandbox.store.promotionCodes.get(id), showPromotionCode),
  re: finder((sandbox, id) => sandbox.store.refunds.get(id), showRefund),
  seti: finder((sandbox, id) => sandbox.store.setupIntents.get(id), showSetupIntent),
  si: finder((sandbox, id) => sandbox.store.subscriptionItems.get(id), showSubscriptionItem),
  txi: finder((sandbox, id) => sandbox.store.taxIds.get(id), showTaxId),
  // Ids of schedules begin with `sub_sched_`.
  sub: (sandbox, id) => {
    const { subscriptions, subscriptionSchedules } = sandbox.store;
    const [subscription, schedule] = [subscriptions.get(id), subscriptionSchedules.get(id)];
    if (subscription !== undefined) return showSubscription(sandbox, subscription);
    return schedule && showSchedule(sandbox, schedule);
  },
  txn: finder((sandbox, id) => sandbox.store.accountTransactions.get(id), showTransaction),
  txr: finder((sandbox, id) => sandbox.store.taxRates.get(id), showTaxRate),
};

/**
 * Coupons and products may have ids of the caller's choice: the field's name tells coupons, products are looked for
 * last.
 */
export function findById(sandbox: Sandbox, id: string, field: string): WireObject | string {
  if (field === "coupon") {
    const coupon = sandbox.store.coupons.get(id);
    return coupon === undefined ? id : showCoupon(sandbox, coupon);
  }
  const found = own(finders, id.split("_")[0] ?? "")?.(sandbox, id);
  if (found !== undefined) return found;
  const product = sandbox.store.products.get(id);
  if (product !== undefined) return showProduct(sandbox, product);
  return sandbox.store.deletedCustomers.get(id) ? { id, object: "customer", deleted: true } : id;
}

type Include = (sandbox: Sandbox, id: string) => unknown;

/** Parts that are sent only when asked for. */
const includables: Record<string, Record<string, Include>> = {
  charge: { refunds: includeRefunds },
  "checkout.session": { line_items: includeLineItems },
  coupon: { applies_to: includeAppliesTo },
  customer: { subscriptions: includeSubscriptions, tax_ids: includeTaxIds },
  invoice: { payments: includePayments, confirmation_secret: includeConfirmationSecret },
};

export function includablesOf(object: string): Record<string, Include> {
  return includables[object] ?? {};
}
