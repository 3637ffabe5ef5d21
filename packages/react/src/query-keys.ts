import type { PlanChoice, StreamTopic, TransactionsQuery, UsageDailyQuery } from "@bursar/client";

/** The one place that names cached answers. All begin alike, so that `all` forgets them together. */
export const queryKeys = {
  all: ["bursar"],
  overview: ["bursar", "overview"],
  plans: ["bursar", "plans"],
  previews: ["bursar", "preview"],
  preview: (choice: PlanChoice | null) => ["bursar", "preview", choice],
  usageDays: ["bursar", "usage-days"],
  usageDaily: (query: UsageDailyQuery) => ["bursar", "usage-days", query],
  people: ["bursar", "people"],
  keys: ["bursar", "keys"],
  webhooks: ["bursar", "webhooks"],
  deliveries: (endpointId: string) => ["bursar", "webhooks", endpointId],
  notifications: ["bursar", "notifications"],
  mails: ["bursar", "mails"],
  me: ["bursar", "me"],
  sessions: ["bursar", "sessions"],
  packs: ["bursar", "packs"],
  transactions: ["bursar", "transactions"],
  transactionsOf: (query: TransactionsQuery) => ["bursar", "transactions", query],
  lastPurchase: ["bursar", "transactions", "last-purchase"],
  recharges: ["bursar", "recharges"],
  purchase: ["bursar", "purchase"],
  invoices: ["bursar", "invoices"],
  invoicesOf: (year: number | null) => ["bursar", "invoices", year],
  reconcile: (sessionId: string | null) => ["bursar", "reconcile", sessionId],
} as const;

/** What to ask for again when the server tells of a change. */
export const keysOfTopic: Readonly<Record<StreamTopic, readonly (readonly string[])[]>> = {
  usage: [queryKeys.overview, queryKeys.usageDays],
  credits: [queryKeys.overview, queryKeys.transactions, queryKeys.recharges],
  subscription: [queryKeys.overview, queryKeys.plans, queryKeys.invoices, queryKeys.packs],
  notice: [queryKeys.overview, queryKeys.people, queryKeys.recharges],
};
