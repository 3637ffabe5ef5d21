import type { AccountId } from "@bursar/core";
import { giveUp, type CarriedOut } from "./carry-out.ts";
import type { SubscriptionsContext } from "./context.ts";
import { findOpenChange } from "./store-changes.ts";

/**
 * Gives up an upgrade that waits for the bank. @returns `null` when there is none, or it was given up; the outcome of
 * the change when it was paid just then, or is in the middle of something that cannot be stopped
 */
export async function abandonChange(
  context: SubscriptionsContext,
  accountId: AccountId,
): Promise<CarriedOut | null> {
  const open = await findOpenChange(context.database.kysely, accountId);
  if (open === null || open.state !== "awaiting_bank") return null;
  const outcome = await giveUp(context, open, {
    invoiceId: open.invoiceId,
    reason: "It was given up before the bank confirmed it.",
  });
  return outcome.code === "payment_failed" ? null : outcome;
}
