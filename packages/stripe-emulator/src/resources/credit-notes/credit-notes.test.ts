import type Stripe from "stripe";
import { expect, test } from "vitest";
import { advance } from "../../testing/clock.ts";
import { createCatalogue, payCheckout, refusal, startFixture, type Fixture } from "../../testing/fixture.ts";

/** A paid invoice: five packs at 5.00 with 19 % in it, or 2 seats at 19.00 plus 19 %, with an optional discount. */
async function paidInvoice({ stripe }: Fixture, more: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  const { team } = await createCatalogue(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: team.id, quantity: 2 }],
    automatic_tax: { enabled: true },
    success_url: "http://localhost:3000/done",
    ...more,
  });
  await payCheckout(session);
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ["invoice"] });
  return paid.invoice as Stripe.Invoice;
}

/** An invoice of 38.00 that nobody paid: a renewal whose card is declined. */
async function openInvoice(fixture: Fixture) {
  const { stripe } = fixture;
  const { team } = await createCatalogue(stripe);
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: Date.UTC(2026, 0, 1) / 1000 });
  const customer = (await stripe.customers.create({ email: "ada@example.com", test_clock: clock.id })).id;
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    customer,
    line_items: [{ price: team.id, quantity: 2 }],
    success_url: "http://localhost:3000/done",
  });
  await payCheckout(session);
  const subscription = (await stripe.checkout.sessions.retrieve(session.id)).subscription as string;
  const card = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  await stripe.subscriptions.update(subscription, { default_payment_method: card.id });
  await advance(fixture, clock.id, "2026-02-01T02:00:00Z");
  const [invoice] = (await stripe.invoices.list({ subscription, status: "open" })).data;
  if (invoice === undefined) throw new Error("the renewal was paid");
  return { invoice, customer, subscription };
}

test("a paid invoice is credited whole and the card gets its money back", async () => {
  const fixture = await startFixture();
  const { stripe } = fixture;
  const invoice = await paidInvoice(fixture);
  const [line] = invoice.lines.data;
  const lines = [{ type: "invoice_line_item" as const, invoice_line_item: line?.id ?? "", quantity: 2 }];
  const preview = await stripe.creditNotes.preview({ invoice: invoice.id, lines, refund_amount: 4522 });
  expect(preview).toMatchObject({
    total: 4522,
    subtotal: 3800,
    total_excluding_tax: 3800,
    type: "post_payment",
  });
  expect((await stripe.creditNotes.list({ invoice: invoice.id })).data).toEqual([]);
  const note = await stripe.creditNotes.create({
    invoice: invoice.id,
    lines,
    refund_amount: 4522,
    reason: "order_change",
    memo: "Sorry",
  });
  expect(note).toMatchObject({
    number: `${invoice.number}-CN-01`,
    status: "issued",
    amount: 4522,
    post_payment_amount: 4522,
    pre_payment_amount: 0,
    memo: "Sorry",
  });
  expect(note.total_taxes?.[0]).toMatchObject({ amount: 722, taxability_reason: "standard_rated" });
  const refund = await stripe.refunds.retrieve(note.refunds[0]?.refund as string, { expand: ["charge"] });
  expect(refund).toMatchObject({ amount: 4522, status: "succeeded", charge: { refunded: true } });
  const after = await stripe.invoices.retrieve(invoice.id);
  expect(after).toMatchObject({ status: "paid", amount_paid: 4522, post_payment_credit_notes_amount: 4522 });
  const events = (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type);
  expect(events).toEqual(
    expect.arrayContaining(["credit_note.created", "refund.created", "charge.refunded"]),
  );
  const paper = await fetch(note.pdf);
  expect(paper.headers.get("content-type")).toBe("application/pdf");
});

test("parts of a line take tax and discount along and add up to the line", async () => {
  const fixture = await startFixture();
  const { stripe } = fixture;
  const coupon = await stripe.coupons.create({ amount_off: 333, currency: "eur" });
  const invoice = await paidInvoice(fixture, { discounts: [{ coupon: coupon.id }] });
  const [line] = invoice.lines.data;
  const part = (amount: number) => [
    { type: "invoice_line_item" as const, invoice_line_item: line?.id ?? "", amount },
  ];
  const notes: Stripe.CreditNote[] = [];
  for (const [amount, total] of [
    [1000, 1085],
    [1300, 1411],
    [1500, 1630],
  ] as const) {
    const lines = part(amount);
    notes.push(await stripe.creditNotes.create({ invoice: invoice.id, lines, out_of_band_amount: total }));
  }
  const sum = (pick: (note: Stripe.CreditNote) => number) => notes.reduce((all, note) => all + pick(note), 0);
  expect(sum((note) => note.total)).toBe(invoice.total);
  expect(sum((note) => note.discount_amount)).toBe(333);
  expect(sum((note) => note.total_taxes?.[0]?.amount ?? 0)).toBe(invoice.total_taxes?.[0]?.amount);
  const lines = part(1);
  const more = await refusal(
    stripe.creditNotes.create({ invoice: invoice.id, lines, out_of_band_amount: 1 }),
  );
  expect(more.param).toBe("lines[0][amount]");
});

test("what was paid may become credit on the customer's balance instead", async () => {
  const fixture = await startFixture();
  const { stripe } = fixture;
  const invoice = await paidInvoice(fixture);
  const note = await stripe.creditNotes.create({ invoice: invoice.id, amount: 1190, credit_amount: 1190 });
  // 11.90 with 19 % in it is 10.00 and 1.90.
  expect(note).toMatchObject({ total: 1190, total_excluding_tax: 1000 });
  const transaction = await stripe.customers.retrieveBalanceTransaction(
    invoice.customer as string,
    note.customer_balance_transaction as string,
  );
  expect(transaction).toMatchObject({ type: "credit_note", amount: -1190, credit_note: note.id });
  expect(await stripe.customers.retrieve(invoice.customer as string)).toMatchObject({ balance: -1190 });
  const rest = await refusal(
    stripe.creditNotes.create({ invoice: invoice.id, amount: 3333, credit_amount: 3333 }),
  );
  expect(rest.message).toContain("exceeds what is left");
  const uneven = await refusal(
    stripe.creditNotes.create({ invoice: invoice.id, amount: 500, credit_amount: 400 }),
  );
  expect(uneven.message).toContain("(€4.00) must equal the post payment amount (€5.00)");
});

test("under the other reading a bare amount says nothing of tax", async () => {
  const fixture = await startFixture({ account: { assumptions: { creditNoteAmountTax: "none" } } });
  const invoice = await paidInvoice(fixture);
  const note = await fixture.stripe.creditNotes.create({
    invoice: invoice.id,
    amount: 1190,
    credit_amount: 1190,
  });
  expect(note).toMatchObject({ total: 1190, total_excluding_tax: 1190, total_taxes: [] });
});

test("an open invoice asks for less after a credit note, and for all again when the note is voided", async () => {
  const fixture = await startFixture();
  const { stripe } = fixture;
  const { invoice } = await openInvoice(fixture);
  const lines = [
    { type: "custom_line_item" as const, description: "Goodwill", quantity: 2, unit_amount: 400 },
  ];
  const note = await stripe.creditNotes.create({ invoice: invoice.id, lines });
  expect(note).toMatchObject({ type: "pre_payment", pre_payment_amount: 800, post_payment_amount: 0 });
  const expand = ["payments.data.payment.payment_intent"];
  const less = await stripe.invoices.retrieve(invoice.id, { expand });
  expect(less).toMatchObject({
    status: "open",
    total: 3800,
    amount_due: 3000,
    amount_remaining: 3000,
    pre_payment_credit_notes_amount: 800,
  });
  expect(less.payments?.data[0]?.payment.payment_intent).toMatchObject({ amount: 3000 });
  const voided = await stripe.creditNotes.voidCreditNote(note.id);
  expect(voided.status).toBe("void");
  expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({
    amount_remaining: 3800,
    pre_payment_credit_notes_amount: 0,
  });
  expect((await refusal(stripe.creditNotes.voidCreditNote(note.id))).message).toContain("This one is void");
  const second = await stripe.creditNotes.create({ invoice: invoice.id, lines });
  expect(second.number).toBe(`${invoice.number}-CN-02`);
});

test("an open invoice that is credited whole is paid, and its subscription is active again", async () => {
  const fixture = await startFixture();
  const { stripe } = fixture;
  const { invoice, subscription } = await openInvoice(fixture);
  expect((await stripe.subscriptions.retrieve(subscription)).status).toBe("past_due");
  await stripe.creditNotes.create({ invoice: invoice.id, amount: 3800 });
  expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({
    status: "paid",
    amount_paid: 0,
    amount_remaining: 0,
  });
  expect((await stripe.subscriptions.retrieve(subscription)).status).toBe("active");
});

test("a credit note is updated, listed with its lines, and refused for what it cannot credit", async () => {
  const fixture = await startFixture();
  const { stripe } = fixture;
  const invoice = await paidInvoice(fixture);
  const note = await stripe.creditNotes.create({ invoice: invoice.id, amount: 100, out_of_band_amount: 100 });
  const updated = await stripe.creditNotes.update(note.id, { memo: "By bank", metadata: { ticket: "7" } });
  expect(updated).toMatchObject({ memo: "By bank", metadata: { ticket: "7" }, out_of_band_amount: 100 });
  expect((await stripe.creditNotes.list({ customer: invoice.customer as string })).data).toHaveLength(1);
  expect((await stripe.creditNotes.listLineItems(note.id)).data).toHaveLength(1);
  const nothing = await refusal(stripe.creditNotes.create({ invoice: invoice.id }));
  expect(nothing.param).toBe("lines");
  expect((await refusal(stripe.creditNotes.create({ invoice: "in_none", amount: 1 }))).param).toBe("invoice");
  const closed = await refusal(stripe.creditNotes.voidCreditNote(note.id));
  expect(closed.message).toContain("its invoice paid");
});
