/** Contract: invoices made by hand, their items, payments, ends and credit notes; and discounts on them. */
import { expect, test } from "vitest";
import { newPayer, newPrice, refusal, stripeUnderTest } from "./stripe-under-test.ts";

const under = stripeUnderTest();

/** A draft with one item. */
async function draft(amount = 2000) {
  const { stripe } = under;
  const { id: customer } = await newPayer(stripe);
  const invoice = await stripe.invoices.create({ customer, auto_advance: false });
  const id = invoice.id ?? "";
  const item = await stripe.invoiceItems.create({
    customer,
    invoice: id,
    amount,
    currency: invoice.currency,
  });
  return { stripe, customer, id, item };
}

test("contract: a draft gets its number when it is finalized, and is paid by the default card", async () => {
  const { stripe, id } = await draft();
  expect(await stripe.invoices.retrieve(id)).toMatchObject({ status: "draft", number: null, total: 2000 });
  const open = await stripe.invoices.finalizeInvoice(id);
  expect(open.status).toBe("open");
  expect(open.number).toMatch(/-\d{4}$/);
  expect(open.hosted_invoice_url).toContain("http");
  const paid = await stripe.invoices.pay(id, { expand: ["payments"] });
  expect(paid).toMatchObject({ status: "paid", amount_paid: 2000, amount_remaining: 0 });
  expect(paid.payments?.data.map(({ status }) => status)).toEqual(["paid"]);
  const payments = await stripe.invoicePayments.list({ invoice: id });
  expect(payments.data[0]).toMatchObject({
    invoice: id,
    amount_paid: 2000,
    payment: { type: "payment_intent" },
  });
  expect((await refusal(stripe.invoices.pay(id))).statusCode).toBe(400);
});

test("contract: pending items wait for the next invoice; a draft can be deleted, an open one only voided", async () => {
  const { stripe, customer, id, item } = await draft();
  const pending = await stripe.invoiceItems.create({ customer, amount: 300, currency: item.currency });
  expect((await stripe.invoiceItems.list({ customer, pending: true })).data.map((one) => one.id)).toEqual([
    pending.id,
  ]);
  const next = await stripe.invoices.create({ customer, pending_invoice_items_behavior: "include" });
  expect(next.total).toBe(300);
  expect(await stripe.invoices.del(id)).toMatchObject({ deleted: true });
  const open = await stripe.invoices.finalizeInvoice(next.id ?? "", { auto_advance: false });
  expect((await refusal(stripe.invoices.del(open.id ?? ""))).statusCode).toBe(400);
  expect((await stripe.invoices.voidInvoice(open.id ?? "")).status).toBe("void");
});

test("contract: an open invoice can be given up, and be paid all the same", async () => {
  const { stripe, id } = await draft();
  await stripe.invoices.finalizeInvoice(id, { auto_advance: false });
  expect((await stripe.invoices.markUncollectible(id)).status).toBe("uncollectible");
  expect((await stripe.invoices.pay(id)).status).toBe("paid");
});

test("contract: a credit note on a paid invoice gives money back", async () => {
  const { stripe, id } = await draft();
  await stripe.invoices.finalizeInvoice(id);
  await stripe.invoices.pay(id);
  const note = await stripe.creditNotes.create({ invoice: id, amount: 500, refund_amount: 500 });
  expect(note).toMatchObject({ object: "credit_note", amount: 500, status: "issued", invoice: id });
  expect((await stripe.invoices.retrieve(id)).post_payment_credit_notes_amount).toBe(500);
  expect((await refusal(stripe.creditNotes.create({ invoice: id, amount: 5000 }))).statusCode).toBe(400);
});

test("contract: the customer's credit pays first", async () => {
  const { stripe, customer, id, item } = await draft();
  const { currency } = item;
  await stripe.customers.createBalanceTransaction(customer, { amount: -700, currency });
  const open = await stripe.invoices.finalizeInvoice(id);
  expect(open).toMatchObject({ total: 2000, amount_due: 1300, starting_balance: -700, ending_balance: 0 });
});

test("contract: a percentage off is on the invoice's total, and the coupon counts it", async () => {
  const { stripe } = under;
  const { id: customer } = await newPayer(stripe);
  const price = await newPrice(stripe, { amount: 1999, interval: "month" });
  const coupon = await stripe.coupons.create({ percent_off: 20, duration: "once" });
  const subscription = await stripe.subscriptions.create({
    ...{ customer, items: [{ price: price.id }], discounts: [{ coupon: coupon.id }] },
    expand: ["latest_invoice"],
  });
  expect(subscription.latest_invoice).toMatchObject({ subtotal: 1999, total: 1599 });
  expect((await stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1);
});
