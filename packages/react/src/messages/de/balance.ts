import type { Messages } from "../english.ts";
import { plural } from "./language.ts";

/** The balance of credits, wherever it stands. */
export const balanceWords: Messages["balance"] = {
  heading: "Guthaben",
  tokens: (tokens) => `${tokens} Tokens`,
  held: (tokens) => `${tokens} davon sind für laufende Arbeit reserviert`,
  never: "Guthaben verfällt nie.",
  recharge: {
    on: (spent, limit) => `Automatische Aufladung an, ${spent} von ${limit} in diesem Zeitraum`,
    paused: "Automatische Aufladung angehalten",
    off: "Automatische Aufladung aus",
  },
  pace: (days) =>
    `Im Tempo der letzten 7 Tage reichen enthaltene Tokens und Guthaben noch etwa ${plural(days, { one: "# Tag", other: "# Tage" })}.`,
  negative: (date) =>
    `Beendete Arbeit oder eine Erstattung hat mehr verbraucht, als Sie hatten. Neue KI-Arbeit wartet, bis Sie Guthaben kaufen oder Ihr nächstes Kontingent am ${date} das ausgleicht.`,
  negativeOnFree: (date) =>
    `Beendete Arbeit oder eine Erstattung hat mehr verbraucht, als Sie hatten. Neue KI-Arbeit wartet, bis Sie einen höheren Plan wählen oder Ihr nächstes Kontingent am ${date} das ausgleicht.`,
  buy: "Guthaben kaufen",
};
