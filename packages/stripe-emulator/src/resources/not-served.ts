/**
 * The routes of Stripe's that the parameter table knows and that are refused here, each with the reason that a caller
 * is told. A test walks the table: what is not served must be on this list, and the list must be in the README.
 */
const SEARCH = "search is a service of its own at Stripe, a minute behind; list and filter instead";
const LINES = "change the lines of a draft through its invoice items";
const DEBIT = "there are no bank debits here, only cards";

export const notServedReasons: Readonly<Record<string, string>> = {
  "GET /v1/charges/search": SEARCH,
  "GET /v1/customers/search": SEARCH,
  "GET /v1/invoices/search": SEARCH,
  "GET /v1/payment_intents/search": SEARCH,
  "GET /v1/prices/search": SEARCH,
  "GET /v1/products/search": SEARCH,
  "GET /v1/subscriptions/search": SEARCH,
  "POST /v1/invoices/{id}/add_lines": LINES,
  "POST /v1/invoices/{id}/attach_payment": "an invoice is paid by the payment that it makes, or by pay",
  "POST /v1/invoices/{id}/remove_lines": LINES,
  "POST /v1/invoices/{id}/update_lines": LINES,
  "POST /v1/invoices/{invoiceId}/lines/{id}": LINES,
  "POST /v1/charges": "charges are made by payment intents",
  "POST /v1/charges/{id}/capture": "capture the charge's payment intent",
  "GET /v1/payment_intents/{id}/amount_details_line_items": "amounts have no line items of their own here",
  "POST /v1/payment_intents/{id}/apply_customer_balance": "there are no bank transfers here, only cards",
  "POST /v1/payment_intents/{id}/increment_authorization": "only card terminals may raise an authorization",
  "POST /v1/payment_intents/{id}/verify_microdeposits": DEBIT,
  "POST /v1/setup_intents/{id}/verify_microdeposits": DEBIT,
  "POST /v1/subscriptions/{id}/migrate": "every subscription is in flexible billing mode from its first day",
};
