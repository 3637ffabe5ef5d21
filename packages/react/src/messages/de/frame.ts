import type { FrameMessages } from "../en/frame.ts";
import { plural } from "./language.ts";
import { toldWords } from "./told.ts";

/** What stands around the screens, and the words that several of them share. */
export const germanFrame: FrameMessages = {
  language: "de",
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
    notLetIn: (managers) =>
      `Gelingt das nicht, sind Sie kein Mitglied dieses Kontos mehr. Um eine Einladung bitten Sie ${managers === "" ? "einen Inhaber" : managers}.`,
    offline: "Offline. Es kann gerade nichts geladen werden.",
    offlineSince: (moment) => `Offline. Stand: ${moment}.`,
    offlineAction: "Nicht, solange Sie offline sind.",
    inDoubt: "Wir wissen noch nicht, ob das geklappt hat. Zahlen Sie nicht noch einmal; wir prüfen es.",
    checkAgain: "Erneut prüfen",
    meanwhile: "Ihre letzte Zahlung ist auf dem Weg zu Ihrem Konto. Warten Sie zuerst darauf.",
  },
  attention: (count) => `Braucht Ihre Aufmerksamkeit (${count})`,
  severity: { info: "Hinweis", warning: "Warnung", critical: "Problem" },
  interval: { month: "Monatlich", year: "Jährlich" },
  per: { month: "Monat", year: "Jahr" },
  seats: (count) => plural(count, { one: "# Platz", other: "# Plätze" }),
  copyLink: "Link zum Weitergeben kopieren",
  copied: "Kopiert.",
  contacts: (names) => `Die Abrechnung ändern können: ${names}.`,
  told: toldWords,
};
