import type { Messages } from "../english.ts";

/** The frame of the standalone settings, and its Members and Account screens. */
export const settingsWords: Messages["settings"] = {
  nav: {
    label: "Einstellungen",
    billing: "Abrechnung",
    members: "Mitglieder",
    account: "Konto",
    keys: "Schlüssel",
    webhooks: "Webhooks",
    notifications: "Benachrichtigungen",
  },
  members: {
    seats: (seats, used) => `${seats}, ${used} belegt`,
  },
  account: {
    you: "Sie",
    name: "Name",
    email: "E-Mail",
    role: "Rolle",
  },
  shell: {
    language: "Sprache",
    testMode: (moment) => `Testmodus: Es fließt kein echtes Geld. Die Zeit des Kontos ist ${moment}.`,
    signedOut: {
      heading: "Sie sind abgemeldet",
      link: "Öffnen Sie den Anmelde-Link, den npm start ausgegeben hat.",
      effect: "Er meldet diesen Browser an und bringt Sie zur Abrechnung zurück.",
    },
  },
  demo: {
    heading: "Demo",
    day: "+1 Tag",
    week: "+1 Woche",
    month: "+1 Monat",
    use: "Nutzung senden",
    declines: "Karte wird abgelehnt",
    works: "Karte funktioniert",
    working: "In Arbeit",
    webhooks: (count) => `Webhooks (${count})`,
    none: "Stripe hat von diesem Konto noch nichts gemeldet.",
    handled: (moment) => `Verarbeitet, ${moment}`,
    waiting: (moment) => `Wartet, ${moment}`,
    failed: (error, moment) => `Wartet, der letzte Versuch schlug fehl: ${error}, ${moment}`,
  },
};
