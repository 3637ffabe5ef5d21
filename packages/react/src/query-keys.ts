import type { PlanChoice, StreamTopic, TransactionsQuery, UsageDailyQuery } from "@bursar/client";

/*
 * The one place that names cached answers, for `import * as queryKeys`: a part brings the names that it uses. All begin
 * alike, so that `all` forgets them together.
 */
const BURSAR = "bursar";

export const all = [BURSAR] as const;
export const overview = [BURSAR, "overview"] as const;
export const plans = [BURSAR, "plans"] as const;
export const previews = [BURSAR, "preview"] as const;
export const preview = (choice: PlanChoice | null) => [...previews, choice] as const;
const usageDays = [BURSAR, "usage-days"] as const;
export const usageDaily = (query: UsageDailyQuery) => [...usageDays, query] as const;
export const people = [BURSAR, "people"] as const;
export const keys = [BURSAR, "keys"] as const;
export const webhooks = [BURSAR, "webhooks"] as const;
export const deliveries = (endpointId: string) => [...webhooks, endpointId] as const;
export const notifications = [BURSAR, "notifications"] as const;
export const mails = [BURSAR, "mails"] as const;
export const me = [BURSAR, "me"] as const;
export const sessions = [BURSAR, "sessions"] as const;
export const packs = [BURSAR, "packs"] as const;
const transactions = [BURSAR, "transactions"] as const;
export const transactionsOf = (query: TransactionsQuery) => [...transactions, query] as const;
export const lastPurchase = [BURSAR, "transactions", "last-purchase"] as const;
export const recharges = [BURSAR, "recharges"] as const;
export const purchase = [BURSAR, "purchase"] as const;
const invoices = [BURSAR, "invoices"] as const;
export const invoicesOf = (year: number | null) => [...invoices, year] as const;
export const reconcile = (sessionId: string | null) => [BURSAR, "reconcile", sessionId] as const;

/** What to ask for again when the server tells of a change. */
export const ofTopic: Readonly<Record<StreamTopic, readonly (readonly string[])[]>> = {
  usage: [overview, usageDays],
  credits: [overview, transactions, recharges],
  subscription: [overview, plans, invoices, packs],
  notice: [overview, people, recharges],
};
