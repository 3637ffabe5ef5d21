/** Back from a page of Stripe's. */
export const backWords = {
  checking: "Asking Stripe about your payment.",
  waiting: "Payment received. Your account follows in a moment.",
  plan: (plan: string) => `You are on ${plan}.`,
  credits: (tokens: string) => `Your credits have arrived: balance ${tokens} tokens.`,
  late: "Your payment is with Stripe; the update takes longer. Do not pay again.",
  switching: (plan: string) => `Payment received. Switching to ${plan}.`,
  paid: (number: string, sum: string) => `Invoice ${number}, ${sum}.`,
  card: (brand: string, last4: string) => `Default card is now ${brand} \u2022\u2022\u2022\u2022 ${last4}.`,
  left: "Nothing was charged.",
  leftDetail: "You left the payment page. Your choice is kept below.",
};
