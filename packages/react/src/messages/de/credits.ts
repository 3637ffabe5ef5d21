import type { Messages } from "../english.ts";
import { plural } from "./language.ts";

/** The credits' own screen: packs, and what moved. */
export const creditsWords: Messages["credits"] = {
  choose: "Paket wählen",
  popular: "Am beliebtesten",
  saves: (percent) => `${percent}\u00a0% günstiger`,
  perMillion: (price) => `${price} pro 1.000.000`,
  vat: "Preise enthalten die MwSt.",
  purchase: (tokens, price) => `${tokens} Tokens für ${price} kaufen`,
  paying: "Zahlung läuft",
  today: (card) => `Heute, ${card}`,
  inclVat: (price) => `${price} inkl.\u00a0MwSt.`,
  anotherWay: "Anders zahlen",
  atStripe: "Sie zahlen auf der Seite von Stripe und kommen dann hierher zurück.",
  bought: (tokens, balance) => `${tokens} Tokens sind da. Ihr Guthaben: ${balance} Tokens.`,
  changed: (before, after) =>
    `Der Preis hat sich von ${before} auf ${after} geändert. Es wurde nichts abgebucht: Sehen Sie ihn sich noch einmal an.`,
  bank: "Ihre Bank bittet Sie um Bestätigung. Es wurde noch nichts abgebucht.",
  bankAction: "Bei Ihrer Bank bestätigen",
  emptyPacks: "Hier werden keine Pakete verkauft.",
  history: "Verlauf",
  historyCaption:
    "Bewegungen Ihres Guthabens und der enthaltenen Tokens, die neuesten zuerst. Zeiten sind UTC.",
  emptyHistory:
    "Noch keine Bewegungen. Die erste ist ein Kauf oder KI-Nutzung, die über Ihr Kontingent hinausgeht.",
  emptyFilter: "Nichts dieser Art in diesen Tagen.",
  filterType: "Art",
  filterSpan: "Zeitraum",
  allTypes: "Alle Arten",
  lastDays: (count) => plural(count, { one: "Letzter Tag", other: "Letzte # Tage" }),
  allTime: "Von Anfang an",
  eachUse: "Jede Nutzung zeigen",
  uses: (count) => plural(count, { one: "einmal", other: "#-mal" }),
  included: "enthaltene Tokens",
  waiting: "Wartet auf Zahlung",
  failed: (reason) => `Fehlgeschlagen: ${reason}`,
  failedUnknown: "Fehlgeschlagen, nichts abgebucht",
  receipt: "Beleg",
  receiptOf: (type, moment) => `Beleg: ${type}, ${moment}`,
  columns: { time: "Zeit", type: "Art", tokens: "Tokens", price: "Preis", balance: "Stand danach" },
  type: {
    purchase: "Gekauft",
    auto_recharge: "Automatische Aufladung",
    usage: "Genutzt",
    refund: "Erstattung",
    adjustment: "Korrektur",
    allocation: "Kontingent",
    allocation_usage: "Aus dem Kontingent genutzt",
    lapse: "Kontingent verfallen",
  },
  more: "Mehr zeigen",
};
