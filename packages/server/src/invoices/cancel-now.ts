import type { AccountId, Instant } from "@bursar/core";
import type { Actor } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import type { SubscriptionsContext } from "../subscriptions/context.ts";
import { loadStanding } from "../subscriptions/standing.ts";
import { endUnpaid } from "./end-unpaid.ts";

export type CancelNowOutcome =
  | { readonly code: "ended"; readonly endedAt: Instant }
  /** Only who owes may end at once: everybody else has paid for the time until the period's end. */
  | { readonly code: "not_past_due" };

/** "Cancel now" while past due (S6): ends today, the unpaid invoices are voided, nothing more is owed. */
export async function cancelNow(
  context: SubscriptionsContext,
  accountId: AccountId,
  actor: Actor,
): Promise<CancelNowOutcome> {
  const { standing, live } = await loadStanding(context, accountId);
  if (standing.kind !== "subscribed" || !standing.isPastDue || live === null) return { code: "not_past_due" };
  // Stripe is told next, where no transaction of ours reaches; what comes of it has a row of its own.
  await writeAudit(context.database.kysely, actor, {
    ...{ accountId, action: "plan.ended_at_once", subject: live.subscription.subscriptionId },
    ...{ before: standing.target, after: null, at: context.clock.now(accountId) },
  });
  await endUnpaid(context, { customerId: live.customerId, subscriptionId: live.subscription.subscriptionId });
  return { code: "ended", endedAt: context.clock.now(accountId) };
}
