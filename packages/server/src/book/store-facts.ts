import {
  counterKey,
  safeInteger,
  sourceKey,
  type AccountId,
  type AccountState,
  type BookAccount,
  type Counter,
  type EntitlementSlice,
  type FactsNeeded,
  type Hold,
  type Instant,
  type Overrides,
} from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/**
 * Takes the rows of the accounts until the transaction ends, in id order: two servers that lock the same accounts
 * wait for each other instead of waiting in a circle.
 */
export async function lockAccounts(db: Queryable, accountIds: readonly AccountId[]): Promise<void> {
  await sql`
    select account_id
    from   accounts
    where  account_id = any (${[...accountIds]}::text[])
    order by account_id
    for update`.execute(db);
}

interface FactsRow {
  accountId: AccountId;
  overrides: Overrides;
  lastEntryNumber: number;
  slices: EntitlementSlice[];
  balances: [bookAccount: BookAccount, balance: number, lapsedWindowStart: Instant | null][];
  counters: Counter[];
  holds: HoldJson[];
}

interface HoldJson extends Omit<Hold, "settlement"> {
  settledTokens: number | null;
  fromAllocation: number;
  fromCredits: number;
  balanceAfter: number;
}

/**
 * Reads the facts of accounts in one statement, each part by the primary key of its table (holds by holds_alive).
 * In a batch it must come after the lock, as a statement of its own, else it would see what was before the wait.
 * Accounts that do not exist are left out.
 */
export async function readFacts(
  db: Queryable,
  wanted: readonly FactsNeeded[],
): Promise<Map<AccountId, AccountState>> {
  const holdIds = wanted.flatMap((each) => each.holdIds);
  const { rows } = await sql<FactsRow>`
    select a.account_id        as "accountId",
           a.overrides,
           a.last_entry_number as "lastEntryNumber",
           (select coalesce(json_agg(json_build_object(
                     'startsAt', ${ms("e.starts_at")}, 'anchorAt', ${ms("e.anchor_at")}, 'planId', e.plan_id,
                     'interval', e.billing_interval, 'seats', e.seats) order by e.starts_at), '[]')
            from   entitlements e
            where  e.account_id = a.account_id) as slices,
           (select coalesce(json_agg(json_build_array(b.book_account, b.balance,
                     case when b.lapsed then ${ms("b.window_start")} end)), '[]')
            from   balances b
            where  b.account_id = a.account_id
            and    (b.balance <> 0 or b.window_start > w.windows_start_after)) as balances,
           (select coalesce(json_agg(json_build_object(
                     'meterId', c.meter_id, 'windowStartsAt', ${ms("c.window_start")},
                     'windowEndsAt', ${ms("c.window_end")}, 'used', c.used,
                     'newestReceivedAt', ${ms("c.newest_received_at")}, 'alertPercent', c.alert_percent,
                     'alertWindowStartsAt', ${ms("c.alert_window_start")})), '[]')
            from   usage_counters c
            where  c.account_id = a.account_id
            and    (c.window_start > w.windows_start_after or c.window_end is null)) as counters,
           (select coalesce(json_agg(json_build_object(
                     'holdId', h.hold_id, 'tokens', h.tokens, 'createdAt', ${ms("h.created_at")},
                     'expiresAt', ${ms("h.expires_at")}, 'state', h.state, 'settledTokens', h.settled_tokens,
                     'fromAllocation', h.from_allocation, 'fromCredits', h.from_credits,
                     'balanceAfter', h.balance_after, 'description', h.description, 'resource', h.resource)), '[]')
            from   holds h
            where  h.account_id = a.account_id
            and    ((h.state = 'held' and h.expires_at > w.holds_expire_after) or h.hold_id = any (${holdIds}::text[]))) as holds
    from   unnest(${wanted.map((each) => each.accountId)}::text[],
                  ${wanted.map((each) => iso(each.windowsStartAfter))}::timestamptz[],
                  ${wanted.map((each) => iso(each.holdsExpireAfter))}::timestamptz[])
             as w (account_id, windows_start_after, holds_expire_after)
    join   accounts a on a.account_id = w.account_id`.execute(db);
  return new Map(rows.map((row) => [row.accountId, toState(row)]));
}

/** Adds to the states which of the ids and sources that a batch brings are known already. */
export async function readKnown(
  db: Queryable,
  states: ReadonlyMap<AccountId, AccountState>,
  wanted: readonly FactsNeeded[],
): Promise<Map<AccountId, AccountState>> {
  const found = wanted.filter(({ accountId }) => states.has(accountId));
  const events = found.flatMap(({ accountId, eventIds }) => eventIds.map((id) => ({ accountId, id })));
  const sources = found.flatMap((each) => each.sources.map((id) => ({ accountId: each.accountId, id })));
  if (events.length + sources.length === 0) return new Map(states);
  const { rows } = await sql<{ accountId: AccountId; id: string; kind: string | null }>`
    select i.account_id as "accountId", i.event_id as id, null as kind
    from   unnest(${events.map((each) => each.accountId)}::text[], ${events.map((each) => each.id)}::text[])
             as w (account_id, id)
    join   event_ids i on i.account_id = w.account_id and i.event_id = w.id
    union
    select l.account_id, l.source, l.kind
    from   unnest(${sources.map((each) => each.accountId)}::text[], ${sources.map((each) => each.id)}::text[])
             as w (account_id, id)
    join   ledger_entries l on l.account_id = w.account_id and l.source = w.id`.execute(db);

  const known = new Map(
    [...states].map(([id]) => [id, { eventIds: new Set<string>(), sources: new Set<string>() }]),
  );
  for (const { accountId, id, kind } of rows) {
    if (kind === null) known.get(accountId)?.eventIds.add(id);
    else known.get(accountId)?.sources.add(sourceKey(kind, id));
  }
  return new Map(
    [...states].map(([id, state]) => {
      const { eventIds, sources: knownSources } = known.get(id)!;
      return [id, { ...state, knownEventIds: eventIds, knownSources }];
    }),
  );
}

/** An instant as JSON: whole milliseconds, which is all that we ever store. */
function ms(column: string) {
  return sql`(extract(epoch from ${sql.raw(column)}) * 1000)::bigint`;
}

export function iso(at: Instant): string {
  return new Date(at).toISOString();
}

function toState(row: FactsRow): AccountState {
  return {
    accountId: row.accountId,
    entitlements: { slices: row.slices, overrides: row.overrides },
    lastEntryNumber: row.lastEntryNumber,
    balances: new Map(row.balances.map(([account, balance]) => [account, safeInteger(balance, "a balance")])),
    lapsedWindows: new Set(row.balances.flatMap(([, , startsAt]) => (startsAt === null ? [] : [startsAt]))),
    counters: new Map(
      row.counters.map((counter) => {
        safeInteger(counter.used, "a counter");
        return [counterKey(counter.meterId, counter.windowStartsAt), counter];
      }),
    ),
    holds: new Map(row.holds.map((hold) => [hold.holdId, toHold(hold)])),
    knownEventIds: new Set(),
    knownSources: new Set(),
  };
}

function toHold({ settledTokens, fromAllocation, fromCredits, balanceAfter, ...hold }: HoldJson): Hold {
  safeInteger(hold.tokens, "held tokens");
  const settlement =
    settledTokens === null ? null : { tokens: settledTokens, fromAllocation, fromCredits, balanceAfter };
  return { ...hold, settlement };
}
