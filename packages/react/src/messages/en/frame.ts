import type { Count } from "../plural.ts";
import type { Told } from "../told.ts";
import { plural } from "./language.ts";

/** What stands around the screens, and the words that several of them share. */
export const englishFrame = {
  language: "en",
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
    notLetIn: (managers: string) =>
      `If that does not let you in, you are no member of this account any more: ask ${managers === "" ? "an owner" : managers} for an invitation.`,
    offline: "Offline. Nothing can be loaded now.",
    offlineSince: (moment: string) => `Offline. Data from ${moment}.`,
    offlineAction: "Not while you are offline.",
    inDoubt: "We do not know yet if this went through. Do not pay again; checking.",
    checkAgain: "Check again",
    meanwhile: "Your last payment is on its way to your account. Wait for it first.",
  },
  attention: (count: string) => `Needs attention (${count})`,
  severity: { info: "Note", warning: "Warning", critical: "Problem" },
  interval: { month: "Monthly", year: "Annual" },
  per: { month: "month", year: "year" },
  seats: (count: Count) => plural(count, { one: "# seat", other: "# seats" }),
  copyLink: "Copy request link",
  copied: "Copied.",
  contacts: (names: string) => `${names} can change billing.`,
  /** The server's sentences are English as they come. */
  told: null as Told | null,
};

/** What is there before any part of the page is shown, in every language. */
export type FrameMessages = typeof englishFrame;
