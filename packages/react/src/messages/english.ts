import { accountWords } from "./en/account.ts";
import { backWords } from "./en/back.ts";
import { balanceWords } from "./en/balance.ts";
import { cancelWords } from "./en/cancel.ts";
import { creditsWords } from "./en/credits.ts";
import { daysWords } from "./en/days.ts";
import { demoWords } from "./en/demo.ts";
import { exportWords } from "./en/export.ts";
import { englishFrame } from "./en/frame.ts";
import { invoiceWords } from "./en/invoices.ts";
import { keysWords } from "./en/keys.ts";
import { notificationsWords } from "./en/notifications.ts";
import { peopleWords, seatsWords } from "./en/people.ts";
import { pickerWords } from "./en/picker.ts";
import { paymentWords, planWords } from "./en/plan.ts";
import { rechargeWords } from "./en/recharge.ts";
import { reviewWords } from "./en/review.ts";
import { rolesWords } from "./en/roles.ts";
import { settingsWords } from "./en/settings.ts";
import { signInWords } from "./en/sign-in.ts";
import { usageWords } from "./en/usage.ts";
import { webhooksWords } from "./en/webhooks.ts";
import { withdrawalWords } from "./en/withdrawal.ts";

/**
 * Every word of the page, in English. Arguments are formatted already: nothing here knows of locales, money or dates.
 * Another language is a catalogue of this shape; see the README of this folder. The page itself never asks for the whole:
 * each part brings the words it uses (areas/).
 */
export const english = {
  ...englishFrame,
  plan: planWords,
  payment: paymentWords,
  usage: usageWords,
  balance: balanceWords,
  export: exportWords,
  roles: rolesWords,
  settings: settingsWords,
  back: backWords,
  days: daysWords,
  credits: creditsWords,
  recharge: rechargeWords,
  picker: pickerWords,
  review: reviewWords,
  seatsScreen: seatsWords,
  people: peopleWords,
  cancel: cancelWords,
  withdrawal: withdrawalWords,
  invoices: invoiceWords,
  account: accountWords,
  keys: keysWords,
  webhooks: webhooksWords,
  notifications: notificationsWords,
  signIn: signInWords,
  demo: demoWords,
};

export type Messages = typeof english;
