import type { Messages } from "../english.ts";

/** The frame of the standalone settings. */
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
  menu: {
    label: (account) => `Konto: ${account}`,
    current: "Aktuell",
    switchTo: (account) => `Zu ${account} wechseln`,
    signOut: "Abmelden",
    signingOut: "Wird abgemeldet",
  },
  shell: {
    language: "Sprache",
    testMode: "Testmodus: Es fließt kein echtes Geld.",
    accountTime: (moment) => `Zeit des Kontos: ${moment}.`,
  },
};
