import type { Messages } from "../english.ts";

/** Withdrawing from the contract, as a consumer. */
export const withdrawalWords: Messages["withdrawal"] = {
  heading: "Vertrag widerrufen",
  contract: (plan, concluded) => `Ihr Vertrag: ${plan}, geschlossen am ${concluded}.`,
  until: (moment) => `Sie können bis ${moment} widerrufen, ohne Angabe von Gründen.`,
  ends: "Ihr Plan endet sofort, danach haben Sie Free. Dafür wird nichts mehr abgebucht.",
  refund: (sum) =>
    `${sum} gehen an die Karte zurück, mit der bezahlt wurde. Banken brauchen dafür 5 bis 10 Werktage.`,
  noRefund: "Es wurde nichts bezahlt, also wird nichts geschuldet.",
  credit: (sum) => `${sum}, die Ihr Guthaben bezahlt hat, werden wieder zu Guthaben.`,
  kept: "Ihre Daten bleiben erhalten und lesbar, gekauftes Guthaben bleibt.",
  name: "Ihr Name",
  email: "E-Mail-Adresse für die Bestätigung",
  declaration: (plan) => `Ich widerrufe den Vertrag über ${plan}.`,
  confirm: "Widerruf bestätigen",
  working: "Wird widerrufen",
  back: "Plan behalten",
  done: (moment) => `Ihr Widerruf ist am ${moment} eingegangen.`,
  number: "Nummer",
  received: "Eingegangen",
  declared: "Erklärt",
  by: "Name",
  sentTo: "Angegebene E-Mail-Adresse",
  planEnd: "Plan beendet",
  ending: "Er wird gerade beendet.",
  money: "Geld",
  state: {
    pending: (sum) => `${sum} sind auf dem Weg zurück an die Karte, mit der bezahlt wurde.`,
    sent: (sum) =>
      `${sum} wurden an die Karte zurückgesendet, mit der bezahlt wurde. Banken brauchen 5 bis 10 Werktage.`,
    held_up: (sum) =>
      `${sum} konnten noch nicht zurückgesendet werden. Wir versuchen es erneut und suchen einen anderen Weg.`,
  },
  print: "Drucken oder speichern",
  none: "Es gibt keinen Vertrag, der widerrufen werden könnte.",
};
