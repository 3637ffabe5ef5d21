import type { Messages } from "../english.ts";

/** The settings' screen of a person's own account. */
export const accountWords: Messages["account"] = {
  you: "Sie",
  name: "Name",
  saveName: "Namen speichern",
  nameSaved: "Ihr Name ist gespeichert.",
  saving: "Wird gespeichert",
  email: "E-Mail",
  emailNow: (email) => `Sie melden sich mit ${email} an.`,
  newEmail: "Neue E-Mail-Adresse",
  password: "Passwort",
  yourPassword: "Ihr Passwort",
  changeEmail: "Link an die neue Adresse senden",
  emailAsked: (email) =>
    `Eine Mail an ${email} ist unterwegs. Ihre Adresse ändert sich, wenn ihr Link innerhalb eines Tages geöffnet wird.`,
  emailNeedsPassword: "Legen Sie zuerst ein Passwort fest. Es schützt Ihre Adresse.",
  currentPassword: "Bisheriges Passwort",
  newPassword: "Neues Passwort",
  setPassword: "Link per E-Mail anfordern, der eines festlegt",
  changePassword: "Passwort ändern",
  noPassword:
    "Sie kamen über einen Link und haben noch kein Passwort. Das erste legt eine E-Mail an Ihre Adresse fest.",
  othersOut: "Alle Ihre anderen Browser werden dadurch abgemeldet.",
  passwordSaved: "Ihr Passwort ist gespeichert. Alle Ihre anderen Browser sind abgemeldet.",
  sessions: "Wo Sie angemeldet sind",
  unknownDevice: "Unbekanntes Gerät",
  thisBrowser: "Dieser Browser",
  sessionOf: (account, since) => `${account}, seit ${since}`,
  lastUsed: (moment) => `zuletzt genutzt ${moment}`,
  end: "Abmelden",
  endNamed: (device, since) => `${device} abmelden, angemeldet seit ${since}`,
  ending: "Wird abgemeldet",
  ended: (device) => `${device} ist abgemeldet.`,
  ofProduct: "Das Produkt hat Sie angemeldet und führt Namen, Adresse und Passwort. Ändern Sie sie dort.",
};
