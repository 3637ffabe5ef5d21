import type { Messages } from "../english.ts";

/** The settings' screen of what a person is mailed about. */
export const notificationsWords: Messages["notifications"] = {
  where: "Wohin E-Mails gehen",
  goTo: (email) => `E-Mails an Sie gehen an ${email}.`,
  billingAddress: (email) => `Die Rechnungsadresse des Kontos ist ${email}.`,
  sending: {
    smtp: "Sie werden dem Mailserver übergeben, der für diesen Dienst eingestellt ist.",
    letter_box: "Dies ist die Demo: Keine E-Mail verlässt sie. Alle liegen im Briefkasten.",
    none: "Für diesen Dienst ist kein Mailserver eingestellt, daher bekommt niemand E-Mails. Der Betreiber stellt einen ein.",
  },
  letterBox: "Briefkasten öffnen",
  test: "Test-E-Mail senden",
  testing: "Wird gesendet",
  tested: (email) => `Die Test-E-Mail an ${email} wurde übergeben.`,
  testFailed: (why) => `Die Test-E-Mail wurde nicht angenommen: ${why}`,
  what: "Worüber Sie E-Mails bekommen",
  required: "Für Sie immer an: Ein Inhaber erfährt davon, damit es jemand tut.",
  saved: "Gespeichert.",
  categories: {
    usage: { name: "Nutzung", about: "Ein Zähler erreicht 80 % oder 100 % seines Limits." },
    plan: { name: "Plan", about: "Plan, Zeitraum oder Plätze ändern sich." },
    credits: { name: "Guthaben", about: "Guthaben kommt hinzu." },
    payments: {
      name: "Zahlungen",
      about:
        "Eine Zahlung schlägt fehl, Geld geht zurück, ein Plan wird gekündigt oder endet, die automatische Aufladung braucht Sie.",
    },
    security: { name: "Sicherheit", about: "Webhooks bleiben stehen." },
  },
  meters: "Nutzungswarnungen je Zähler",
  metersOff: "Schalten Sie Nutzung ein, um hierüber E-Mails zu bekommen.",
  last: "Letzte E-Mails an Sie",
  empty: "Keine E-Mails an Sie in den letzten 90 Tagen.",
  columns: { subject: "E-Mail", time: "Zeit", state: "Stand" },
  state: { due: "Wartet", sent: "Gesendet", failed: "Fehlgeschlagen" },
  nextTry: (moment) => `Nächster Versuch ${moment}.`,
  more: "Ältere E-Mails anzeigen",
};
