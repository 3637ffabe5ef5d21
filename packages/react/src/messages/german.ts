import { accountWords } from "./de/account.ts";
import { backWords } from "./de/back.ts";
import { balanceWords } from "./de/balance.ts";
import { cancelWords } from "./de/cancel.ts";
import { creditsWords } from "./de/credits.ts";
import { daysWords } from "./de/days.ts";
import { demoWords } from "./de/demo.ts";
import { exportWords } from "./de/export.ts";
import { germanFrame } from "./de/frame.ts";
import { invoiceWords } from "./de/invoices.ts";
import { keysWords } from "./de/keys.ts";
import { notificationsWords } from "./de/notifications.ts";
import { peopleWords, seatsWords } from "./de/people.ts";
import { pickerWords } from "./de/picker.ts";
import { paymentWords, planWords } from "./de/plan.ts";
import { rechargeWords } from "./de/recharge.ts";
import { reviewWords } from "./de/review.ts";
import { rolesWords } from "./de/roles.ts";
import { settingsWords } from "./de/settings.ts";
import { signInWords } from "./de/sign-in.ts";
import { usageWords } from "./de/usage.ts";
import { webhooksWords } from "./de/webhooks.ts";
import { withdrawalWords } from "./de/withdrawal.ts";
import type { Messages } from "./english.ts";

/** Every word of the page, in German. For a server, or to change words; the page fetches what a screen needs. */
export const german: Messages = {
  ...germanFrame,
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
