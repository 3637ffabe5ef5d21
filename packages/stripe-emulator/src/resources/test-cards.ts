/**
 * Stripe's test cards (docs.stripe.com/testing): what each number does when it is saved and when it is charged. Any
 * other number is declined, as a live card is in test mode.
 */
import { own } from "../wire/own.ts";

export const DECLINES = [
  "generic_decline",
  "insufficient_funds",
  "lost_card",
  "stolen_card",
  "expired_card",
  "incorrect_cvc",
  "processing_error",
] as const;

export type Decline = (typeof DECLINES)[number];

/**
 * When the bank asks the holder to authenticate: never, at every charge, at every charge on session and off session
 * unless the card was set up for later charges, or at charges on session only.
 */
type Authentication = "never" | "always" | "unless_set_up" | "on_session";

export interface TestCard {
  number: string;
  brand: "visa" | "mastercard" | "amex" | "discover" | "diners" | "jcb" | "unionpay";
  country: string;
  funding: "credit" | "debit" | "prepaid";
  /** What a charge comes to, once any authentication is done. */
  charge: "succeeds" | Decline;
  /** Whether it can be saved to a customer. */
  attachable: boolean;
  authentication: Authentication;
  dispute?: "fraudulent" | "product_not_received" | "inquiry";
  refund?: "pending" | "failing";
}

const SUCCEEDS = {
  country: "US",
  funding: "credit",
  charge: "succeeds",
  attachable: true,
  authentication: "never",
} as const;

function card(number: string, changes: Partial<TestCard> = {}): TestCard {
  return { brand: "visa", ...SUCCEEDS, number, ...changes };
}

function declined(number: string, charge: Decline): TestCard {
  return card(number, { charge, attachable: false });
}

/** By the name after `pm_card_`; numbers without such a name have one of ours that is never shown. */
const CARDS: Record<string, TestCard> = {
  visa: card("4242424242424242"),
  visa_debit: card("4000056655665556", { funding: "debit" }),
  mastercard: card("5555555555554444", { brand: "mastercard" }),
  mastercard_debit: card("5200828282828210", { brand: "mastercard", funding: "debit" }),
  mastercard_prepaid: card("5105105105105100", { brand: "mastercard", funding: "prepaid" }),
  amex: card("378282246310005", { brand: "amex" }),
  discover: card("6011111111111117", { brand: "discover" }),
  diners: card("3056930009020004", { brand: "diners" }),
  jcb: card("3566002020360505", { brand: "jcb" }),
  unionpay: card("6200000000000005", { brand: "unionpay" }),
  de: card("4000002760000016", { country: "DE" }),
  gb: card("4000008260000000", { country: "GB" }),
  fr: card("4000002500000003", { country: "FR" }),
  chargeCustomerFail: card("4000000000000341", { charge: "generic_decline" }),
  visa_chargeDeclined: declined("4000000000000002", "generic_decline"),
  chargeDeclined: declined("4000000000000002", "generic_decline"),
  visa_chargeDeclinedInsufficientFunds: declined("4000000000009995", "insufficient_funds"),
  chargeDeclinedInsufficientFunds: declined("4000000000009995", "insufficient_funds"),
  visa_chargeDeclinedLostCard: declined("4000000000009987", "lost_card"),
  visa_chargeDeclinedStolenCard: declined("4000000000009979", "stolen_card"),
  chargeDeclinedExpiredCard: declined("4000000000000069", "expired_card"),
  chargeDeclinedIncorrectCvc: declined("4000000000000127", "incorrect_cvc"),
  chargeDeclinedProcessingError: declined("4000000000000119", "processing_error"),
  authenticationRequired: card("4000002760003184", { country: "DE", authentication: "always" }),
  authenticationRequiredOnSetup: card("4000002500003155", { country: "FR", authentication: "unless_set_up" }),
  authenticationRequiredSetupForOffSession: card("4000003800000446", { authentication: "on_session" }),
  authenticationRequiredChargeDeclinedInsufficientFunds: card("4000008260003178", {
    country: "GB",
    authentication: "always",
    charge: "insufficient_funds",
  }),
  threeDSecure2Required: card("4000000000003220", { authentication: "always" }),
  threeDSecureRequired: card("4000000000003063", { authentication: "always" }),
  threeDSecureRequiredChargeDeclined: card("4000008400001629", {
    authentication: "always",
    charge: "generic_decline",
  }),
  createDispute: card("4000000000000259", { dispute: "fraudulent" }),
  createDisputeProductNotReceived: card("4000000000002685", { dispute: "product_not_received" }),
  createDisputeInquiry: card("4000000000001976", { dispute: "inquiry" }),
  pendingRefund: card("4000000000007726", { refund: "pending" }),
  refundFail: card("4000000000005126", { refund: "failing" }),
};

const byNumber = new Map(Object.values(CARDS).map((entry) => [entry.number, entry]));

/** `pm_card_visa` -> the card, undefined for any other id. */
export function cardOfTemplate(id: string): TestCard | undefined {
  return id.startsWith("pm_card_") ? own(CARDS, id.slice("pm_card_".length)) : undefined;
}

/** `tok_visa`, `tok_chargeDeclined`: the older names of the same cards. */
export function cardOfToken(token: string): TestCard | undefined {
  return token.startsWith("tok_") ? own(CARDS, token.slice("tok_".length)) : undefined;
}

/** Digits only, as `normalizeNumber` gives them. */
export function cardOfNumber(digits: string): TestCard | undefined {
  return byNumber.get(digits);
}

export function normalizeNumber(typed: string): string {
  return typed.replace(/[\s-]/g, "");
}

/** The check digit of ISO/IEC 7812 (Luhn): catches a mistyped number before any bank is asked. */
export function hasValidCheckDigit(digits: string): boolean {
  if (!/^\d{12,19}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = index % 2 === 1 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

/** What a customer reads when a charge is refused. */
export const DECLINE_MESSAGES: Record<Decline | "live_card", string> = {
  generic_decline: "Your card was declined.",
  insufficient_funds: "Your card has insufficient funds.",
  lost_card: "Your card was declined.",
  stolen_card: "Your card was declined.",
  expired_card: "Your card has expired.",
  incorrect_cvc: "Your card's security code is incorrect.",
  processing_error: "An error occurred while processing your card. Try again in a little bit.",
  live_card: "Your card was declined. This is an offline test: use a test card such as 4242 4242 4242 4242.",
};

/** `error.code` of a decline; the others are `card_declined` with a `decline_code`. */
export function errorCode(decline: Decline): string {
  const own: Decline[] = ["expired_card", "incorrect_cvc", "processing_error"];
  return own.includes(decline) ? decline : "card_declined";
}
