import type { Count } from "../plural.ts";
import { plural } from "./language.ts";

/** The balance of credits, wherever it stands. */
export const balanceWords = {
  heading: "Credits",
  tokens: (tokens: string) => `${tokens} tokens`,
  held: (tokens: string) => `${tokens} of them held for running work`,
  never: "Credits never expire.",
  recharge: {
    on: (spent: string, limit: string) => `Auto-recharge on, ${spent} of ${limit} spent this period`,
    paused: "Auto-recharge paused",
    off: "Auto-recharge off",
  },
  pace: (days: Count) =>
    `At your 7-day pace what is included and your credits last about ${plural(days, { one: "# day", other: "# days" })}.`,
  negative: (date: string) =>
    `Finished work or a refund took more than you had. New AI work waits until you buy credits or your next allocation on ${date} covers it.`,
  negativeOnFree: (date: string) =>
    `Finished work or a refund took more than you had. New AI work waits until you upgrade or your next allocation on ${date} covers it.`,
  buy: "Buy credits",
};
