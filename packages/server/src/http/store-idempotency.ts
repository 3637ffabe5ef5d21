import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `idempotency_keys`. */

export interface IdempotencyRow {
  requestHash: Buffer;
  status: number | null;
  contentType: string | null;
  body: string | null;
  /** The body holds a secret and is encrypted. */
  isSealed: boolean;
}

interface Claim {
  readonly scope: string;
  readonly key: string;
  readonly requestHash: Buffer;
  /** Also tells this claim from a later one of the same key, whose answer is not this request's to write. */
  readonly now: number;
  readonly abandonedBefore: number;
}

/**
 * Takes the key for this request.
 * @returns `taken`; or what the first request left, without a status while it is running; `null` when that request
 * failed at this very moment and gave the key back
 */
export async function claimKey(db: Queryable, claim: Claim): Promise<"taken" | IdempotencyRow | null> {
  const { scope, key, requestHash } = claim;
  const taken = await sql`
    insert into idempotency_keys (scope, key, request_hash, started_at)
    values (${scope}, ${key}, ${requestHash}, ${new Date(claim.now)})
    on conflict (scope, key) do update
    set   request_hash = excluded.request_hash, started_at = excluded.started_at, status = null, body = null, is_sealed = false
    where (idempotency_keys.status is null and idempotency_keys.started_at < ${new Date(claim.abandonedBefore)})
       or idempotency_keys.started_at < ${new Date(claim.now)}::timestamptz - interval '24 hours'
    returning 1`.execute(db);
  if (taken.rows.length === 1) return "taken";
  const { rows } = await sql<Omit<IdempotencyRow, "requestHash"> & { requestHash: Uint8Array }>`
    select request_hash as "requestHash", status, content_type as "contentType", body, is_sealed as "isSealed"
    from   idempotency_keys
    where  scope = ${scope} and key = ${key}`.execute(db);
  const row = rows[0];
  return row === undefined ? null : { ...row, requestHash: Buffer.from(row.requestHash) };
}

export async function keepAnswer(
  db: Queryable,
  { scope, key, now }: Pick<Claim, "scope" | "key" | "now">,
  answer: { status: number; contentType: string | null; body: string; isSealed: boolean },
): Promise<void> {
  await sql`
    update idempotency_keys
    set    status = ${answer.status}, content_type = ${answer.contentType}, body = ${answer.body}, is_sealed = ${answer.isSealed}
    where  scope = ${scope} and key = ${key} and started_at = ${new Date(now)}`.execute(db);
}

export async function releaseKey(
  db: Queryable,
  { scope, key, now }: Pick<Claim, "scope" | "key" | "now">,
): Promise<void> {
  await sql`
    delete from idempotency_keys
    where  scope = ${scope} and key = ${key} and status is null and started_at = ${new Date(now)}`.execute(
    db,
  );
}

/** A small delete, so that it holds few locks and those for a moment. @returns how many went */
export async function trimKeys(
  db: Queryable,
  { before, limit }: { before: number; limit: number },
): Promise<number> {
  const { rows } = await sql`
    delete from idempotency_keys
    where (scope, key) in (select scope, key from idempotency_keys where started_at < ${new Date(before)} limit ${limit})
    returning 1`.execute(db);
  return rows.length;
}
