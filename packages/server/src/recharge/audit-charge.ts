/** What the audit log says of a pack that is charged to the saved card. */
import type { Instant } from "@bursar/core";
import type { AuditAction } from "../audit/actions.ts";
import type { Actor } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import type { Queryable } from "../db/open-database.ts";
import { insertCharge, type ChargeRow } from "./store-charges.ts";

/** Opens a charge, for who wanted it. @returns `null` when another of the account for this reason is open */
export async function openCharge(
  db: Queryable,
  actor: Actor,
  row: Parameters<typeof insertCharge>[1],
): Promise<ChargeRow | null> {
  const opened = await insertCharge(db, row);
  if (opened !== null)
    await writeCharge(db, actor, { row: opened, action: "pack_charge.opened", at: row.createdAt });
  return opened;
}

export function writeCharge(
  db: Queryable,
  actor: Actor,
  { row, action, at }: { row: ChargeRow; action: AuditAction & `pack_charge.${string}`; at: Instant },
): Promise<void> {
  const {
    accountId,
    chargeId: subject,
    reason,
    packId,
    tokens,
    amountCents: amount,
    currency,
    failure,
  } = row;
  const after = {
    reason,
    packId,
    tokens,
    amount,
    currency,
    try: row.tryNumber,
    invoiceId: row.invoiceId,
    failure,
  };
  return writeAudit(db, actor, { accountId, action, subject, before: null, after, at });
}

/** The states that end a try or wait for a person; those between are steps of ours. */
const ACTIONS = {
  needs_authentication: "pack_charge.needs_authentication",
  declined: "pack_charge.declined",
  succeeded: "pack_charge.succeeded",
  failed: "pack_charge.failed",
} as const;

export function actionOfState(state: ChargeRow["state"]): (typeof ACTIONS)[keyof typeof ACTIONS] | null {
  return state in ACTIONS ? ACTIONS[state as keyof typeof ACTIONS] : null;
}
