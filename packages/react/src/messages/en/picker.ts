import type { Count } from "../plural.ts";
import { plural } from "./language.ts";

/** Choosing a plan. */
export const pickerWords = {
  heading: "Choose a plan",
  plan: "Plan",
  interval: "Billing interval",
  monthsFree: (count: Count) => plural(count, { one: "# month free", other: "# months free" }),
  percentLess: (percent: string) => `at least ${percent}\u00a0% less`,
  yours: "Your plan",
  ownPrice: "Your own price",
  withdrawn: "No longer sold",
  freePrice: "No charge",
  custom: "Your own prices, seats and limits. Contact us to change to it.",
  notSold: "Not sold for this interval",
  unlimited: "Unlimited",
  seats: "Seats",
  fewer: "One seat fewer",
  more: "One seat more",
  fewest: (plan: string, seats: Count, used: string) =>
    `${plan} starts at ${plural(seats, { one: "# seat", other: "# seats" })}. ${used} in use.`,
  seatRange: (min: string, max: string) => `Enter a whole number from ${min} to ${max}.`,
  none: "No other plan is sold here.",
  /** Of a limit, against the plan that one has. */
  trend: { more: "more than now", less: "less than now" },
  limits: "Limits are for the whole account, each month.",
};
