import type { Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `sign_in_attempts` and `host_tokens_used`. In the database, so that several servers count together. */

/** Counts one more try in the window that is open, or opens one. @returns how many it makes, and until when */
export async function countTry(
  db: Queryable,
  { bucket, now, windowMs }: { bucket: string; now: Instant; windowMs: number },
): Promise<{ tries: number; endsAt: Date }> {
  const { rows } = await sql<{ tries: number; endsAt: Date }>`
    insert into sign_in_attempts as s (bucket, tries, ends_at)
    values (${bucket}, 1, ${new Date(now + windowMs)})
    on conflict (bucket) do update
    set    tries = case when s.ends_at <= ${new Date(now)} then 1 else s.tries + 1 end,
           ends_at = case when s.ends_at <= ${new Date(now)} then excluded.ends_at else s.ends_at end
    returning tries, ends_at as "endsAt"`.execute(db);
  return rows[0]!;
}

export async function forgetTries(db: Queryable, bucket: string): Promise<void> {
  await sql`delete from sign_in_attempts where bucket = ${bucket}`.execute(db);
}

/** @returns false when it was used before, here or on another server */
export async function useHostToken(
  db: Queryable,
  { tokenId, expiresAt }: { tokenId: string; expiresAt: Instant },
): Promise<boolean> {
  const { rows } = await sql`
    insert into host_tokens_used (token_id, expires_at)
    values (${tokenId}, ${new Date(expiresAt)})
    on conflict do nothing
    returning 1`.execute(db);
  return rows.length === 1;
}

/** What is over, in small deletes. */
export async function trimAttempts(
  db: Queryable,
  { now, limit }: { now: Instant; limit: number },
): Promise<void> {
  const before = new Date(now);
  await sql`
    delete from sign_in_attempts
    where  bucket in (select bucket from sign_in_attempts where ends_at < ${before} limit ${limit})`.execute(
    db,
  );
  await sql`
    delete from host_tokens_used
    where  token_id in (select token_id from host_tokens_used where expires_at < ${before} limit ${limit})`.execute(
    db,
  );
  await sql`
    delete from person_links
    where  secret_hash in (select secret_hash from person_links where expires_at < ${before} limit ${limit})`.execute(
    db,
  );
}
