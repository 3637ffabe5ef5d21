/**
 * The screens below `/settings/billing`, by the rest of their address. A table, because the proof of the page walks it:
 * a screen that is added here and looked at in no state fails test/browser/answered/every-state.test.ts.
 */
export const billingRoutes = [
  "",
  "plans",
  "seats",
  "usage",
  "credits",
  "credits/auto-recharge",
  "invoices",
  "cancel",
  "withdraw",
] as const;

export type BillingRoute = (typeof billingRoutes)[number];

/** What is no screen is the overview's to show. */
export function billingRouteOf(screen: string): BillingRoute {
  return billingRoutes.find((route) => route === screen) ?? "";
}
