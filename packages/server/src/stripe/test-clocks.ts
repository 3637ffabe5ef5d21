/** Stripe's test clocks and test cards: what the demo moves and breaks. A live key is refused them by Stripe. */
import { SECOND_MS, type Instant } from "@bursar/core";
import Stripe from "stripe";

export interface TestClockFact {
  /** `ready`, `advancing` or `internal_failure`. */
  readonly status: string;
  /** Its time now, whole seconds. */
  readonly frozenAt: Instant;
}

export async function createTestClock(
  stripe: Stripe,
  { name, frozenAt }: { name: string; frozenAt: Instant },
): Promise<string> {
  const clock = await stripe.testHelpers.testClocks.create({ name, frozen_time: seconds(frozenAt) });
  return clock.id;
}

/** `null`: it is no more. Stripe takes a test clock away some days after it was made. */
export async function fetchTestClock(stripe: Stripe, testClockId: string): Promise<TestClockFact | null> {
  try {
    const { status, frozen_time } = await stripe.testHelpers.testClocks.retrieve(testClockId);
    return { status, frozenAt: frozen_time * SECOND_MS };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing")
      return null;
    throw error;
  }
}

/** Begins it; Stripe goes on by itself until the clock is ready. */
export async function advanceTestClock(
  stripe: Stripe,
  { testClockId, to }: { testClockId: string; to: Instant },
): Promise<void> {
  await stripe.testHelpers.testClocks.advance(testClockId, { frozen_time: seconds(to) });
}

const TEST_CARDS = { works: "pm_card_visa", declines: "pm_card_chargeCustomerFail" } as const;
export type TestCard = keyof typeof TEST_CARDS;

/** Puts one of Stripe's test cards in the place of the customer's saved card. */
export async function saveTestCard(
  stripe: Stripe,
  { customerId, card }: { customerId: string; card: TestCard },
): Promise<void> {
  const customer = await stripe.customers.retrieve(customerId);
  const before = customer.deleted === true ? null : customer.invoice_settings.default_payment_method;
  const { id } = await stripe.paymentMethods.attach(TEST_CARDS[card], { customer: customerId });
  await stripe.customers.update(customerId, { invoice_settings: { default_payment_method: id } });
  if (before !== null) await stripe.paymentMethods.detach(typeof before === "string" ? before : before.id);
}

const seconds = (at: Instant): number => Math.floor(at / SECOND_MS);
