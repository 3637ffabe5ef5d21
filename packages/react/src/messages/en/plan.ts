/** The plan as it is, and what will change. */
export const planWords = {
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
  contact: "Contact us",
  undo: "Undo",
  undoing: "Undoing",
  keep: "Keep plan",
  keeping: "Keeping your plan",
  kept: (plan: string) => `${plan} stays.`,
  keptSeats: (plan: string, seats: string) => `${plan} stays at ${seats}.`,
};

/** The next invoice and the card that pays it. */
export const paymentWords = {
  heading: "Payment",
  next: "Next invoice",
  about: (sum: string) => `about ${sum}`,
  inclVat: "incl. VAT",
  card: (brand: string, last4: string, expires: string) => `${brand} •••• ${last4}, exp ${expires}`,
  noCard: "No card saved yet.",
  manage: "Manage payment",
  opening: "Opening Stripe",
  manageHint: "Cards, invoices, address and tax id at Stripe, then back here.",
};
