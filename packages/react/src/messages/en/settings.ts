/** The frame of the standalone settings, and its Members and Account screens. */
export const settingsWords = {
  nav: {
    label: "Settings",
    billing: "Billing",
    members: "Members",
    account: "Account",
    keys: "Keys",
    webhooks: "Webhooks",
    notifications: "Notifications",
  },
  members: {
    seats: (seats: string, used: string) => `${seats}, ${used} in use`,
  },
  account: {
    you: "You",
    name: "Name",
    email: "E-mail",
    role: "Role",
  },
  shell: {
    language: "Language",
    testMode: (moment: string) => `Test mode: no real money moves. The account\u2019s time is ${moment}.`,
    signedOut: {
      heading: "You are signed out",
      link: "Open the sign-in link that npm start printed.",
      effect: "It signs this browser in and brings you back to billing.",
    },
  },
  demo: {
    heading: "Demo",
    day: "+1 day",
    week: "+1 week",
    month: "+1 month",
    use: "Send usage",
    declines: "Card declines",
    works: "Card works",
    working: "Working on it",
    webhooks: (count: string) => `Webhooks (${count})`,
    none: "Stripe has not told anything of this account yet.",
    handled: (moment: string) => `Handled, ${moment}`,
    waiting: (moment: string) => `Waiting, ${moment}`,
    failed: (error: string, moment: string) => `Waiting, the last try failed: ${error}, ${moment}`,
  },
};
