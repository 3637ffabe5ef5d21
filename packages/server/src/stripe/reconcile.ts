import type { AccountId } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import { listCustomers } from "./store-customers.ts";
import type { MendedDrift, SyncReport } from "./sync-customer.ts";

/** Customers of one page: some seconds of work, so that who asks over HTTP is not kept waiting long. */
const PAGE_CUSTOMERS = 20;

/**
 * Customers looked at together. A look is about six calls of a tenth of a second and more, so four are some 40 calls
 * a second at the very most: less than half of what Stripe takes (100 a second; https://docs.stripe.com/rate-limits).
 * A sandbox takes 25 a second; there the SDK waits and asks again.
 */
const LOOKS_AT_ONCE = 4;

interface AccountDrift extends MendedDrift {
  readonly accountId: AccountId;
}

export interface ReconcileReport {
  /** Customers that were compared with Stripe. */
  readonly customers: number;
  readonly drifts: readonly AccountDrift[];
  /** Customers that could not be looked at, and why. */
  readonly failures: readonly { readonly accountId: AccountId; readonly reason: string }[];
}

export interface ReconcilePage extends ReconcileReport {
  /** Where the next page begins; `null` after the last. */
  readonly nextCursor: string | null;
}

export interface ReconcileContext {
  readonly database: Database;
  /** Looks at one customer, at everything that Stripe has of it. */
  readonly reconcileCustomer: (customerId: string) => Promise<SyncReport | null>;
}

/** Compares a page of customers with Stripe and mends what differs. One that fails does not keep the others. */
export async function reconcilePage(
  context: ReconcileContext,
  cursor: string | null,
): Promise<ReconcilePage> {
  const customers = await listCustomers(context.database.kysely, { after: cursor, limit: PAGE_CUSTOMERS });
  const report = await reconcileCustomers(context, customers);
  const isLast = customers.length < PAGE_CUSTOMERS;
  return { ...report, nextCursor: isLast ? null : (customers.at(-1)?.accountId ?? null) };
}

export async function reconcileCustomers(
  { reconcileCustomer }: ReconcileContext,
  customers: readonly { accountId: AccountId; customerId: string }[],
): Promise<ReconcileReport> {
  const drifts: AccountDrift[] = [];
  const failures: { accountId: AccountId; reason: string }[] = [];
  const waiting = customers.values();
  const work = async () => {
    for (const { accountId, customerId } of waiting) {
      try {
        const report = await reconcileCustomer(customerId);
        drifts.push(...(report?.drifts ?? []).map((drift) => ({ accountId, ...drift })));
      } catch (error) {
        failures.push({ accountId, reason: error instanceof Error ? error.message : String(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, work));
  return { customers: customers.length - failures.length, drifts, failures };
}
