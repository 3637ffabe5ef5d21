/** What the values of Stripe's parameters usually are, told from their names. */

const KINDS_BY_FIELD: Record<string, string> = {
  charge: "charge",
  configuration: "billing_portal.configuration",
  coupon: "coupon",
  credit_note_line_item: "credit_note_line_item",
  customer: "customer",
  default_payment_method: "payment_method",
  default_price: "price",
  default_tax_rates: "tax_rate",
  discount: "discount",
  ending_before: "customer",
  from_subscription: "subscription",
  invoice: "invoice",
  invoice_item: "invoiceitem",
  invoice_line_item: "line_item",
  payment_intent: "payment_intent",
  payment_method: "payment_method",
  price: "price",
  product: "product",
  products: "product",
  promotion_code: "promotion_code",
  refund: "refund",
  schedule: "subscription_schedule",
  starting_after: "customer",
  subscription: "subscription",
  subscription_item: "subscription_item",
  tax_rates: "tax_rate",
  test_clock: "test_helpers.test_clock",
};

const KINDS_BY_SEGMENT: Record<string, string> = {
  balance_transactions: "customer_balance_transaction",
  charges: "charge",
  configurations: "billing_portal.configuration",
  coupons: "coupon",
  credit_notes: "credit_note",
  customers: "customer",
  disputes: "dispute",
  events: "event",
  invoice_payments: "invoice_payment",
  invoiceitems: "invoiceitem",
  invoices: "invoice",
  lines: "line_item",
  payment_intents: "payment_intent",
  payment_methods: "payment_method",
  prices: "price",
  products: "product",
  promotion_codes: "promotion_code",
  refunds: "refund",
  sessions: "checkout.session",
  setup_intents: "setup_intent",
  subscription_items: "subscription_item",
  subscription_schedules: "subscription_schedule",
  subscriptions: "subscription",
  tax_ids: "tax_id",
  tax_rates: "tax_rate",
  test_clocks: "test_helpers.test_clock",
  webhook_endpoints: "webhook_endpoint",
};

export function kindOfField(name: string): string | undefined {
  return KINDS_BY_FIELD[name];
}

/** Of the id that stands behind `before`, which ends in a slash. */
export function kindOfPath(before: string, variable: string): string {
  const segment = before.split("/").at(-2) ?? "";
  return KINDS_BY_SEGMENT[segment] ?? variable;
}

/** Texts that Stripe would take under this name, or anything where it takes anything. */
export function exampleOf(name: string): string[] {
  if (name === "currency" || name.endsWith("_currency")) return ["eur", "usd", "jpy", "EUR", "zzz"];
  if (name === "country") return ["DE", "FR", "US", "XX", "de"];
  if (/url/.test(name)) return ["http://127.0.0.1:9/", "not a url"];
  if (/email/.test(name)) return ["ada@example.com", "ada", "a@b"];
  if (/decimal/.test(name)) return ["1900", "12.5", "0.000000000001", "-3", "1e3"];
  if (/payment_method/.test(name))
    return ["pm_card_visa", "pm_card_chargeDeclined", "pm_card_threeDSecure2Required"];
  if (name === "number") return ["4242424242424242", "4000000000000002", "123"];
  if (name === "token") return ["tok_visa", "tok_none"];
  if (name === "expand")
    return ["customer", "latest_invoice.payments", "data.customer", "items.data.price.product", "a.b.c.d.e"];
  if (name === "trial_end" || name === "billing_cycle_anchor") return ["now", "unchanged"];
  if (name === "enabled_events") return ["*", "invoice.paid"];
  if (name === "value") return ["DE123456789", "x"];
  return ["text", "", "Ada Example", "2026-01-31", "1", "x".repeat(400)];
}
