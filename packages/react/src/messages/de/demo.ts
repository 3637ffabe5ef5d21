import type { Messages } from "../english.ts";

/** The bar of the demo. */
export const demoWords: Messages["demo"] = {
  heading: "Demo",
  day: "+1 Tag",
  week: "+1 Woche",
  month: "+1 Monat",
  use: "Nutzung senden",
  declines: "Karte wird abgelehnt",
  works: "Karte funktioniert",
  working: "In Arbeit",
  webhooks: (count) => `Letzte Webhooks von Stripe (${count})`,
  none: "Stripe hat von diesem Konto noch nichts gemeldet.",
  handled: (moment) => `Verarbeitet, ${moment}`,
  waiting: (moment) => `Wartet, ${moment}`,
  failed: (error, moment) => `Wartet, der letzte Versuch schlug fehl: ${error}, ${moment}`,
};
