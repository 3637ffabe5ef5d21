import type Stripe from "stripe";
import { expect, test } from "vitest";
import { refusal, startFixture, submitPage } from "../../testing/fixture.ts";

async function setupEvents(stripe: Stripe): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100 });
  return data
    .map(({ type }) => type)
    .filter((type) => /^(setup_intent|payment_method)/.test(type))
    .reverse();
}

test("a card is saved in one call, belongs to the customer and is charged later without them", async () => {
  const { stripe } = await startFixture();
  const customer = (await stripe.customers.create()).id;
  const intent = await stripe.setupIntents.create({
    customer,
    payment_method: "pm_card_visa",
    confirm: true,
  });
  expect(intent).toMatchObject({ status: "succeeded", usage: "off_session", customer, next_action: null });
  const [card] = (await stripe.customers.listPaymentMethods(customer)).data;
  expect(card?.id).toBe(intent.payment_method);
  expect(await setupEvents(stripe)).toEqual([
    "setup_intent.created",
    "payment_method.attached",
    "setup_intent.succeeded",
  ]);
  const charged = await stripe.paymentIntents.create({
    amount: 500,
    currency: "eur",
    customer,
    payment_method: card?.id ?? "",
    off_session: true,
    confirm: true,
  });
  expect(charged.status).toBe("succeeded");
});

test("a setup intent is made, updated, confirmed and found step by step", async () => {
  const { stripe } = await startFixture();
  const customer = (await stripe.customers.create()).id;
  const { id } = await stripe.setupIntents.create({ usage: "on_session", metadata: { a: "1" } });
  expect((await refusal(stripe.setupIntents.confirm(id))).code).toBe("setup_intent_unexpected_state");
  const named = await stripe.setupIntents.update(id, {
    customer,
    payment_method: "pm_card_mastercard",
    metadata: { b: "2" },
  });
  expect(named).toMatchObject({
    status: "requires_confirmation",
    metadata: { a: "1", b: "2" },
    usage: "on_session",
  });
  expect((await stripe.setupIntents.confirm(id)).status).toBe("succeeded");
  expect((await stripe.setupIntents.list({ customer })).data.map((intent) => intent.id)).toEqual([id]);
  const paymentMethod = named.payment_method as string;
  expect((await stripe.setupIntents.list({ payment_method: paymentMethod })).data).toHaveLength(1);
  for (const late of [
    stripe.setupIntents.confirm(id),
    stripe.setupIntents.cancel(id),
    stripe.setupIntents.update(id, { customer }),
  ]) {
    expect(await refusal(late)).toMatchObject({ statusCode: 400, code: "setup_intent_unexpected_state" });
  }
});

test("a setup intent that nobody needs is canceled with its reason", async () => {
  const { stripe } = await startFixture();
  const { id } = await stripe.setupIntents.create();
  const canceled = await stripe.setupIntents.cancel(id, { cancellation_reason: "abandoned" });
  expect(canceled).toMatchObject({ status: "canceled", cancellation_reason: "abandoned" });
  expect(await setupEvents(stripe)).toContain("setup_intent.canceled");
});

test.each([
  ["pm_card_chargeDeclined", "card_declined", "generic_decline"],
  ["pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"],
  ["pm_card_chargeDeclinedExpiredCard", "expired_card", ""],
  ["pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", ""],
  ["pm_card_chargeDeclinedProcessingError", "processing_error", ""],
])("saving %s is refused as %s, and the intent says so", async (payment_method, code, decline_code) => {
  const { stripe } = await startFixture();
  const customer = (await stripe.customers.create()).id;
  const error = await refusal(stripe.setupIntents.create({ customer, payment_method, confirm: true }));
  expect(error).toMatchObject({ statusCode: 402, type: "StripeCardError", code });
  expect(error.decline_code).toBe(decline_code);
  const intent = await stripe.setupIntents.retrieve(error.setup_intent?.id ?? "");
  expect(intent).toMatchObject({ status: "requires_payment_method", payment_method: null });
  expect(intent.last_setup_error).toMatchObject({ code, payment_method: { type: "card" } });
  expect(await setupEvents(stripe)).toEqual(["setup_intent.created", "setup_intent.setup_failed"]);
  const again = await stripe.setupIntents.confirm(intent.id, { payment_method: "pm_card_visa" });
  expect(again).toMatchObject({ status: "succeeded", last_setup_error: null });
});

test("the bank asks the holder, who answers on a page and comes back", async () => {
  const { stripe } = await startFixture();
  const customer = (await stripe.customers.create()).id;
  const return_url = "http://localhost:3000/saved";
  const params = {
    customer,
    payment_method: "pm_card_authenticationRequiredOnSetup",
    confirm: true,
    return_url,
  };
  const asked = await stripe.setupIntents.create(params);
  expect(asked).toMatchObject({ status: "requires_action", next_action: { type: "redirect_to_url" } });
  const page = asked.next_action?.redirect_to_url?.url ?? "";
  const failed = await submitPage(page, { answer: "fail" });
  expect(failed.location).toContain(`redirect_status=failed`);
  const refused = await stripe.setupIntents.retrieve(asked.id);
  expect(refused.last_setup_error?.code).toBe("setup_intent_authentication_failure");
  await stripe.setupIntents.confirm(asked.id, { payment_method: "pm_card_authenticationRequiredOnSetup" });
  const done = await submitPage(page, { answer: "complete" });
  expect(done.location).toBe(
    `${return_url}?setup_intent=${asked.id}&setup_intent_client_secret=${asked.client_secret}&redirect_status=succeeded`,
  );
  const saved = await stripe.setupIntents.retrieve(asked.id);
  expect(saved.status).toBe("succeeded");
  const charge = { amount: 500, currency: "eur", customer, off_session: true, confirm: true };
  const paid = await stripe.paymentIntents.create({
    ...charge,
    payment_method: saved.payment_method as string,
  });
  expect(paid.status).toBe("succeeded");
});

test("a card saved for use with the customer there still asks when they are away", async () => {
  const { stripe } = await startFixture();
  const customer = (await stripe.customers.create()).id;
  const usage = "on_session";
  const payment_method = "pm_card_authenticationRequiredOnSetup";
  const asked = await stripe.setupIntents.create({ customer, usage, payment_method, confirm: true });
  await submitPage(asked.next_action?.redirect_to_url?.url ?? "", { answer: "complete" });
  const error = await refusal(
    stripe.paymentIntents.create({
      amount: 500,
      currency: "eur",
      customer,
      payment_method: asked.payment_method as string,
      off_session: true,
      confirm: true,
    }),
  );
  expect(error.code).toBe("authentication_required");
});

test("another customer's card and what is not served are refused by name", async () => {
  const { stripe } = await startFixture();
  const [ada, bob] = [await stripe.customers.create(), await stripe.customers.create()];
  const card = await stripe.paymentMethods.attach("pm_card_visa", { customer: ada.id });
  const theirs = await refusal(stripe.setupIntents.create({ customer: bob.id, payment_method: card.id }));
  expect(theirs).toMatchObject({ statusCode: 400, param: "payment_method" });
  const unserved = await refusal(stripe.setupIntents.create({ attach_to_self: true }));
  expect(unserved).toMatchObject({ statusCode: 400, param: "attach_to_self" });
});
