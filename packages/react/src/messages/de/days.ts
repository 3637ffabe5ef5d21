import type { Messages } from "../english.ts";
import { plural } from "./language.ts";

/** Use by day, mails about a meter, and where it is going. */
export const daysWords: Messages["days"] = {
  perDay: {
    heading: "Nutzung pro Tag",
    meter: "Zähler",
    span: "Zeitraum",
    spans: {
      window: (range) => `Dieser Zeitraum, ${range}`,
      days: (count) => plural(count, { one: "Letzter Tag", other: "Letzte # Tage" }),
      own: "Tage wählen",
    },
    from: "Von",
    to: "Bis",
    shownAs: "Ansicht",
    chart: "Diagramm",
    table: "Tabelle",
    dayInChart: (meter) => `${meter}, Tag für Tag`,
    keys: "Mit den Pfeiltasten gehen Sie von Tag zu Tag.",
    readout: (date, quantity) => `${date}: ${quantity}.`,
    soFar: (date) => `${date}, bisher`,
    total: (total) => `Summe ${total}.`,
    caption: (meter) => `${meter} pro Tag (UTC), die neuesten zuerst`,
    columns: { day: "Tag", quantity: "Pro Tag", level: "Am Ende des Tages", total: "Summe" },
    legend: {
      day: "Pro Tag",
      level: "Am Ende des Tages",
      today: "Heute, bisher",
      total: "Summe",
      projection: "Hochrechnung",
      limit: "Limit",
    },
    limit: (limit) => `Limit ${limit}`,
    before: (date, quantity) =>
      `Am ${date} wurden ${quantity} vor Beginn dieses Zeitraums genutzt; sie zählen nicht dazu.`,
    nothing: "In diesen Tagen wurde nichts gezählt.",
    nothingHint: "Sobald Ihr Produkt Nutzung dieses Zählers meldet, sehen Sie sie hier.",
  },
  groups: {
    heading: (name) => `Nach ${name}`,
    caption: (meter, name) => `${meter} nach ${name}, das meiste zuerst`,
    used: "Genutzt",
    share: "Anteil",
    none: "Nicht zugeordnet",
    others: (count) => plural(count, { one: "# weiterer Eintrag", other: "# weitere Einträge" }),
    othersUncounted: "Weitere Einträge",
    total: "Summe",
  },
  alerts: {
    label: (meter) => `Bei 80\u00a0% und 100\u00a0% von ${meter} eine E-Mail an mich`,
    allOff: "Ihre E-Mails zum Verbrauch sind insgesamt aus, in Ihren Benachrichtigungen.",
    saving: "Wird gespeichert",
    saved: "Gespeichert.",
    failed: "Das konnte nicht gespeichert werden. Versuchen Sie es erneut.",
  },
  projection: {
    range: (low, high, date) => `In diesem Tempo sind es ${low} bis ${high} bis zum ${date}.`,
    one: (amount, date) => `In diesem Tempo sind es ${amount} bis zum ${date}.`,
    mid: (mid) => `Am wahrscheinlichsten sind etwa ${mid}.`,
    stops: (limit) => `Bei ${limit} würde die Nutzung enden.`,
    reaches: (limit, date) => `Sie erreichen ${limit} um den ${date}.`,
    basis: "Aus den letzten vollen Tagen, höchstens 7.",
    none: "Eine Hochrechnung braucht drei volle Tage mit Nutzung aus der letzten Zeit.",
    seePlans: "Pläne ansehen",
  },
};
