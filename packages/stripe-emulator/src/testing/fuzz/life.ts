/** A seller's first week: what made-up requests need to meet before they can break anything. */
import type Stripe from "stripe";

export async function liveALittle(stripe: Stripe, now: number): Promise<unknown[]> {
  const made: unknown[] = [];
  const note = async <T>(promise: Promise<T>): Promise<T> => {
    const object = await promise;
    made.push(object);
    return object;
  };
  const product = await note(stripe.products.create({ name: "Team" }));
  const pack = await note(stripe.products.create({ name: "Pack" }));
  const base = { product: product.id, currency: "eur" };
  const month = await note(
    stripe.prices.create({ ...base, unit_amount: 1900, recurring: { interval: "month" } }),
  );
  const year = await note(
    stripe.prices.create({ ...base, unit_amount: 19_000, recurring: { interval: "year" } }),
  );
  const once = await note(stripe.prices.create({ product: pack.id, currency: "eur", unit_amount: 500 }));
  await note(stripe.coupons.create({ percent_off: 20, duration: "forever" }));
  await note(stripe.coupons.create({ amount_off: 300, currency: "eur", duration: "once" }));
  await note(stripe.webhookEndpoints.create({ url: "http://127.0.0.1:9/", enabled_events: ["*"] }));
  const clock = await note(stripe.testHelpers.testClocks.create({ frozen_time: now }));
  for (const test_clock of [undefined, clock.id]) {
    const customer = await note(
      stripe.customers.create({
        ...(test_clock !== undefined && { test_clock }),
        email: "ada@example.com",
        address: { country: "DE" },
        payment_method: "pm_card_visa",
        invoice_settings: { default_payment_method: "pm_card_visa" },
      }),
    );
    for (const price of [month.id, year.id]) {
      await note(
        stripe.subscriptions.create({
          customer: customer.id,
          items: [{ price, quantity: 2 }],
          expand: ["latest_invoice.payments"],
        }),
      );
    }
    await note(
      stripe.paymentIntents.create({
        ...{ amount: 500, currency: "eur", customer: customer.id, payment_method: "pm_card_visa" },
        ...{ confirm: true, off_session: true },
      }),
    );
  }
  const { id: buyer } = await note(stripe.customers.create({ payment_method: "pm_card_visa" }));
  const items = [{ price: month.id, quantity: 1 }];
  const downgrade = await note(stripe.subscriptions.create({ customer: buyer, items, trial_period_days: 5 }));
  await note(stripe.subscriptionSchedules.create({ from_subscription: downgrade.id }));
  const later = { customer: buyer, start_date: now + 86_400 };
  await note(stripe.subscriptionSchedules.create({ ...later, phases: [{ items }], end_behavior: "release" }));
  await note(stripe.invoiceItems.create({ customer: buyer, amount: 300, currency: "eur" }));
  const invoice = await note(
    stripe.invoices.create({ customer: buyer, pending_invoice_items_behavior: "include" }),
  );
  await note(stripe.invoices.finalizeInvoice(invoice.id ?? "", { auto_advance: false }));
  await note(stripe.creditNotes.create({ invoice: invoice.id ?? "", amount: 100 }));
  await note(stripe.invoices.create({ customer: buyer }));
  await note(stripe.invoiceItems.create({ customer: buyer, amount: 200, currency: "eur" }));
  await note(stripe.taxRates.create({ display_name: "VAT", percentage: 20, inclusive: true }));
  await note(
    stripe.checkout.sessions.create({
      ...{ mode: "payment", line_items: [{ price: once.id, quantity: 1 }] },
      success_url: "http://127.0.0.1:9/",
    }),
  );
  return made;
}
