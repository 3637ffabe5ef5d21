import type { AccountId, Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import { Instants, type Statement } from "../db/session.ts";
import type { AuditAction } from "./actions.ts";
import type { Actor } from "./actor.ts";

/** The SQL on `audit_log`, for those who write it and those who read it. Rows are only ever added. */

export interface AuditEntry {
  /** `null`: of the installation itself, as platform keys are. */
  readonly accountId: AccountId | null;
  readonly action: AuditAction;
  /** The id of what was changed; `null`: the account itself. */
  readonly subject: string | null;
  /** Nothing secret in either; `null`: there was, or is, nothing. */
  readonly before: object | null;
  readonly after: object | null;
  /** By the account's clock, as everything of it. */
  readonly at: Instant;
}

/** No account's id: theirs begin with `acc_`. */
const PLATFORM = "platform";

/** Says who changed what, in the transaction that changes it. */
export async function writeAudit(
  db: Queryable,
  { actor, actorKind, requestId }: Actor,
  { accountId, action, subject, before, after, at }: AuditEntry,
): Promise<void> {
  await sql`
    insert into audit_log (account_id, actor, actor_kind, action, subject, before, after, request_id, created_at)
    values (${accountId ?? PLATFORM}, ${actor}, ${actorKind}, ${action}, ${subject},
            ${before === null ? null : factsText(before)}::jsonb, ${after === null ? null : factsText(after)}::jsonb,
            ${requestId}, ${new Date(at)})`.execute(db);
}

/** The same for a batch of the book: what Stripe paid, or took back. */
export function auditStatement(actor: Actor, entries: readonly AuditEntry[]): Statement {
  const text = (facts: object | null) => (facts === null ? null : factsText(facts));
  return {
    name: "write_audit",
    text: `
    insert into audit_log (account_id, actor, actor_kind, action, subject, before, after, request_id, created_at)
    select unnest($1::text[]), $2, $3, unnest($4::text[]), unnest($5::text[]), unnest($6::jsonb[]), unnest($7::jsonb[]),
           $8, unnest($9::timestamptz[])`,
    values: [
      entries.map(({ accountId }) => accountId ?? PLATFORM),
      actor.actor,
      actor.actorKind,
      entries.map(({ action }) => action),
      entries.map(({ subject }) => subject),
      entries.map(({ before }) => text(before)),
      entries.map(({ after }) => text(after)),
      actor.requestId,
      new Instants(entries.map(({ at }) => at)),
    ],
  };
}

/** JSON text for people: instants, whose names end with `At`, are written as such. */
function factsText(facts: object): string {
  return JSON.stringify(facts, (name, value: unknown) =>
    typeof value === "number" && name.endsWith("At") ? new Date(value).toISOString() : value,
  );
}

export interface AuditRow {
  readonly entryId: string;
  readonly action: AuditAction;
  readonly actor: string;
  readonly actorKind: Actor["actorKind"];
  /** The person, while they are a member. */
  readonly actorName: string | null;
  readonly subject: string | null;
  readonly before: object | null;
  readonly after: object | null;
  readonly requestId: string | null;
  readonly createdAt: Date;
}

export interface AuditFilter {
  /** An action, or the part before its point: `key` is every `key.…`. */
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
}

/** The newest first. Index: the primary key, read backwards. */
export async function listAudit(
  db: Queryable,
  accountId: AccountId | null,
  { after, limit, ...filter }: AuditFilter & { after: string | null; limit: number },
): Promise<AuditRow[]> {
  const account = accountId ?? PLATFORM;
  const older =
    after === null
      ? sql`true`
      : sql`a.audit_id < (select audit_id from audit_log where account_id = ${account} and entry_id = ${after})`;
  const { rows } = await sql<AuditRow>`
    select a.entry_id as "entryId", a.action, a.actor, a.actor_kind as "actorKind", m.name as "actorName", a.subject,
           a.before, a.after, a.request_id as "requestId", a.created_at as "createdAt"
    from   audit_log a
    left   join members m on m.account_id = a.account_id and m.member_id = a.actor
    where  a.account_id = ${account} and ${older} and ${matches(filter)}
    order  by a.audit_id desc
    limit  ${limit}`.execute(db);
  return rows;
}

export async function countAudit(
  db: Queryable,
  accountId: AccountId | null,
  filter: AuditFilter,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from audit_log a
    where  a.account_id = ${accountId ?? PLATFORM} and ${matches(filter)}`.execute(db);
  return rows[0]!.count;
}

function matches({ action, actor, subject, from, to }: AuditFilter) {
  const at = (instant: Instant | undefined) => (instant === undefined ? null : new Date(instant));
  return sql`
    (${action ?? null}::text is null or a.action = ${action ?? null} or starts_with(a.action, ${action ?? null}::text || '.'))
    and (${actor ?? null}::text is null or a.actor = ${actor ?? null})
    and (${subject ?? null}::text is null or a.subject = ${subject ?? null})
    and (${at(from)}::timestamptz is null or a.created_at >= ${at(from)})
    and (${at(to)}::timestamptz is null or a.created_at < ${at(to)})`;
}
