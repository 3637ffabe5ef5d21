/**
 * What Stripe's command line can trigger and this emulator cannot give, with the reason; the README repeats it and a
 * test holds the two together. Every other trigger has to end well and leave its event.
 */
const CONNECT = "Connect: the emulator is one account";
const MONEY_OUT = "payouts, transfers and balances are not served: money only comes in";
const ISSUING = "Issuing: a product of its own";
const IDENTITY = "Identity: a product of its own";
const CARDS_ONLY = "cards are the only payment method; the fixture pays by bank";
const METERS = "Stripe's meters are not served: Bursar counts usage itself";
const QUOTES = "quotes are not served";
const LINKS = "payment links are not served; checkout sessions are";
const SOURCES = "sources are the API before payment methods";
const PLANS = "plans are the API before prices; `plan.created` comes with each recurring price";
const CUSTOMER_DISCOUNT =
  "this API version has no discounts on customers; the fixture sends the removed `coupon`";

export const triggersThatCannotPass: Readonly<Record<string, string>> = {
  "account.application.deauthorized": CONNECT,
  "account.updated": CONNECT,
  "balance.available": MONEY_OUT,
  "cash_balance.funds_available": CARDS_ONLY,
  "checkout.session.async_payment_failed": CARDS_ONLY,
  "checkout.session.async_payment_succeeded": CARDS_ONLY,
  "customer.discount.created": CUSTOMER_DISCOUNT,
  "customer.discount.deleted": CUSTOMER_DISCOUNT,
  "customer.discount.updated": CUSTOMER_DISCOUNT,
  "customer.source.created": SOURCES,
  "customer.source.updated": SOURCES,
  "customer_cash_balance_transaction.created": CARDS_ONLY,
  "identity.verification_session.canceled": IDENTITY,
  "identity.verification_session.created": IDENTITY,
  "identity.verification_session.redacted": IDENTITY,
  "issuing_authorization.request": ISSUING,
  "issuing_authorization.request.eu": ISSUING,
  "issuing_authorization.request.gb": ISSUING,
  "issuing_card.created": ISSUING,
  "issuing_card.created.eu": ISSUING,
  "issuing_card.created.gb": ISSUING,
  "issuing_cardholder.created": ISSUING,
  "issuing_cardholder.created.eu": ISSUING,
  "issuing_cardholder.created.gb": ISSUING,
  "issuing_transaction.created": ISSUING,
  "issuing_transaction.purchase_details_receipt_updated": ISSUING,
  "issuing_transaction.updated": ISSUING,
  "payment_intent.partially_funded": CARDS_ONLY,
  "payment_intent.processing": CARDS_ONLY,
  "payment_link.created": LINKS,
  "payment_link.updated": LINKS,
  "payout.created": MONEY_OUT,
  "payout.updated": MONEY_OUT,
  "plan.deleted": PLANS,
  "plan.created": PLANS,
  "plan.updated": PLANS,
  "quote.accepted": QUOTES,
  "quote.canceled": QUOTES,
  "quote.created": QUOTES,
  "quote.finalized": QUOTES,
  "reporting.report_run.succeeded": "reports are not served",
  "subscription_schedule.expiring":
    "it ends well without the event: its clock stops nine days before the schedule's end, and the event comes seven days before",
  "topup.created": MONEY_OUT,
  "transfer.created": MONEY_OUT,
  "transfer.reversed": MONEY_OUT,
  "transfer.updated": MONEY_OUT,
  "v1.billing.meter.error_report_triggered": METERS,
  "v1.billing.meter.no_meter_found": METERS,
};

/** Triggers whose event has another name: two are named after what happens, and what aborts is a plain cancellation. */
export const eventOfTrigger: Readonly<Record<string, string>> = {
  "subscription_schedule.aborted": "subscription_schedule.canceled",
  "subscription.payment_failed": "invoice.payment_failed",
  "subscription.payment_succeeded": "invoice.payment_succeeded",
};
