import type { AccountId, Instant } from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import type { NoticeData, NoticeType } from "./kinds.ts";

/** The SQL on `outbox`, for those who write it and the one who reads it. */

export interface NewNotice<Type extends NoticeType> {
  readonly accountId: AccountId;
  readonly type: Type;
  readonly data: NoticeData<Type>;
  readonly at: Instant;
  /**
   * Names what is told, once for the account: a second notice of the same key is not written. Null where the writer's
   * own transaction happens once anyway.
   */
  readonly key: string | null;
}

/** Tells later folders and the outside, in the transaction that makes it true. @returns false when it was told before */
export async function writeNotice<Type extends NoticeType>(
  db: Queryable,
  { accountId, type, data, at, key }: NewNotice<Type>,
): Promise<boolean> {
  const { rows } = await sql`
    insert into outbox (account_id, topic, payload, created_at, told_key)
    values (${accountId}, ${type}, ${JSON.stringify(data)}::jsonb, ${new Date(at)}, ${key})
    on conflict (account_id, told_key) where told_key is not null do nothing
    returning 1`.execute(db);
  return rows.length === 1;
}

/** Whether a notice was written whose key begins like this. */
export async function wasTold(db: Queryable, accountId: AccountId, keyPrefix: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from outbox
    where  account_id = ${accountId} and starts_with(told_key, ${keyPrefix})
    limit  1`.execute(db);
  return rows.length === 1;
}

/** How many notices wait, and since when. Index: outbox_unhandled. */
export async function readOutboxBacklog(db: Queryable): Promise<{ waiting: number; oldestAt: Date | null }> {
  const { rows } = await sql<{ waiting: number; oldestAt: Date | null }>`
    select count(*)::int as waiting, min(created_at) as "oldestAt"
    from   outbox
    where  handled_at is null`.execute(db);
  return rows[0]!;
}
