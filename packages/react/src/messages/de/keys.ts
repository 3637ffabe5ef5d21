import type { Messages } from "../english.ts";

/** The settings' screen of keys. */
export const keysWords: Messages["keys"] = {
  make: "Schlüssel anlegen",
  about:
    "Mit einem Schlüssel nutzt eines Ihrer Programme die API für dieses Konto, mit den Rechten seiner Rolle.",
  name: "Name",
  nameHint: "Wer ihn nutzt, damit Sie es später wissen.",
  noName: "Geben Sie einen Namen ein.",
  role: "Rolle",
  create: "Schlüssel anlegen",
  making: "Schlüssel wird angelegt",
  made: (name) =>
    `Der Schlüssel ${name} ist angelegt. Er wird nicht noch einmal gezeigt: Kopieren Sie ihn jetzt und bewahren Sie ihn sicher auf.`,
  copy: "Kopieren",
  heading: "Schlüssel",
  empty: "Noch keine Schlüssel. Legen Sie einen an, wenn ein Programm die API nutzen soll.",
  since: (date, by) => `angelegt ${date} von ${by}`,
  used: (moment) => `zuletzt genutzt ${moment}`,
  never: "nie genutzt",
  unnamed: "Ohne Namen",
  operator: "dem Betreiber dieses Dienstes",
  left: "jemandem, der nicht mehr dabei ist",
  product: "einem Programm",
  revoke: "Widerrufen",
  revokeNamed: (name) => `${name} widerrufen`,
  revokeMeans: (name) =>
    `${name} öffnet von da an nichts mehr: Jedes Programm, das ihn nutzt, wird abgewiesen. Das lässt sich nicht rückgängig machen.`,
  revoking: "Wird widerrufen",
  keep: "Behalten",
  revoked: (name) => `${name} ist widerrufen.`,
  revokedHeading: "Widerrufen",
  revokedOn: (date, by) => `widerrufen ${date} von ${by}`,
  more: "Mehr anzeigen",
};
