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
import { Instants, type Rows, type Statement } from "../db/session.ts";

/**
 * Takes the rows of the accounts until the transaction ends, in id order: two servers that lock the same accounts
 * wait for each other instead of waiting in a circle.
 */
export function lockAccounts(needed: readonly FactsNeeded[]): Statement {
  return {
    name: "lock_accounts",
    text: `
    select account_id
    from   accounts
    where  account_id = any ($1::text[])
    order by account_id
    for update`,
    values: [needed.map(({ accountId }) => accountId)],
  };
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

/** An instant as JSON: whole milliseconds, which is all that we ever store. */
const ms = (column: string) => `(date_part('epoch', ${column}) * 1000)::bigint`;

const FACTS = `
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
            from   (select * from (select * from holds
                                   where  account_id = a.account_id and state = 'held' and expires_at > w.holds_expire_after
                                   order by expires_at) as alive
                    union all
                    select * from (select * from holds
                                   where  account_id = a.account_id and hold_id = any ($4::text[])
                                   order by hold_id) as named) as h) as holds
    from   unnest($1::text[], $2::timestamptz[], $3::timestamptz[])
             as w (account_id, windows_start_after, holds_expire_after)
    join   accounts a on a.account_id = w.account_id`;

/*
 * Why some parts are sorted though nobody asks for an order: where two indexes begin with the account, the planner, who
 * thinks that an account has a row or two, may take the one that finds all of the account's rows and look through them
 * (on a hot account 62 ms a batch instead of one). The order can be had from the right index alone, and a session does
 * not sort.
 */

/**
 * Reads the facts of accounts in one statement, each part by the primary key of its table (holds by holds_alive).
 * In a batch it must come after the lock, as a statement of its own, else it would see what was before the wait.
 * Accounts that do not exist are left out.
 */
export function readFacts(needed: readonly FactsNeeded[]): Statement {
  return {
    name: "read_facts",
    text: FACTS,
    values: [
      needed.map((each) => each.accountId),
      new Instants(needed.map((each) => each.windowsStartAfter)),
      new Instants(needed.map((each) => each.holdsExpireAfter)),
      needed.flatMap((each) => each.holdIds),
    ],
  };
}

interface KnownRow {
  accountId: AccountId;
  id: string;
  /** `null` for the id of an event. */
  kind: string | null;
}

/** Which of the ids and sources that a batch brings are known already. */
export function readKnown(needed: readonly FactsNeeded[]): Statement {
  const events = needed.flatMap(({ accountId, eventIds }) => eventIds.map((id) => ({ accountId, id })));
  const sources = needed.flatMap((each) => each.sources.map((id) => ({ accountId: each.accountId, id })));
  return {
    name: "read_known",
    text: `
    select i.account_id as "accountId", i.event_id as id, null as kind
    from   unnest($1::text[], $2::text[]) as w (account_id, id)
    join   event_ids i on i.account_id = w.account_id and i.event_id = w.id
    union all
    select w.account_id, w.id, l.kind
    from   unnest($3::text[], $4::text[]) as w (account_id, id)
    join   lateral (select kind from ledger_entries
                    where  account_id = w.account_id and source = w.id
                    order by kind) as l on true`,
    values: [
      events.map(({ accountId }) => accountId),
      events.map(({ id }) => id),
      sources.map(({ accountId }) => accountId),
      sources.map(({ id }) => id),
    ],
  };
}

/** The states that the rows of `readFacts` and `readKnown` describe. */
export function toStates(facts: Rows, known: Rows = []): Map<AccountId, AccountState> {
  const knownOf = Map.groupBy(known as readonly KnownRow[], ({ accountId }) => accountId);
  return new Map(
    (facts as readonly FactsRow[]).map((row) => [
      row.accountId,
      toState(row, knownOf.get(row.accountId) ?? []),
    ]),
  );
}

function toState(row: FactsRow, known: readonly KnownRow[]): AccountState {
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
    knownEventIds: new Set(known.flatMap(({ id, kind }) => (kind === null ? [id] : []))),
    knownSources: new Set(known.flatMap(({ id, kind }) => (kind === null ? [] : [sourceKey(kind, id)]))),
  };
}

function toHold({ settledTokens, fromAllocation, fromCredits, balanceAfter, ...hold }: HoldJson): Hold {
  safeInteger(hold.tokens, "held tokens");
  const settlement =
    settledTokens === null ? null : { tokens: settledTokens, fromAllocation, fromCredits, balanceAfter };
  return { ...hold, settlement };
}
