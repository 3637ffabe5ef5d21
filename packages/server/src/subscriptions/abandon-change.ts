import type { AccountId } from "@bursar/core";
import type { Actor } from "../audit/actor.ts";
import { GIVEN_UP, giveUp } from "./carry-out.ts";
import type { ChangeOutcome } from "./change-plan.ts";
import type { SubscriptionsContext } from "./context.ts";
import { findOpenChange, holdChange, letGoOfChange } from "./store-changes.ts";

/**
 * Gives up an upgrade that waits for the bank. @returns `null` when there is none, or it was given up; the outcome of
 * the change when it was paid just then, or is in the middle of something that cannot be stopped
 */
export async function abandonChange(
  context: SubscriptionsContext,
  accountId: AccountId,
  actor: Actor,
): Promise<ChangeOutcome | null> {
  const { database, clock, ids } = context;
  const open = await findOpenChange(database.kysely, accountId);
  if (open === null || open.state !== "awaiting_bank") return null;
  const held = await holdChange(database.kysely, accountId, { holder: ids.next("hld_"), now: clock.now() });
  if (held?.state !== "awaiting_bank") {
    // Somebody looks at this moment whether it was paid, or found that it was.
    if (held !== null) await letGoOfChange(database.kysely, held, clock.now());
    return { code: "change_in_progress", url: open.invoiceUrl };
  }
  const outcome = await giveUp(context, held, {
    invoiceId: held.invoiceId,
    reason: GIVEN_UP.abandoned,
    by: actor,
  });
  return outcome.code === "payment_failed" ? null : outcome;
}
