/** Back from a page of Stripe's. */
export const backWords = {
  checking: "Asking Stripe about your payment.",
  waiting: "Payment received. Your account follows in a moment.",
  plan: (plan: string) => `You are on ${plan}.`,
  credits: (tokens: string) => `Your credits have arrived: balance ${tokens} tokens.`,
  late: "Your payment is with Stripe; the update takes longer. Do not pay again.",
  lateNext:
    "We go on asking Stripe, also when you leave this page, and it shows here as soon as it is there.",
  switching: (plan: string) => `Payment received. Switching to ${plan}.`,
  paid: (number: string, sum: string) => `Invoice ${number}, ${sum}.`,
  card: (brand: string, last4: string) =>
    `Default card is now ${brand}\u00a0\u2022\u2022\u2022\u2022\u00a0${last4}.`,
  left: "Nothing was charged.",
  leftDetail: "You left the payment page. Your choice is kept below.",
};
