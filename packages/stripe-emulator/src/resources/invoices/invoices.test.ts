import { expect, test } from "vitest";
import { refusal } from "../../testing/fixture.ts";
import { customerWith, priceAt, startAt, subscribeTo } from "../../testing/subscriptions.ts";

const JUNE = "2026-06-01T00:00:00Z";

async function packInvoice(card = "pm_card_visa", assumptions = {}) {
  const { stripe } = await startAt(JUNE, { assumptions });
  const customer = await customerWith(stripe, card);
  const product = await stripe.products.create({ name: "Credits" });
  const price = await stripe.prices.create({
    product: product.id,
    currency: "eur",
    unit_amount: 2000,
    tax_behavior: "exclusive",
  });
  const draft = await stripe.invoices.create({ customer, auto_advance: false, metadata: { pack: "1" } });
  await stripe.invoiceItems.create({ customer, invoice: draft.id, pricing: { price: price.id } });
  return { stripe, customer, draft };
}

test("a one-line invoice is made, finalized and paid off session", async () => {
  const { stripe, draft } = await packInvoice();
  expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({
    status: "draft",
    total: 2000,
    number: null,
  });
  const open = await stripe.invoices.finalizeInvoice(draft.id);
  expect(open).toMatchObject({ status: "open", amount_due: 2000, attempted: false });
  expect(open.number).not.toBeNull();
  const paid = await stripe.invoices.pay(draft.id, { off_session: true, expand: ["payments"] });
  expect(paid).toMatchObject({ status: "paid", amount_paid: 2000, amount_remaining: 0 });
  expect(paid.payments?.data.map((payment) => payment.status)).toEqual(["paid"]);
  expect((await refusal(stripe.invoices.pay(draft.id))).code).toBe("invoice_already_paid");
});

test.each([
  ["pm_card_chargeCustomerFail", "card_declined"],
  ["pm_card_authenticationRequired", "authentication_required"],
])(
  "paying off session with %s is refused as %s; the invoice stays open and is not retried",
  async (card, code) => {
    const { stripe, draft } = await packInvoice(card);
    await stripe.invoices.finalizeInvoice(draft.id);
    expect(await refusal(stripe.invoices.pay(draft.id))).toMatchObject({ statusCode: 402, code });
    const after = await stripe.invoices.retrieve(draft.id);
    expect(after).toMatchObject({
      status: "open",
      attempted: true,
      attempt_count: 1,
      next_payment_attempt: null,
    });
    await stripe.invoices.pay(draft.id, { payment_method: "pm_card_visa" });
    expect((await stripe.invoices.retrieve(draft.id)).status).toBe("paid");
  },
);

test("on session a card that must be asked leaves the payment waiting for its holder", async () => {
  const { stripe, draft } = await packInvoice("pm_card_authenticationRequired");
  await stripe.invoices.finalizeInvoice(draft.id);
  const refused = await refusal(stripe.invoices.pay(draft.id, { off_session: false }));
  expect(refused.code).toBe("invoice_payment_intent_requires_action");
  const told = await stripe.events.list({ type: "invoice.payment_action_required" });
  expect(told.data).toHaveLength(1);
});

test("a void invoice keeps its number and gives the applied balance back", async () => {
  const { stripe, customer, draft } = await packInvoice();
  await stripe.customers.createBalanceTransaction(customer, { amount: -500, currency: "eur" });
  const open = await stripe.invoices.finalizeInvoice(draft.id);
  expect(open).toMatchObject({ starting_balance: -500, ending_balance: 0, amount_due: 1500 });
  const gone = await stripe.invoices.voidInvoice(draft.id);
  expect(gone).toMatchObject({ status: "void", number: open.number });
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: -500 });
  const moves = await stripe.customers.listBalanceTransactions(customer);
  expect(moves.data.map(({ type, amount }) => [type, amount])).toEqual([
    ["unapplied_from_invoice", -500],
    ["applied_to_invoice", 500],
    ["adjustment", -500],
  ]);
});

test.each([
  [30, 0, 30],
  [50, 50, 0],
  [-700, 0, -700],
])("an invoice of %i is due with %i and leaves a balance of %i", async (amount, due, balance) => {
  const { stripe } = await startAt(JUNE);
  const customer = await customerWith(stripe);
  await stripe.invoiceItems.create({ customer, amount, currency: "eur", description: "Adjustment" });
  const draft = await stripe.invoices.create({ customer, pending_invoice_items_behavior: "include" });
  const final = await stripe.invoices.finalizeInvoice(draft.id);
  expect(final).toMatchObject({
    amount_due: due,
    status: due === 0 ? "paid" : "open",
    ending_balance: balance,
  });
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance });
});

test("a pending item of the customer goes on the next invoice of a subscription", async () => {
  const { stripe } = await startAt(JUNE);
  const subscription = await subscribeTo(stripe, await priceAt(stripe, "Team", 1000));
  const customer = subscription.customer as string;
  await stripe.invoiceItems.create({ customer, amount: 300, currency: "eur" });
  const preview = await stripe.invoices.createPreview({ subscription: subscription.id });
  expect(preview.lines.data.map((line) => line.amount)).toEqual([300, 1000]);
  expect(preview.id).toMatch(/^upcoming_in_/);
  expect(await refusal(stripe.invoices.retrieve(preview.id ?? ""))).toMatchObject({ statusCode: 404 });
  expect((await stripe.invoices.list({ customer })).data).toHaveLength(1);
});

test("an uncollectible invoice can still be paid, out of band too", async () => {
  const { stripe, draft } = await packInvoice();
  await stripe.invoices.finalizeInvoice(draft.id);
  const marked = await stripe.invoices.markUncollectible(draft.id);
  expect(marked.status).toBe("uncollectible");
  const paid = await stripe.invoices.pay(draft.id, { paid_out_of_band: true });
  expect(paid).toMatchObject({ status: "paid", amount_paid_off_stripe: 2000 });
});

test.each([
  ["deleted", 0],
  ["pending_again", 1],
] as const)("the items of a deleted draft are %s", async (itemsOfDeletedDraft, left) => {
  const { stripe, customer, draft } = await packInvoice("pm_card_visa", { itemsOfDeletedDraft });
  expect(await stripe.invoices.del(draft.id)).toMatchObject({ deleted: true });
  expect((await stripe.invoiceItems.list({ customer, pending: true })).data).toHaveLength(left);
});
