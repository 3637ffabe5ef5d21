import type { AccountId } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `audit_log`. Rows are only ever added. */

export type ActorKind =
  "member" | "platform_key" | "account_key" | "session_token" | "operator" | "stripe" | "bursar";

export interface AuditEntry {
  /** `null`: of the platform itself, as its keys are. */
  accountId: AccountId | null;
  actor: string;
  actorKind: ActorKind;
  /** `key.created`, `plan.changed` ... */
  action: string;
  subject: string | null;
  before: object | null;
  after: object | null;
  requestId: string | null;
  createdAt: number;
}

/** No account's id: theirs begin with `acc_`. */
const PLATFORM = "platform";

export async function insertAudit(db: Queryable, entry: AuditEntry): Promise<void> {
  const { before, after } = entry;
  await sql`
    insert into audit_log (account_id, actor, actor_kind, action, subject, before, after, request_id, created_at)
    values (${entry.accountId ?? PLATFORM}, ${entry.actor}, ${entry.actorKind}, ${entry.action}, ${entry.subject},
            ${before === null ? null : JSON.stringify(before)}::jsonb,
            ${after === null ? null : JSON.stringify(after)}::jsonb,
            ${entry.requestId}, ${new Date(entry.createdAt)})`.execute(db);
}
