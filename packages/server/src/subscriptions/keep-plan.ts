/** Both look first whether there is anything to do, and change the plan as `changePlan` reads it: it may be another by then. */
import type { AccountId } from "@bursar/core";
import type { Actor } from "../audit/actor.ts";
import { changePlan, type ChangeOutcome } from "./change-plan.ts";
import type { SubscriptionsContext } from "./context.ts";
import { loadStanding } from "./standing.ts";

/** Lifts a cancellation (S5). It states what shall be: lifted already is fine, and a pending change stays. */
export async function resumePlan(
  context: SubscriptionsContext,
  accountId: AccountId,
  actor: Actor,
): Promise<ChangeOutcome> {
  const { standing } = await loadStanding(context, accountId);
  if (standing.kind !== "subscribed") return { code: "no_change" };
  if (standing.cancelAt === null) {
    return { code: "applied", effectiveAt: context.clock.now(accountId), invoiceId: null };
  }
  return changePlan(context, accountId, { wanted: "as_now", actor });
}

/** Undoes what is scheduled (S2). `null`: nothing was, which is what was wanted. */
export async function undoPending(
  context: SubscriptionsContext,
  accountId: AccountId,
  actor: Actor,
): Promise<ChangeOutcome | null> {
  const { standing } = await loadStanding(context, accountId);
  if (standing.kind !== "subscribed" || standing.pending === null) return null;
  const outcome = await changePlan(context, accountId, { wanted: "as_now", actor });
  return outcome.code === "no_change" ? null : outcome;
}
