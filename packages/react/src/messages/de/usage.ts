import type { Messages } from "../english.ts";

/** Use of each meter, as a bar. */
export const usageWords: Messages["usage"] = {
  heading: "Nutzung",
  window: (range, until) => `${range} (UTC), beginnt neu ${until}`,
  of: (used, limit) => `${used} von ${limit}`,
  unlimited: "Unbegrenzt",
  noData: "Noch keine Daten",
  noDataOf: (limit) => `Noch keine Daten, Limit ${limit}`,
  percent: (percent) => `${percent}\u00a0%`,
  percentWords: (percent) => `${percent} Prozent`,
  underOne: "<1",
  underOneWords: "unter 1",
  atLimit: (sentence) => `Am Limit gilt: ${sentence}`,
  spoken: (figures, state) => `${figures}, ${state}`,
  counted: (amount) => amount,
  warning: "Limit fast erreicht",
  reached: "Limit erreicht",
  over: (amount) => `${amount} über dem Limit`,
  overOnCredits: (amount) => `${amount} darüber, aus Guthaben`,
  resets: (date) => `Beginnt neu am ${date}`,
  noReset: "Beginnt nicht neu",
  delayed: (moment) => `Verzögert, Stand: ${moment}`,
  lastEvent: (moment) => `Letztes Ereignis ${moment}`,
  empty: "In diesem Plan wird nichts gezählt.",
  all: "Alle Zähler",
};
