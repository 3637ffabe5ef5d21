import {
  counterKey,
  sourceKey,
  type AccountId,
  type AccountState,
  type BookAccount,
  type Counter,
  type EntitlementSlice,
  type FactsNeeded,
  type Hold,
  type Instant,
  type Interval,
  type Overrides,
} from "@bursar/core";
import { Instants, Texts, type Rows, type Statement } from "../db/session.ts";

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
    values: [new Texts(needed.map(({ accountId }) => accountId))],
  };
}

/**
 * One fact of an account. The parts have little in common, so their columns have no names: see `FACTS` and `toState`.
 * As JSON an account's facts cost the server twice as much as in rows.
 */
interface FactRow {
  part: "account" | "slice" | "balance" | "counter" | "hold";
  accountId: AccountId;
  t1: string | null;
  t2: string | null;
  t3: string | null;
  t4: string | null;
  n1: number;
  n2: number | null;
  n3: number | null;
  n4: number | null;
  n5: number | null;
  n6: number | null;
  n7: number | null;
}

/** An instant in whole milliseconds, which is all that we ever store. */
const ms = (column: string) => `(date_part('epoch', ${column}) * 1000)::bigint`;

const HOLD = `'hold', h.account_id, h.hold_id, h.state, h.description, h.resource, h.tokens, ${ms("h.created_at")},
           ${ms("h.expires_at")}, h.settled_tokens, h.from_allocation, h.from_credits, h.balance_after`;

const FACTS = `
    with wanted as materialized (
      select unnest($1::text[]) as account_id, unnest($2::timestamptz[]) as windows_start_after,
             unnest($3::timestamptz[]) as holds_expire_after
    )
    select 'account' as part, a.account_id as "accountId", a.overrides::text as t1, null as t2, null as t3, null as t4,
           a.last_entry_number as n1, null::bigint as n2, null::bigint as n3, null::bigint as n4, null::bigint as n5,
           null::bigint as n6, null::bigint as n7
    from   wanted w
    join   accounts a on a.account_id = w.account_id
    union all
    select 'slice', e.account_id, e.plan_id, e.billing_interval, null, null, e.seats, ${ms("e.starts_at")},
           ${ms("e.anchor_at")}, null, null, null, null
    from   wanted w
    join   entitlements e on e.account_id = w.account_id
    union all
    select 'balance', b.account_id, b.book_account, null, null, null, b.balance,
           case when b.lapsed then ${ms("b.window_start")} end, null, null, null, null, null
    from   wanted w
    join   balances b on b.account_id = w.account_id and (b.balance <> 0 or b.window_start > w.windows_start_after)
    union all
    select 'counter', c.account_id, c.meter_id, null, null, null, c.used, ${ms("c.window_start")},
           ${ms("c.window_end")}, ${ms("c.newest_received_at")}, c.alert_percent, ${ms("c.alert_window_start")}, null
    from   wanted w
    cross join lateral (
      select * from usage_counters where account_id = w.account_id and window_start > w.windows_start_after
      union all
      select * from usage_counters where account_id = w.account_id and window_start = 'epoch'
    ) as c
    union all
    select ${HOLD}
    from   wanted w
    cross join lateral (
      select * from holds
      where  account_id = w.account_id and state = 'held' and expires_at > w.holds_expire_after
      order by expires_at
    ) as h
    union all
    select ${HOLD}
    from   wanted w
    cross join lateral (
      select * from holds where account_id = w.account_id and hold_id = any ($4::text[]) order by hold_id
    ) as h`;

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
      new Texts(needed.map((each) => each.accountId)),
      new Instants(needed.map((each) => each.windowsStartAfter)),
      new Instants(needed.map((each) => each.holdsExpireAfter)),
      new Texts(needed.flatMap((each) => each.holdIds)),
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
      new Texts(events.map(({ accountId }) => accountId)),
      new Texts(events.map(({ id }) => id)),
      new Texts(sources.map(({ accountId }) => accountId)),
      new Texts(sources.map(({ id }) => id)),
    ],
  };
}

/** The states that the rows of `readFacts` and `readKnown` describe. */
export function toStates(facts: Rows, known: Rows = []): Map<AccountId, AccountState> {
  const states = new Map<AccountId, AccountState>();
  const knownOf = Map.groupBy(known as readonly KnownRow[], ({ accountId }) => accountId);
  for (const [accountId, rows] of Map.groupBy(facts as readonly FactRow[], (row) => row.accountId)) {
    const account = rows.find(({ part }) => part === "account");
    if (account !== undefined) states.set(accountId, toState(account, rows, knownOf.get(accountId) ?? []));
  }
  return states;
}

function toState(account: FactRow, rows: readonly FactRow[], known: readonly KnownRow[]): AccountState {
  const slices: EntitlementSlice[] = [];
  const balances = new Map<BookAccount, number>();
  const lapsedWindows = new Set<Instant>();
  const counters = new Map<string, Counter>();
  const holds = new Map<string, Hold>();
  for (const row of rows) {
    switch (row.part) {
      case "account":
        break;
      case "slice":
        slices.push(toSlice(row));
        break;
      case "balance":
        balances.set(row.t1 as BookAccount, row.n1);
        if (row.n2 !== null) lapsedWindows.add(row.n2);
        break;
      case "counter":
        counters.set(counterKey(row.t1!, row.n2!), toCounter(row));
        break;
      case "hold":
        holds.set(row.t1!, toHold(row));
    }
  }
  slices.sort((one, other) => one.startsAt - other.startsAt);
  return {
    accountId: account.accountId,
    entitlements: { slices, overrides: JSON.parse(account.t1!) as Overrides },
    lastEntryNumber: account.n1,
    balances,
    lapsedWindows,
    counters,
    holds,
    knownEventIds: new Set(known.flatMap(({ id, kind }) => (kind === null ? [id] : []))),
    knownSources: new Set(known.flatMap(({ id, kind }) => (kind === null ? [] : [sourceKey(kind, id)]))),
  };
}

function toSlice({ t1, t2, n1, n2, n3 }: FactRow): EntitlementSlice {
  return { startsAt: n2!, anchorAt: n3!, planId: t1!, interval: t2 as Interval | null, seats: n1 };
}

function toCounter({ t1, n1, n2, n3, n4, n5, n6 }: FactRow): Counter {
  return {
    meterId: t1!,
    windowStartsAt: n2!,
    windowEndsAt: n3,
    used: n1,
    newestReceivedAt: n4!,
    alertPercent: n5!,
    alertWindowStartsAt: n6,
  };
}

function toHold({ t1, t2, t3, t4, n1, n2, n3, n4, n5, n6, n7 }: FactRow): Hold {
  const settlement =
    n4 === null ? null : { tokens: n4, fromAllocation: n5!, fromCredits: n6!, balanceAfter: n7! };
  return {
    holdId: t1!,
    tokens: n1,
    createdAt: n2!,
    expiresAt: n3!,
    state: t2 as Hold["state"],
    settlement,
    description: t3!,
    resource: t4,
  };
}
