import type Stripe from "stripe";
import { expect, test } from "vitest";
import { refusal, startFixture } from "../testing/fixture.ts";

/** Name after `pm_card_` and `tok_`, number, what saving it comes to, what charging it with its holder there comes to. */
const TABLE = [
  ["visa", "4242424242424242", "saved", "succeeded"],
  ["mastercard", "5555555555554444", "saved", "succeeded"],
  ["amex", "378282246310005", "saved", "succeeded"],
  ["chargeCustomerFail", "4000000000000341", "saved", "card_declined"],
  ["visa_chargeDeclined", "4000000000000002", "card_declined", "card_declined"],
  ["visa_chargeDeclinedInsufficientFunds", "4000000000009995", "card_declined", "card_declined"],
  ["visa_chargeDeclinedLostCard", "4000000000009987", "card_declined", "card_declined"],
  ["visa_chargeDeclinedStolenCard", "4000000000009979", "card_declined", "card_declined"],
  ["chargeDeclinedExpiredCard", "4000000000000069", "expired_card", "expired_card"],
  ["chargeDeclinedIncorrectCvc", "4000000000000127", "incorrect_cvc", "incorrect_cvc"],
  ["chargeDeclinedProcessingError", "4000000000000119", "processing_error", "processing_error"],
  ["authenticationRequired", "4000002760003184", "saved", "requires_action"],
  ["authenticationRequiredOnSetup", "4000002500003155", "saved", "requires_action"],
  ["authenticationRequiredSetupForOffSession", "4000003800000446", "saved", "requires_action"],
  ["authenticationRequiredChargeDeclinedInsufficientFunds", "4000008260003178", "saved", "requires_action"],
  ["threeDSecure2Required", "4000000000003220", "saved", "requires_action"],
  ["threeDSecureRequiredChargeDeclined", "4000008400001629", "saved", "requires_action"],
  ["createDispute", "4000000000000259", "saved", "succeeded"],
  ["createDisputeProductNotReceived", "4000000000002685", "saved", "succeeded"],
  ["createDisputeInquiry", "4000000000001976", "saved", "succeeded"],
  ["pendingRefund", "4000000000007726", "saved", "succeeded"],
  ["refundFail", "4000000000005126", "saved", "succeeded"],
] as const;

async function outcomeOf(work: Promise<object>): Promise<string> {
  return work.then(
    (made) => ("status" in made ? String(made.status) : "saved"),
    (error: unknown) => (error as Stripe.errors.StripeError).code ?? "",
  );
}

test.each(TABLE)(
  "the card %s, by name, token and number %s: %s, %s",
  async (name, number, saving, charging) => {
    const { stripe } = await startFixture();
    const customer = (await stripe.customers.create()).id;
    const cvc = number.startsWith("37") ? "1234" : "123";
    const typed = { type: "card" as const, card: { number, exp_month: 12, exp_year: 2034, cvc } };
    const byNumber = await stripe.paymentMethods.create(typed);
    const byToken = await stripe.paymentMethods.create({ type: "card", card: { token: `tok_${name}` } });
    expect(byNumber.card?.last4).toBe(number.slice(-4));
    expect(byToken.card).toMatchObject({ last4: number.slice(-4), brand: byNumber.card?.brand });
    for (const id of [`pm_card_${name}`, byNumber.id]) {
      expect(await outcomeOf(stripe.paymentMethods.attach(id, { customer }))).toBe(saving);
      const charge = { amount: 1000, currency: "eur", payment_method: id, confirm: true };
      const owner = saving === "saved" && id === byNumber.id ? { customer } : {};
      expect(await outcomeOf(stripe.paymentIntents.create({ ...charge, ...owner }))).toBe(charging);
    }
  },
);

test("a template is a new card each time it is attached", async () => {
  const { stripe } = await startFixture();
  const customer = (await stripe.customers.create()).id;
  const first = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  const second = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  expect(first.id).toMatch(/^pm_(?!card)/);
  expect(second.id).not.toBe(first.id);
  expect((await stripe.customers.listPaymentMethods(customer)).data).toHaveLength(2);
  const unknown = await refusal(stripe.paymentMethods.attach("pm_card_nobody", { customer }));
  expect(unknown.statusCode).toBe(404);
});

test.each([
  ["authenticationRequired", "authentication_required"],
  ["authenticationRequiredOnSetup", "authentication_required"],
  ["authenticationRequiredSetupForOffSession", "succeeded"],
  ["threeDSecure2Required", "authentication_required"],
  ["chargeCustomerFail", "card_declined"],
  ["visa", "succeeded"],
])("off session, the saved card %s comes to %s", async (name, outcome) => {
  const { stripe } = await startFixture();
  const customer = (await stripe.customers.create()).id;
  const { id } = await stripe.paymentMethods.attach(`pm_card_${name}`, { customer });
  const charge = { amount: 1000, currency: "eur", customer, payment_method: id };
  expect(await outcomeOf(stripe.paymentIntents.create({ ...charge, off_session: true, confirm: true }))).toBe(
    outcome,
  );
});
