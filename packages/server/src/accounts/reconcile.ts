import { directoryOf } from "./directory.ts";
import type { Metrics } from "../metrics.ts";
import {
  reconcileCustomers,
  reconcilePage,
  type ReconcileContext,
  type ReconcilePage,
} from "../stripe/reconcile.ts";
import { findStripeCustomer } from "../stripe/store-customers.ts";

export interface ReconcileRequest {
  /** One account, by our id or the product's own; else a page of all. */
  readonly account?: string | undefined;
  readonly cursor?: string | undefined;
}

/** @returns `null` when there is no such account */
export async function reconcile(
  context: ReconcileContext & { readonly metrics: Metrics },
  { account, cursor }: ReconcileRequest,
): Promise<ReconcilePage | null> {
  const page =
    account === undefined ? await reconcilePage(context, cursor ?? null) : await ofAccount(context, account);
  context.metrics.drifts(page?.drifts ?? []);
  return page;
}

/** An account that never bought anything has no customer at Stripe, and so nothing to compare. */
async function ofAccount(context: ReconcileContext, named: string): Promise<ReconcilePage | null> {
  const { database } = context;
  const accountId = await directoryOf(database).find(named);
  if (accountId === null) return null;
  const customer = await findStripeCustomer(database.kysely, accountId);
  const customers = customer === null ? [] : [{ accountId, customerId: customer.customerId }];
  return { ...(await reconcileCustomers(context, customers)), nextCursor: null };
}
