import type { Messages } from "../english.ts";
import { nameSome } from "./language.ts";

/** Ending the subscription. */
export const cancelWords: Messages["cancel"] = {
  heading: (plan) => `Abo kündigen: ${plan}`,
  nothing: (date) => `Heute ist nichts zu zahlen. Alle Funktionen bleiben bis ${date}.`,
  stillDue: (date) =>
    `Ihr Plan endet am ${date}. Die fällige Zahlung bleibt fällig, und wir versuchen weiter, sie einzuziehen.`,
  access: (names, date) =>
    `${nameSome(names)} ${names.length === 1 ? "verliert" : "verlieren"} am ${date} den Zugang; nur der Inhaber behält ihn.`,
  then: (limits) =>
    `Danach Free: ${limits} pro Monat. Weitere Nutzung darüber wird abgelehnt oder, wo das geht, aus dem Guthaben bezahlt.`,
  limit: (quantity, meter) => `${quantity} ${meter}`,
  credits: (tokens) => `Ihre Daten bleiben erhalten und lesbar. Ihr Guthaben von ${tokens} Tokens bleibt.`,
  data: "Ihre Daten bleiben erhalten und lesbar.",
  autoRecharge: (date) =>
    `Die automatische Aufladung endet am ${date}: Pakete gibt es nur in bezahlten Plänen.`,
  pending: "Ihre geplante Änderung wird rückgängig gemacht.",
  reason: "Warum gehen Sie? (freiwillig)",
  confirm: (date) => `Zum ${date} kündigen`,
  working: "Wird gekündigt",
  keep: "Plan behalten",
  done: (date) => `Ihr Plan endet am ${date}, danach haben Sie Free.`,
  receipt: (email) => `Die Bestätigung geht per E-Mail an ${email}.`,
  keepFor: (date, sum, tax) => `Wenn Sie ihn behalten, verlängert er sich am ${date} für etwa ${sum} ${tax}`,
  now: "Jetzt kündigen und Zahlungsversuche beenden",
  nowHint: "Ihr Plan endet heute, die offenen Rechnungen werden storniert, und es ist nichts mehr zu zahlen.",
  doneNow: "Ihr Plan ist beendet. Es ist nichts mehr zu zahlen.",
  kept: (plan) => `${plan} bleibt.`,
  keptUntil: (plan, date, sum, tax) =>
    `${plan} bleibt. Der Plan verlängert sich am ${date} für etwa ${sum} ${tax}`,
};
