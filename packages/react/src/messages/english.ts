import { cancelWords } from "./en/cancel.ts";
import { creditsWords } from "./en/credits.ts";
import { exportWords } from "./en/export.ts";
import { frameWords } from "./en/frame.ts";
import { invoiceWords } from "./en/invoices.ts";
import { keysWords } from "./en/keys.ts";
import { notificationsWords } from "./en/notifications.ts";
import { peopleWords, seatsWords } from "./en/people.ts";
import { pickerWords } from "./en/picker.ts";
import { paymentWords, planWords } from "./en/plan.ts";
import { rechargeWords } from "./en/recharge.ts";
import { reviewWords } from "./en/review.ts";
import { settingsWords } from "./en/settings.ts";
import { signInWords } from "./en/sign-in.ts";
import { usageWords } from "./en/usage.ts";
import { webhooksWords } from "./en/webhooks.ts";
import type { Told } from "./told.ts";

/**
 * Every word of the page, in English. Arguments are formatted already: nothing here knows of locales, money or dates.
 * Another language is a catalogue of this shape; see the README of this folder.
 */
export const english = {
  language: "en",
  ...frameWords,
  plan: planWords,
  payment: paymentWords,
  usage: usageWords,
  export: exportWords,
  credits: creditsWords,
  recharge: rechargeWords,
  picker: pickerWords,
  review: reviewWords,
  seatsScreen: seatsWords,
  people: peopleWords,
  cancel: cancelWords,
  invoices: invoiceWords,
  settings: settingsWords,
  keys: keysWords,
  webhooks: webhooksWords,
  notifications: notificationsWords,
  /** The server's sentences are English as they come. */
  told: null as Told | null,
  signIn: signInWords,
};

export type Messages = typeof english;
