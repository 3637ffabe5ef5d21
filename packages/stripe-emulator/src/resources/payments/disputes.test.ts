import type Stripe from "stripe";
import { expect, test } from "vitest";
import { refusal, startFixture } from "../../testing/fixture.ts";

async function disputed(stripe: Stripe, payment_method: string): Promise<Stripe.Dispute> {
  const intent = await stripe.paymentIntents.create({
    amount: 1000,
    currency: "eur",
    payment_method,
    confirm: true,
  });
  const [dispute] = (await stripe.disputes.list({ payment_intent: intent.id })).data;
  if (dispute === undefined) throw new Error("the charge was not disputed");
  return dispute;
}

async function disputeEvents(stripe: Stripe): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100, type: "charge.dispute.*" });
  return data.map((event) => event.type.replace("charge.dispute.", "")).reverse();
}

const amounts = (dispute: Stripe.Dispute) =>
  dispute.balance_transactions.map(({ amount, fee, net }) => [amount, fee, net]);

test.each([
  [
    "pm_card_createDispute",
    "fraudulent",
    "needs_response",
    [[-1000, 2000, -3000]],
    ["created", "funds_withdrawn"],
  ],
  [
    "pm_card_createDisputeProductNotReceived",
    "product_not_received",
    "needs_response",
    [[-1000, 2000, -3000]],
    ["created", "funds_withdrawn"],
  ],
  ["pm_card_createDisputeInquiry", "fraudulent", "warning_needs_response", [], ["created"]],
])("%s: the charge succeeds and is then disputed", async (card, reason, status, money, events) => {
  const { stripe } = await startFixture();
  const dispute = await disputed(stripe, card);
  expect(dispute).toMatchObject({ amount: 1000, reason, status, is_charge_refundable: money.length === 0 });
  expect(amounts(dispute)).toEqual(money);
  expect(await disputeEvents(stripe)).toEqual(events);
  const charge = await stripe.charges.retrieve(dispute.charge as string);
  expect(charge).toMatchObject({ disputed: true, status: "succeeded", paid: true });
  expect((await stripe.disputes.retrieve(dispute.id)).payment_intent).toBe(charge.payment_intent);
});

test.each([
  ["pm_card_createDispute", "winning_evidence", "won", 0, ["updated", "closed", "funds_reinstated"]],
  ["pm_card_createDispute", "losing_evidence", "lost", -3000, ["updated", "closed"]],
  ["pm_card_createDispute", "a photo of the parcel", "under_review", -3000, ["updated"]],
  ["pm_card_createDisputeInquiry", "winning_evidence", "warning_closed", 0, ["updated", "closed"]],
  ["pm_card_createDisputeInquiry", "losing_evidence", "warning_closed", 0, ["updated", "closed"]],
  [
    "pm_card_createDisputeInquiry",
    "escalate_inquiry_evidence",
    "needs_response",
    -3000,
    ["updated", "updated", "funds_withdrawn"],
  ],
])("%s with %s ends %s", async (card, uncategorized_text, status, net, events) => {
  const { stripe } = await startFixture();
  const { id } = await disputed(stripe, card);
  const before = (await disputeEvents(stripe)).length;
  const dispute = await stripe.disputes.update(id, { evidence: { uncategorized_text } });
  expect(dispute).toMatchObject({ status, evidence: { uncategorized_text } });
  expect(dispute.evidence_details).toMatchObject({ has_evidence: true, submission_count: 1 });
  expect(dispute.balance_transactions.reduce((sum, one) => sum + one.net, 0)).toBe(net);
  expect((await disputeEvents(stripe)).slice(before)).toEqual(events);
});

test("evidence may be prepared before it is submitted, and a closed dispute takes none", async () => {
  const { stripe } = await startFixture();
  const { id } = await disputed(stripe, "pm_card_createDispute");
  const prepared = await stripe.disputes.update(id, { evidence: { customer_name: "Ada" }, submit: false });
  expect(prepared).toMatchObject({ status: "needs_response", evidence: { customer_name: "Ada" } });
  expect(prepared.evidence_details.submission_count).toBe(0);
  const file = await refusal(stripe.disputes.update(id, { evidence: { receipt: "file_1" } }));
  expect(file.param).toBe("evidence[receipt]");
  expect((await stripe.disputes.close(id)).status).toBe("lost");
  expect((await refusal(stripe.disputes.close(id))).message).toContain("already closed");
  const late = await refusal(stripe.disputes.update(id, { evidence: { customer_name: "Bob" } }));
  expect(late.message).toContain("already closed");
  expect((await stripe.disputes.update(id, { metadata: { note: "given up" } })).metadata).toEqual({
    note: "given up",
  });
});

test("money that a chargeback took is not refunded as well; an inquiry's may be", async () => {
  const { stripe } = await startFixture();
  const chargeback = await disputed(stripe, "pm_card_createDispute");
  const charge = chargeback.charge as string;
  expect((await refusal(stripe.refunds.create({ charge }))).code).toBe("charge_disputed");
  await stripe.disputes.update(chargeback.id, { evidence: { uncategorized_text: "winning_evidence" } });
  expect((await stripe.refunds.create({ charge })).status).toBe("succeeded");
  const inquiry = await disputed(stripe, "pm_card_createDisputeInquiry");
  expect((await stripe.refunds.create({ charge: inquiry.charge as string, amount: 400 })).amount).toBe(400);
});

test("one on order comes later, of a part and after a refund; won, it returns just that part", async () => {
  const { emulator, stripe } = await startFixture();
  const intent = await stripe.paymentIntents.create({
    amount: 1000,
    currency: "eur",
    payment_method: "pm_card_visa",
    confirm: true,
  });
  await stripe.refunds.create({ payment_intent: intent.id, amount: 300 });
  const id = emulator.dispute({ payment_intent: intent.id, amount: 450 });
  const dispute = await stripe.disputes.retrieve(id);
  expect(dispute).toMatchObject({ amount: 450, status: "needs_response", payment_intent: intent.id });
  expect(amounts(dispute)).toEqual([[-450, 2000, -2450]]);
  const won = await stripe.disputes.update(id, { evidence: { uncategorized_text: "winning_evidence" } });
  expect(won.balance_transactions.map(({ amount }) => amount)).toEqual([-450, 450]);

  const order = (body: unknown) =>
    fetch(`${emulator.url}/_emulator/disputes`, { method: "POST", body: JSON.stringify(body) });
  const inquiry = await order({ payment_intent: intent.latest_charge, inquiry: true });
  expect([inquiry.status, await inquiry.json()]).toMatchObject([
    201,
    { amount: 1000, status: "warning_needs_response", balance_transactions: [] },
  ]);
  for (const wrong of [
    {},
    { payment_intent: "pi_none" },
    { payment_intent: intent.id, amount: 1001 },
    { payment_intent: intent.id, amount: 0 },
    { payment_intent: intent.id, inquiry: "yes" },
    { payment_intent: intent.id, sum: 3 },
  ]) {
    expect((await order(wrong)).status, JSON.stringify(wrong)).toBe(400);
  }
  expect(() => emulator.dispute({ payment_intent: "pi_none" })).toThrow("no charge");
});
