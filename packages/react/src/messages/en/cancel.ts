import { inSentence, nameSome } from "./language.ts";

/** Ending the subscription. */
export const cancelWords = {
  heading: (plan: string) => `Cancel subscription: ${plan}`,
  nothing: (date: string) => `Nothing to pay today. Every feature stays until ${date}.`,
  stillDue: (date: string) =>
    `Your plan ends on ${date}. The payment that is due stays due, and we go on trying to collect it.`,
  access: (names: readonly string[], date: string) =>
    `${nameSome(names)} ${names.length === 1 ? "loses" : "lose"} access on ${date}; only the owner keeps it.`,
  then: (limits: string) =>
    `Then Free: ${limits} a month. New use above that is refused, or paid from credits where it can be.`,
  limit: (quantity: string, meter: string) => `${quantity} ${inSentence(meter)}`,
  credits: (tokens: string) => `Your data is kept and readable. Your ${tokens} credits stay.`,
  data: "Your data is kept and readable.",
  autoRecharge: (date: string) => `Auto-recharge ends on ${date}: packs need a paid plan.`,
  pending: "Your scheduled change is undone.",
  reason: "Why are you leaving? (optional)",
  confirm: (date: string) => `Cancel on ${date}`,
  working: "Cancelling",
  keep: "Keep plan",
  done: (date: string) => `Your plan ends on ${date}, then you are on Free.`,
  receipt: (email: string) => `The receipt goes by mail to ${email}.`,
  keepFor: (date: string, sum: string, tax: string) => `Kept, it renews ${date} for about ${sum} ${tax}.`,
  now: "Cancel now and stop payment attempts",
  nowHint: "Your plan ends today, the unpaid invoices are voided, and nothing more is owed.",
  doneNow: "Your plan has ended. Nothing more is owed.",
  kept: (plan: string) => `${plan} stays.`,
  keptUntil: (plan: string, date: string, sum: string, tax: string) =>
    `${plan} stays. It renews ${date} for about ${sum} ${tax}.`,
};
