import type { Count } from "../plural.ts";
import { plural } from "./language.ts";

/** What stands around the screens, and the words that several of them share. */
export const frameWords = {
  billing: "Billing",
  tabs: {
    label: "Billing sections",
    overview: "Overview",
    usage: "Usage",
    credits: "Credits",
    invoices: "Invoices",
  },
  state: {
    loading: "Loading",
    failed: "This could not be loaded.",
    unreachable: "The server cannot be reached. Nothing was changed. Check your connection.",
    tryAgain: "Try again",
    requestId: "Request id",
    signedOut: "You are signed out, or were for too long. Sign in again: what you chose is kept.",
    offline: "Offline. Nothing can be loaded now.",
    offlineSince: (moment: string) => `Offline. Data from ${moment}.`,
    offlineAction: "Not while you are offline.",
  },
  attention: (count: string) => `Needs attention (${count})`,
  severity: { info: "Note", warning: "Warning", critical: "Problem" },
  interval: { month: "Monthly", year: "Annual" },
  per: { month: "month", year: "year" },
  seats: (count: Count) => plural(count, { one: "# seat", other: "# seats" }),
  back: {
    checking: "Asking Stripe about your payment.",
    waiting: "Payment received. Your account follows in a moment.",
    plan: (plan: string) => `You are on ${plan}.`,
    credits: (tokens: string) => `Your credits have arrived: balance ${tokens} tokens.`,
    late: "Your payment is with Stripe; the update takes longer. Do not pay again.",
    checkAgain: "Check again",
    switching: (plan: string) => `Payment received. Switching to ${plan}.`,
    paid: (number: string, sum: string) => `Invoice ${number}, ${sum}.`,
    card: (brand: string, last4: string) => `Default card is now ${brand} \u2022\u2022\u2022\u2022 ${last4}.`,
    meanwhile: "Your last payment is on its way to your account. Wait for it first.",
    left: "Nothing was charged.",
    leftDetail: "You left the payment page. Your choice is kept below.",
  },
  copyLink: "Copy request link",
  copied: "Copied.",
  contacts: (names: string) => `${names} can change billing.`,
};
