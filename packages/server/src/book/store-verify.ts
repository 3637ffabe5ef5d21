import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import type { AccountFacts, AuditedEntry, BookFault } from "./audit.ts";

/** Accounts from one id, exclusive, to another, inclusive; `null`: to the last. In the database's order of ids. */
export interface AccountRange {
  readonly after: string;
  readonly last: string | null;
}

/** What stands beside the entries of the next accounts; one statement, so that it is all of one instant. */
export async function readAccountFacts(
  db: Queryable,
  wanted: { readonly after: string; readonly limit: number; readonly tokensMeterId: string },
): Promise<AccountFacts[]> {
  const { rows } = await sql<AccountFacts>`
    select a.account_id        as "accountId",
           a.last_entry_number as "lastEntryNumber",
           (select coalesce(max(l.entry_number), 0)
            from   ledger_entries l
            where  l.account_id = a.account_id) as "highestEntryNumber",
           (select coalesce(json_agg(json_build_array(b.book_account, b.balance, b.lapsed)), '[]')
            from   balances b
            where  b.account_id = a.account_id) as balances,
           (select coalesce(json_agg(json_build_array((extract(epoch from c.window_start) * 1000)::bigint, c.used)), '[]')
            from   usage_counters c
            where  c.account_id = a.account_id and c.meter_id = ${wanted.tokensMeterId}) as "tokenCounters"
    from   accounts a
    where  a.account_id > ${wanted.after}
    order by a.account_id
    limit  ${wanted.limit}`.execute(db);
  return rows;
}

export interface EntryPlace {
  readonly accountId: string;
  readonly number: number;
}

/** The next entries by the primary key. What was entered is never changed, so a later look sees the same. */
export async function readEntries(
  db: Queryable,
  {
    after,
    lastAccountId,
    limit,
  }: { readonly after: EntryPlace; readonly lastAccountId: string | null; readonly limit: number },
): Promise<AuditedEntry[]> {
  const upTo = lastAccountId === null ? sql`true` : sql`account_id <= ${lastAccountId}`;
  const { rows } = await sql<AuditedEntry>`
    select account_id as "accountId", entry_number as "number", kind, from_account as "from", to_account as "to", tokens,
           from_balance_after as "fromBalanceAfter", to_balance_after as "toBalanceAfter"
    from   ledger_entries
    where  (account_id, entry_number) > (${after.accountId}, ${after.number}::bigint) and ${upTo}
    order by account_id, entry_number
    limit  ${limit}`.execute(db);
  return rows;
}

/** Windows and days are two sums of the same events. */
export async function findCounterFaults(
  db: Queryable,
  range: AccountRange,
  { tokensMeterId, limit }: { readonly tokensMeterId: string; readonly limit: number },
): Promise<BookFault[]> {
  const { rows } = await sql<BookFault>`
    with windows as (
      select account_id, meter_id, sum(used) as quantity
      from   usage_counters where ${inRange(range)} group by account_id, meter_id
    ), days as (
      select account_id, meter_id, sum(quantity) as quantity
      from   usage_days where ${inRange(range)} group by account_id, meter_id
    )
    select coalesce(w.account_id, d.account_id) as "accountId", 'windows and days count the same' as rule,
           format('%s: windows %s, days %s', coalesce(w.meter_id, d.meter_id), coalesce(w.quantity, 0),
                  coalesce(d.quantity, 0)) as found
    from   windows w
    full join days d on d.account_id = w.account_id and d.meter_id = w.meter_id
    where  coalesce(w.quantity, 0) <> coalesce(d.quantity, 0)
    and    coalesce(w.meter_id, d.meter_id) <> ${tokensMeterId}
    limit  ${limit}`.execute(db);
  return rows;
}

/**
 * Groups add up to what their day says that it has in groups, and never to more than the day has. A day that was counted
 * before its meter had groups says that it has none.
 * @param meterIds the meters that have groups now: of others it may be that they were once something else
 */
export async function findGroupFaults(
  db: Queryable,
  range: AccountRange,
  { meterIds, limit }: { readonly meterIds: readonly string[]; readonly limit: number },
): Promise<BookFault[]> {
  const { rows } = await sql<BookFault>`
    with groups as (
      select account_id, meter_id, day, sum(quantity) as quantity
      from   usage_groups where ${inRange(range)} group by account_id, meter_id, day
    ), days as (
      select account_id, meter_id, day, quantity, grouped
      from   usage_days where ${inRange(range)} and grouped <> 0
    )
    select coalesce(g.account_id, d.account_id) as "accountId", 'the groups of a day are a part of it' as rule,
           format('%s on %s: groups %s, the day says %s of %s', coalesce(g.meter_id, d.meter_id),
                  coalesce(g.day, d.day), coalesce(g.quantity, 0), coalesce(d.grouped, 0), coalesce(d.quantity, 0)) as found
    from   groups g
    full join days d on d.account_id = g.account_id and d.meter_id = g.meter_id and d.day = g.day
    where  coalesce(g.quantity, 0) <> coalesce(d.grouped, 0)
    or     (d.grouped > d.quantity and d.meter_id = any (${[...meterIds]}::text[]))
    limit  ${limit}`.execute(db);
  return rows;
}

/** A settled hold says of itself what the ledger says of it. Each look-up is by the ledger's key of sources. */
export async function findHoldFaults(
  db: Queryable,
  range: AccountRange,
  limit: number,
): Promise<BookFault[]> {
  const { rows } = await sql<BookFault>`
    select h.account_id as "accountId", 'a settled hold was charged what it says' as rule,
           format('%s settled %s, charged %s', h.hold_id, coalesce(h.settled_tokens, 0), charged.tokens) as found
    from   holds h
    cross join lateral (
      select coalesce(sum(l.tokens), 0) as tokens
      from   ledger_entries l
      where  l.account_id = h.account_id and l.source = 'hold:' || h.hold_id
    ) charged
    where  ${inRange(range, "h.")} and charged.tokens <> coalesce(h.settled_tokens, 0)
    limit  ${limit}`.execute(db);
  return rows;
}

/** Tokens that an event reported were charged, once; as far back as raw events are kept. History draws nothing. */
export async function findEventFaults(
  db: Queryable,
  { tokensMeterId, limit }: { readonly tokensMeterId: string; readonly limit: number },
): Promise<BookFault[]> {
  const { rows } = await sql<BookFault>`
    select e.account_id as "accountId", 'an event was charged what it says' as rule,
           format('%s reported %s, charged %s', e.event_id, e.quantity, charged.tokens) as found
    from   events e
    cross join lateral (
      select coalesce(sum(l.tokens), 0) as tokens
      from   ledger_entries l
      where  l.account_id = e.account_id and l.source = 'event:' || e.event_id
    ) charged
    where  e.meter_id = ${tokensMeterId}
    and    charged.tokens <> case when e.mode = 'backfill' then 0 else e.quantity end
    limit  ${limit}`.execute(db);
  return rows;
}

/** Entries that no account owns. Goes from one account to the next by the primary key instead of reading all entries. */
export async function findOwnerlessEntries(db: Queryable, limit: number): Promise<BookFault[]> {
  const { rows } = await sql<BookFault>`
    with recursive owners as (
      select min(account_id) as account_id from ledger_entries
      union all
      select (select min(l.account_id) from ledger_entries l where l.account_id > o.account_id)
      from   owners o
      where  o.account_id is not null
    )
    select o.account_id as "accountId", 'every entry is an account''s' as rule, 'there is no such account' as found
    from   owners o
    where  o.account_id is not null
    and    not exists (select from accounts a where a.account_id = o.account_id)
    limit  ${limit}`.execute(db);
  return rows;
}

function inRange({ after, last }: AccountRange, alias = "") {
  const column = sql.raw(`${alias}account_id`);
  return last === null ? sql`${column} > ${after}` : sql`${column} > ${after} and ${column} <= ${last}`;
}
