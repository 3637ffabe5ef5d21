import type { Messages } from "../english.ts";
import { plural } from "./language.ts";

/** How many seats there are. */
export const seatsWords: Messages["seatsScreen"] = {
  heading: (plan) => `Plätze in ${plan}`,
  facts: (bought, used) => `${bought} gekauft, ${used} belegt`,
  number: "Neue Anzahl",
  none: "Ihr Plan hat keine Plätze, die sich ändern lassen.",
};

/** Who has them, and who is invited. */
export const peopleWords: Messages["people"] = {
  heading: "Personen",
  holds: "Jede Person und jede offene Einladung belegt einen Platz.",
  emails: "Per E-Mail einladen",
  emailsHint: "Eine Adresse pro Zeile, oder mehrere mit Kommas.",
  as: "Als",
  roleMeans: {
    owner: "Ändert alles, auch Inhaber.",
    admin: "Ändert Abrechnung und Personen, aber keine Inhaber.",
    billing: "Ändert die Abrechnung.",
    member: "Sieht die Abrechnung und ändert nichts.",
  },
  invite: (count) =>
    count.value === 0
      ? "Einladen"
      : plural(count, { one: "# Person einladen", other: "# Personen einladen" }),
  review: (seats) => `Zuerst prüfen: ${seats}`,
  inviting: "Wird eingeladen",
  invited: (emails) =>
    `Eingeladen: ${emails}. Jede Einladung belegt 14 Tage lang einen Platz; wer annimmt, behält ihn.`,
  follows: (count) =>
    plural(count, {
      one: "Danach wird Ihre Einladung verschickt.",
      other: "Danach werden Ihre # Einladungen verschickt.",
    }),
  beyond: (invited, needed, bought) =>
    `${plural(invited, { one: "Mit dieser Einladung brauchen Sie", other: "Mit diesen # Einladungen brauchen Sie" })} ${needed}; gekauft: ${bought}. Die Prüfung zeigt, was das kostet. Vorher wird nichts gekauft.`,
  beyondCut: (invited, needed, cut) =>
    `${plural(invited, { one: "Mit dieser Einladung brauchen Sie", other: "Mit diesen # Einladungen brauchen Sie" })} ${needed}; ab ${cut.date} sind es nur ${cut.seats}. Die Prüfung ändert das.`,
  noEmail: "Geben Sie mindestens eine E-Mail-Adresse ein.",
  mistakes: (count) =>
    plural(count, {
      one: "Eine Adresse kann nicht eingeladen werden:",
      other: "# Adressen können nicht eingeladen werden:",
    }),
  mistake: {
    no_address: "ist keine E-Mail-Adresse",
    member: "ist schon dabei",
    invitation: "ist schon eingeladen",
  },
  tooMany: (most) => `Höchstens ${most} auf einmal. Laden Sie die anderen danach ein.`,
  you: "Sie",
  isInvited: "Eingeladen",
  readsOnly: "liest nur: Dieser Plan hat einen Platz, den des Inhabers",
  since: (date) => `seit ${date}`,
  open: (date, until) => `eingeladen am ${date}, offen bis ${until}`,
  more: (count) => `Und ${count} weitere.`,
  changeRole: "Rolle ändern",
  changeRoleNamed: (name) => `Rolle ändern: ${name}`,
  roleOf: (name) => `Rolle von ${name}`,
  ownRoleMeans: "Das ist Ihre eigene Rolle: Mit einer kleineren können Sie es vielleicht nicht zurücknehmen.",
  saveRole: "Rolle speichern",
  savingRole: "Wird gespeichert",
  roleChanged: (name, role) => `${name}: ab jetzt ${role}.`,
  keepRole: "Rolle behalten",
  resend: "Erneut senden",
  resendNamed: (name) => `Erneut senden: die Einladung von ${name}`,
  resending: "Wird gesendet",
  resent: (name, until) => `Erneut an ${name} gesendet, offen bis ${until}.`,
  remove: "Entfernen",
  removeNamed: (name) => `${name} entfernen`,
  removeMeans: (name) =>
    `${name} verliert sofort den Zugang, auf jedem Gerät. Was diese Person erstellt hat, bleibt. Der Platz bleibt gekauft: Laden Sie jemand anderen ein, oder planen Sie oben weniger Plätze.`,
  leaveMeans:
    "Sie verlieren sofort den Zugang, auf jedem Gerät, und nur ein anderes Mitglied kann Sie wieder einladen. Der Platz bleibt gekauft.",
  removing: "Wird entfernt",
  removed: (name) => `${name} wurde entfernt. Ein Platz ist frei.`,
  keep: "Behalten",
  withdraw: "Zurückziehen",
  withdrawNamed: (name) => `Einladung von ${name} zurückziehen`,
  withdrawInvitation: "Einladung zurückziehen",
  withdrawMeans: (name) => `Die Einladung von ${name} gilt dann nicht mehr, und ihr Platz ist frei.`,
  withdrawing: "Wird zurückgezogen",
  withdrawn: (name) => `Die Einladung von ${name} wurde zurückgezogen. Ein Platz ist frei.`,
  keepInvitation: "Einladung behalten",
};
