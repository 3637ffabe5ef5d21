/** The less trodden ways: items by their own routes, things bought along, invoices that are sent, 3DS at a renewal. */
import { expect, test } from "vitest";
import { advance, customerOnClock, eventsBetween, invoicesOf } from "../../testing/clock.ts";
import { createCatalogue, idOf, refusal, startFixture } from "../../testing/fixture.ts";
import { amountsOf, customerWith, itemOf, latestInvoice, priceAt, seconds, startAt, subscribeTo } from "../../testing/subscriptions.ts"; // prettier-ignore

const JUNE = "2026-06-01T00:00:00Z";

test("an item is added, changed and removed by its own routes, each prorated, and the last one stays", async () => {
  const { stripe, moveTo } = await startAt(JUNE);
  const [team, support] = [await priceAt(stripe, "Team", 3000), await priceAt(stripe, "Support", 600)];
  const { id: subscription, ...begun } = await subscribeTo(stripe, team);
  moveTo("2026-06-16T00:00:00Z");
  const added = await stripe.subscriptionItems.create({ subscription, price: support, quantity: 2 });
  expect(added).toMatchObject({ subscription, quantity: 2, current_period_end: seconds("2026-07-01") });
  moveTo("2026-06-21T00:00:00Z");
  const changed = await stripe.subscriptionItems.update(added.id, {
    quantity: 1,
    proration_behavior: "always_invoice",
  });
  expect(changed.quantity).toBe(1);
  const [invoice] = (await stripe.invoices.list({ subscription })).data;
  // Ten of the fifteen days of two given back, a third of a month of one anew; and what was pending.
  expect([invoice?.total, invoice?.amount_paid]).toEqual([400, 400]);
  expect(invoice && amountsOf(invoice)).toEqual([-400, 200, 600]);
  expect(await stripe.subscriptionItems.del(added.id)).toMatchObject({ id: added.id, deleted: true });
  const [credit] = (await stripe.invoiceItems.list({ pending: true })).data;
  expect(credit?.amount).toBe(-200);
  expect((await stripe.subscriptionItems.list({ subscription })).data).toHaveLength(1);
  const last = await refusal(stripe.subscriptionItems.del(begun.items.data[0]?.id ?? ""));
  expect(last.statusCode).toBe(400);
});

test("what is bought along comes on the first invoice, or on the next, once", async () => {
  const { stripe, emulator, moveTo } = await startAt(JUNE);
  const { team, pack } = await createCatalogue(stripe);
  const add_invoice_items = [{ price: pack.id, quantity: 2 }];
  const subscription = await subscribeTo(stripe, team.id, { add_invoice_items });
  expect(amountsOf(await latestInvoice(stripe, subscription)).sort()).toEqual([1000, 1900]);
  const later = await stripe.subscriptions.update(subscription.id, {
    add_invoice_items: [{ price: pack.id }],
  });
  expect(later.latest_invoice).toBe(subscription.latest_invoice);
  for (const month of ["07", "08"]) {
    moveTo(`2026-${month}-01T02:00:00Z`);
    await emulator.catchUp();
  }
  const renewals = (await stripe.invoices.list({ subscription: subscription.id })).data.slice(0, 2);
  expect(renewals.map(({ total }) => total)).toEqual([1900, 2400]);
  const recurring = stripe.subscriptions.update(subscription.id, { add_invoice_items: [{ price: team.id }] });
  expect((await refusal(recurring)).param).toBe("add_invoice_items[0][price]");
});

test("a subscription whose invoices are sent is active unpaid, past due when it is overdue, active when it is paid", async () => {
  const { stripe, emulator, moveTo } = await startAt(JUNE);
  const price = await priceAt(stripe, "Team", 1900);
  const customer = await customerWith(stripe);
  const missing = stripe.subscriptions.create({ customer, items: [{ price }], collection_method: "send_invoice" });
  expect((await refusal(missing)).param).toBe("days_until_due");
  const sent = await subscribeTo(stripe, price, { customer, collection_method: "send_invoice", days_until_due: 10 });
  const first = await latestInvoice(stripe, sent);
  expect([sent.status, first.status, first.due_date]).toEqual(["active", "open", seconds("2026-06-11T00:00:00Z")]);
  expect((await stripe.events.list({ type: "invoice.sent" })).data).toHaveLength(1);
  moveTo("2026-06-11T00:00:00Z");
  await emulator.catchUp();
  expect((await stripe.subscriptions.retrieve(sent.id)).status).toBe("past_due");
  expect((await stripe.charges.list()).data).toEqual([]);
  await stripe.invoices.pay(first.id ?? "", { paid_out_of_band: true });
  expect((await stripe.subscriptions.retrieve(sent.id)).status).toBe("active");
}); // prettier-ignore

test("prorations are taxed where the customer is, credits too, and reverse charge holds for both", async () => {
  const { stripe, moveTo } = await startAt(JUNE);
  const price = await priceAt(stripe, "Team", 3000);
  const change = async (tax_id_data: { type: "eu_vat"; value: string }[]) => {
    moveTo(JUNE);
    const customer = (await stripe.customers.create({ address: { country: "FR" }, tax_id_data })).id;
    const { id: default_payment_method } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
    const taxed = { customer, default_payment_method, automatic_tax: { enabled: true } };
    const subscription = await subscribeTo(stripe, price, taxed);
    moveTo("2026-06-16T00:00:00Z");
    const items = [{ id: itemOf(subscription).id, quantity: 2 }];
    const changed = await stripe.subscriptions.update(subscription.id, {
      items,
      proration_behavior: "always_invoice",
    });
    const { lines, total } = await latestInvoice(stripe, changed);
    return [total, ...lines.data.map(({ taxes }) => taxes?.[0]?.amount)];
  };
  expect(await change([])).toEqual([1800, -300, 600]);
  expect(await change([{ type: "eu_vat", value: "FRAB123456789" }])).toEqual([1500, 0, 0]);
});

test("F: a renewal whose card asks for its holder says so besides failing, and is paid once they have answered", async () => {
  const fixture = await startFixture({ account: { settings: { upcomingInvoiceDays: 0 } } });
  const { stripe } = fixture;
  const { team } = await createCatalogue(stripe);
  const { clock, customer } = await customerOnClock(fixture, { from: JUNE, card: "pm_card_visa" });
  const { id: subscription } = await stripe.subscriptions.create({ customer, items: [{ price: team.id }] });
  const asking = await stripe.paymentMethods.attach("pm_card_authenticationRequired", { customer });
  await stripe.subscriptions.update(subscription, { default_payment_method: asking.id });
  await advance(fixture, clock, "2026-07-01T02:00:00Z");
  const events = await eventsBetween(fixture, "2026-07-01T00:30:00Z", "2026-07-02T00:00:00Z");
  expect(events.map(({ type }) => type)).toEqual([
    "invoice.finalized",
    "payment_intent.created",
    "charge.failed",
    "payment_intent.payment_failed",
    "invoice.payment_failed",
    "invoice.payment_action_required",
    "invoice.updated",
    "customer.subscription.updated",
  ]);
  const invoice = (await invoicesOf(fixture, { subscription })).at(-1);
  const { payments } = await stripe.invoices.retrieve(invoice?.id ?? "", { expand: ["payments"] });
  const intent = await stripe.paymentIntents.retrieve(idOf(payments?.data[0]?.payment.payment_intent));
  expect(intent).toMatchObject({ status: "requires_payment_method" });
  expect(intent.last_payment_error).toMatchObject({ code: "authentication_required" });
  await stripe.invoices.pay(invoice?.id ?? "", { payment_method: "pm_card_visa" });
  expect((await stripe.subscriptions.retrieve(subscription)).status).toBe("active");
});
