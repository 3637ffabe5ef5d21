import type { AccountId, Clock } from "@bursar/core";
import { BURSAR } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import type { Database } from "../db/open-database.ts";
import type { Gateway } from "../stripe/gateway.ts";
import { findStripeCustomer } from "../stripe/store-customers.ts";
import { listPastDue } from "../subscriptions/store.ts";
import { endUnpaid } from "./end-unpaid.ts";
import { PAST_DUE_GRACE_MS } from "./grace.ts";
import { findUnpaidInvoice } from "./store.ts";
import { tellGraceEnding } from "./tell-payments.ts";

/** Looked at in one go. An account stays in the list until it has paid or is ended, so nobody is passed over for good. */
const LOOKED_AT_MAX = 200;

/**
 * Ends the subscriptions whose grace time is over: the account is on Free, its unpaid invoices are voided. Two days
 * before, the customer is told that it will.
 */
export async function endOverdue(context: {
  database: Database;
  gateway: Gateway;
  clock: Clock;
  syncCustomer: (customerId: string) => Promise<void>;
  report: (accountId: AccountId, sentence: string) => void;
}): Promise<void> {
  const { database, clock, report } = context;
  for (const { accountId, subscriptionId } of await listPastDue(database.kysely, LOOKED_AT_MAX)) {
    const unpaid = await findUnpaidInvoice(database.kysely, accountId, subscriptionId);
    const failedAt = unpaid?.finalizedAt ?? null;
    if (unpaid === null || failedAt === null) continue;
    const [now, endsAt] = [clock.now(accountId), failedAt + PAST_DUE_GRACE_MS];
    if (now < endsAt) {
      await tellGraceEnding(database.kysely, accountId, { invoice: unpaid, endsAt, now });
      continue;
    }
    const customer = await findStripeCustomer(database.kysely, accountId);
    if (customer === null) continue;
    await endUnpaid(context, { customerId: customer.customerId, subscriptionId });
    const about = {
      action: "plan.ended_at_once",
      subject: subscriptionId,
      before: null,
      after: null,
    } as const;
    await writeAudit(database.kysely, BURSAR, { accountId, ...about, at: now });
    report(accountId, `The subscription ${subscriptionId} was not paid within the grace time and was ended.`);
  }
}
