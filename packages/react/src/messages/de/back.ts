import type { Messages } from "../english.ts";

/** Back from a page of Stripe's. */
export const backWords: Messages["back"] = {
  checking: "Wir fragen Stripe nach Ihrer Zahlung.",
  waiting: "Zahlung eingegangen. Ihr Konto folgt gleich.",
  plan: (plan) => `Ihr Plan ist jetzt ${plan}.`,
  credits: (tokens) => `Ihr Guthaben ist da: Sie haben ${tokens} Tokens.`,
  late: "Ihre Zahlung ist bei Stripe; die Aktualisierung dauert länger. Zahlen Sie nicht noch einmal.",
  lateNext:
    "Wir fragen Stripe weiter, auch wenn Sie diese Seite verlassen, und es steht hier, sobald es da ist.",
  switching: (plan) => `Zahlung eingegangen. Ihr Plan wechselt zu ${plan}.`,
  paid: (number, sum) => `Rechnung ${number}, ${sum}.`,
  card: (brand, last4) => `Standardkarte ist jetzt ${brand}\u00a0\u2022\u2022\u2022\u2022\u00a0${last4}.`,
  left: "Es wurde nichts abgebucht.",
  leftDetail: "Sie haben die Zahlungsseite verlassen. Ihre Auswahl steht noch unten.",
};
