import { creditsWords } from "./messages/credits.ts";
import { exportWords } from "./messages/export.ts";
import { invoiceWords } from "./messages/invoices.ts";
import { rechargeWords } from "./messages/recharge.ts";
import { settingsWords } from "./messages/settings.ts";
import { usageWords } from "./messages/usage.ts";

/** "Sessions" within a sentence is "sessions", "AI tokens" stays as it is. */
function inSentence(words: string): string {
  return /^\p{Lu}\p{Ll}/u.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words;
}

/**
 * Every word of the page, in English. Arguments are formatted already: nothing here knows of locales, money or dates.
 * A host hands another catalogue of this shape to `BursarProvider`.
 */
const NAMED_MAX = 3;

/** "Ann, Bo and 4 more" */
function nameSome(names: readonly string[]): string {
  const more = names.length - NAMED_MAX;
  const items = more > 0 ? [...names.slice(0, NAMED_MAX), `${more} more`] : [...names];
  return new Intl.ListFormat("en", { type: "conjunction" }).format(items);
}

export const english = {
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
    offline: "Offline. Nothing can be loaded now.",
    offlineSince: (moment: string) => `Offline. Data from ${moment}.`,
    offlineAction: "Not while you are offline.",
  },
  attention: (count: string) => `Needs attention (${count})`,
  severity: { info: "Note", warning: "Warning", critical: "Problem" },
  interval: { month: "Monthly", year: "Annual" },
  per: { month: "month", year: "year" },
  seats: (count: string) => (count === "1" ? "1 seat" : `${count} seats`),
  plan: {
    heading: "Current plan",
    free: (reset: string) => `Free, no card needed. Usage resets ${reset}.`,
    seats: (seats: string, used: string) => `${seats}, ${used} in use`,
    renews: (date: string) => `Renews ${date} (UTC)`,
    ends: (date: string) => `Ends ${date}, then Free. Your data is kept.`,
    pending: (date: string, change: string) => `Scheduled: on ${date} ${change}.`,
    pendingPlan: (plan: string, next: string) => `${plan} becomes ${next}`,
    pendingSeats: (plan: string, from: string, to: string) => `${plan} goes from ${from} to ${to}`,
    ownPrice: {
      in_force: (price: string) => `Your own price: ${price}, plus VAT.`,
      starts: (price: string, date: string) => `From ${date} your own price applies: ${price}, plus VAT.`,
      ends: (price: string, date: string) => `Your own price ends on ${date}. Then it is ${price}, plus VAT.`,
    },
    endsNamed: (plan: string, date: string) => `${plan} ends on ${date}, then Free. Your data is kept.`,
    pastDue: "Payment is past due",
    upgrade: "Upgrade plan",
    change: "Change plan",
    manageSeats: "Manage seats",
    cancel: "Cancel subscription",
    undo: "Undo",
    undoing: "Undoing",
    keep: "Keep plan",
    keeping: "Keeping your plan",
    kept: (plan: string) => `${plan} stays.`,
    keptSeats: (plan: string, seats: string) => `${plan} stays at ${seats}.`,
  },
  payment: {
    heading: "Payment",
    next: "Next invoice",
    about: (sum: string) => `about ${sum}`,
    inclVat: "incl. VAT",
    card: (brand: string, last4: string, expires: string) => `${brand} •••• ${last4}, exp ${expires}`,
    noCard: "No card saved yet.",
    manage: "Manage payment",
    opening: "Opening Stripe",
    manageHint: "Cards, invoices, address and tax id at Stripe, then back here.",
  },
  usage: usageWords,
  export: exportWords,
  credits: creditsWords,
  recharge: rechargeWords,
  picker: {
    heading: "Choose a plan",
    plan: "Plan",
    interval: "Billing interval",
    yours: "Your plan",
    ownPrice: "Your own price",
    withdrawn: "No longer sold",
    perSeat: (interval: string) => `per seat / ${interval}`,
    perPlan: (interval: string) => `/ ${interval}`,
    freePrice: "Free",
    custom: "Your own prices, seats and limits. Contact us to change to it.",
    notSold: "Not sold for this interval",
    unlimited: "Unlimited",
    seats: "Seats",
    fewer: "One seat fewer",
    more: "One seat more",
    fewest: (plan: string, seats: string, used: string) =>
      `${plan} starts at ${seats} seats. ${used} in use.`,
    seatRange: (min: string, max: string) => `Enter a whole number from ${min} to ${max}.`,
    none: "No other plan is sold here.",
    limits: "Limits are for the whole account, each month.",
  },
  review: {
    title: (plan: string, interval: string, seats: string | null) =>
      `Review: ${plan}, ${seats === null ? "" : `${seats}, `}${interval}`,
    busy: "Asking for the price",
    waiting: "The price follows when the number of seats fits.",
    subtotal: "Subtotal",
    tax: "VAT",
    today: "Due today",
    todayCard: (brand: string, last4: string) => `Due today, ${brand} •••• ${last4}`,
    total: (sum: string) => `Due today ${sum}.`,
    vatLater: "plus VAT, shown before you pay",
    inclVat: "incl. VAT",
    plusVat: "plus VAT",
    next: (date: string, sum: string, tax: string) => `Next invoice ${date}: about ${sum} ${tax}.`,
    from: (date: string, change: string, sum: string, tax: string) =>
      `From ${date}: ${change}, about ${sum} ${tax}.`,
    then: (date: string, change: string) => `On ${date}: ${change}.`,
    nothingToday: (plan: string, date: string) => `Nothing to pay today. You keep ${plan} until ${date}.`,
    loses: "What changes",
    overLimit: (meter: string, used: string, limit: string, plan: string, sentence: string) =>
      `${meter}: you use ${used}, ${plan} includes ${limit}. Above that: ${inSentence(sentence)}. What is stored is kept and readable.`,
    held: (clock: string) => `Price held for ${clock}.`,
    unchanged: "Price refreshed, unchanged.",
    changed: (before: string, after: string) => `Price changed from ${before} to ${after}.`,
    priceChanged: "The price was too old. Nothing was charged: look at it once more.",
    pay: (sum: string) => `Continue to payment, about ${sum} today`,
    paying: "Opening Stripe",
    payNow: (sum: string) => `Pay ${sum} and upgrade`,
    payNowSeats: (sum: string, seats: string) => `Pay ${sum} and add ${seats}`,
    payNowAnnual: (sum: string) => `Pay ${sum} and go annual`,
    upgradeFree: "Upgrade now",
    payAnotherWay: "Pay another way",
    schedule: (date: string) => `Schedule for ${date}`,
    working: "Working on it",
    payingNow: "Paying",
    back: "Back",
    toFree: "Free is what you have after you cancel.",
    toCancel: "Go to cancel",
    current: "This is your plan.",
    renewsFor: (date: string, sum: string, tax: string) => `Renews ${date} (UTC) for about ${sum} ${tax}.`,
    keep: (plan: string) => `Keep ${plan}`,
    keepHint: {
      pending_change: "This undoes the scheduled change.",
      cancellation: "This undoes the cancellation.",
    },
    replaces: {
      pending_change: "Your scheduled change is replaced.",
      cancellation: "Your cancellation is lifted.",
    },
    bank: "Your bank asks you to confirm. Your plan has not changed.",
    bankAction: "Confirm with your bank",
    giveUp: "Give up this change",
    givingUp: "Giving up",
    applied: (plan: string) => `You are on ${plan}.`,
    paid: (sum: string) => `${sum} was charged.`,
    scheduled: (date: string) => `Scheduled for ${date}. Until then everything stays.`,
    toOverview: "To the overview",
    toInvoices: "See invoices",
    inDoubt: "We do not know yet if this went through. Do not pay again; checking.",
  },
  seatsScreen: {
    heading: (plan: string) => `Seats on ${plan}`,
    facts: (bought: string, used: string) => `${bought} bought, ${used} in use`,
    number: "New number",
    none: "Your plan has no seats to change.",
  },
  people: {
    heading: "People",
    holds: "Each person and each open invitation holds one seat.",
    emails: "Invite by e-mail",
    emailsHint: "One address a line, or several with commas.",
    as: "As",
    roles: { owner: "Owner", admin: "Admin", billing: "Billing", member: "Member" },
    roleMeans: {
      owner: "Changes everything, owners too.",
      admin: "Changes billing and people, but no owners.",
      billing: "Changes billing.",
      member: "Reads billing and changes nothing.",
    },
    invite: (count: string) =>
      count === "0" ? "Invite" : count === "1" ? "Invite 1 person" : `Invite ${count} people`,
    review: (seats: string) => `Review ${seats} first`,
    inviting: "Inviting",
    invited: (emails: string) => `Invited: ${emails}. Each holds a seat for 14 days, until it is accepted.`,
    follows: (count: string) =>
      count === "1" ? "Then your invitation is sent." : `Then your ${count} invitations are sent.`,
    beyond: (invited: string, needed: string, bought: string) =>
      `${invited === "1" ? "This invitation needs" : `These ${invited} invitations need`} ${needed}; ${bought} are bought. The review shows what they cost, nothing is bought before.`,
    beyondCut: (invited: string, needed: string, cut: { seats: string; date: string }) =>
      `${invited === "1" ? "This invitation needs" : `These ${invited} invitations need`} ${needed}; from ${cut.date} there are ${cut.seats}. The review changes that.`,
    noEmail: "Enter at least one e-mail address.",
    wrong: (words: string) => `This is no e-mail address: ${words}`,
    there: (emails: string) => `Here already, or invited: ${emails}`,
    tooMany: (most: string) => `At most ${most} at once. Invite the others after these.`,
    you: "You",
    isInvited: "Invited",
    readsOnly: "reads only: this plan has one seat, the owner's",
    since: (date: string) => `since ${date}`,
    open: (date: string, until: string) => `invited ${date}, open until ${until}`,
    more: (count: string) => `And ${count} more.`,
    remove: "Remove",
    removeNamed: (name: string) => `Remove ${name}`,
    removeMeans: (name: string) =>
      `${name} loses access at once, on every device. What they made stays. The seat stays bought: invite somebody else, or schedule fewer seats above.`,
    leaveMeans:
      "You lose access at once, on every device, and only another member can invite you again. The seat stays bought.",
    removing: "Removing",
    removed: (name: string) => `${name} is removed. A seat is free.`,
    keep: "Keep",
    withdraw: "Withdraw",
    withdrawNamed: (name: string) => `Withdraw the invitation of ${name}`,
    withdrawInvitation: "Withdraw invitation",
    withdrawMeans: (name: string) => `The invitation of ${name} stops working, and its seat is free.`,
    withdrawing: "Withdrawing",
    withdrawn: (name: string) => `The invitation of ${name} is withdrawn. A seat is free.`,
    keepInvitation: "Keep it",
  },
  cancel: {
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
    keepFor: (date: string, sum: string, tax: string) => `Kept, it renews ${date} for about ${sum} ${tax}.`,
    now: "Cancel now and stop payment attempts",
    nowHint: "Your plan ends today, the unpaid invoices are voided, and nothing more is owed.",
    doneNow: "Your plan has ended. Nothing more is owed.",
    kept: (plan: string) => `${plan} stays.`,
    keptUntil: (plan: string, date: string, sum: string, tax: string) =>
      `${plan} stays. It renews ${date} for about ${sum} ${tax}.`,
  },
  invoices: invoiceWords,
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
  settings: settingsWords,
  copyLink: "Copy request link",
  copied: "Copied.",
  contacts: (names: string) => `${names} can change billing.`,
};

export type Messages = typeof english;
