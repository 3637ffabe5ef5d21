import type { Messages } from "../english.ts";
import { plural } from "./language.ts";

type FrameWords = Pick<
  Messages,
  | "billing"
  | "tabs"
  | "state"
  | "attention"
  | "severity"
  | "interval"
  | "per"
  | "seats"
  | "back"
  | "copyLink"
  | "copied"
  | "contacts"
>;

/** What stands around the screens, and the words that several of them share. */
export const frameWords: FrameWords = {
  billing: "Abrechnung",
  tabs: {
    label: "Bereiche der Abrechnung",
    overview: "Übersicht",
    usage: "Nutzung",
    credits: "Guthaben",
    invoices: "Rechnungen",
  },
  state: {
    loading: "Wird geladen",
    failed: "Das konnte nicht geladen werden.",
    unreachable: "Der Server ist nicht erreichbar. Es wurde nichts geändert. Prüfen Sie Ihre Verbindung.",
    tryAgain: "Erneut versuchen",
    requestId: "Anfrage-ID",
    signedOut: "Sie sind abgemeldet. Melden Sie sich wieder an: Ihre Auswahl bleibt erhalten.",
    offline: "Offline. Es kann gerade nichts geladen werden.",
    offlineSince: (moment) => `Offline. Stand: ${moment}.`,
    offlineAction: "Nicht, solange Sie offline sind.",
  },
  attention: (count) => `Braucht Ihre Aufmerksamkeit (${count})`,
  severity: { info: "Hinweis", warning: "Warnung", critical: "Problem" },
  interval: { month: "Monatlich", year: "Jährlich" },
  per: { month: "Monat", year: "Jahr" },
  seats: (count) => plural(count, { one: "# Platz", other: "# Plätze" }),
  back: {
    checking: "Wir fragen Stripe nach Ihrer Zahlung.",
    waiting: "Zahlung eingegangen. Ihr Konto folgt gleich.",
    plan: (plan) => `Ihr Plan ist jetzt ${plan}.`,
    credits: (tokens) => `Ihr Guthaben ist da: Sie haben ${tokens} Tokens.`,
    late: "Ihre Zahlung ist bei Stripe; die Aktualisierung dauert länger. Zahlen Sie nicht noch einmal.",
    checkAgain: "Erneut prüfen",
    switching: (plan) => `Zahlung eingegangen. Ihr Plan wechselt zu ${plan}.`,
    paid: (number, sum) => `Rechnung ${number}, ${sum}.`,
    card: (brand, last4) => `Standardkarte ist jetzt ${brand} \u2022\u2022\u2022\u2022 ${last4}.`,
    meanwhile: "Ihre letzte Zahlung ist auf dem Weg zu Ihrem Konto. Warten Sie zuerst darauf.",
    left: "Es wurde nichts abgebucht.",
    leftDetail: "Sie haben die Zahlungsseite verlassen. Ihre Auswahl steht noch unten.",
  },
  copyLink: "Link zum Weitergeben kopieren",
  copied: "Kopiert.",
  contacts: (names) => `Die Abrechnung ändern können: ${names}.`,
};
