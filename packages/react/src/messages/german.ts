import { cancelWords } from "./de/cancel.ts";
import { creditsWords } from "./de/credits.ts";
import { exportWords } from "./de/export.ts";
import { frameWords } from "./de/frame.ts";
import { invoiceWords } from "./de/invoices.ts";
import { keysWords } from "./de/keys.ts";
import { notificationsWords } from "./de/notifications.ts";
import { peopleWords, seatsWords } from "./de/people.ts";
import { pickerWords } from "./de/picker.ts";
import { paymentWords, planWords } from "./de/plan.ts";
import { rechargeWords } from "./de/recharge.ts";
import { reviewWords } from "./de/review.ts";
import { settingsWords } from "./de/settings.ts";
import { toldWords } from "./de/told.ts";
import { signInWords } from "./de/sign-in.ts";
import { usageWords } from "./de/usage.ts";
import { webhooksWords } from "./de/webhooks.ts";
import type { Messages } from "./english.ts";

/** Every word of the page, in German. Loaded only where it is read, or handed to the provider by a server. */
export const german: Messages = {
  language: "de",
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
  told: toldWords,
  signIn: signInWords,
};
