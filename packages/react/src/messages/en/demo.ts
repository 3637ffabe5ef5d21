/** The bar of the demo. */
export const demoWords = {
  heading: "Demo",
  day: "+1 day",
  week: "+1 week",
  month: "+1 month",
  use: "Send usage",
  declines: "Card declines",
  works: "Card works",
  working: "Working on it",
  webhooks: (count: string) => `Stripe's last webhooks (${count})`,
  none: "Stripe has not told anything of this account yet.",
  handled: (moment: string) => `Handled, ${moment}`,
  waiting: (moment: string) => `Waiting, ${moment}`,
  failed: (error: string, moment: string) => `Waiting, the last try failed: ${error}, ${moment}`,
};
