import {
  BEYOND_GROUPS,
  GROUPS_A_DAY_MAX,
  type AccountId,
  type BookWrites,
  type EventCommand,
  type Instant,
} from "@bursar/core";
import { STRIPE } from "../audit/actor.ts";
import { auditStatement, type AuditEntry } from "../audit/store.ts";
import { Instants, iso, Texts, WholeNumbers, type Statement } from "../db/session.ts";

/** A recorded event as it is kept: what it decided, and the properties that decide nothing. */
export interface RawEvent {
  readonly event: EventCommand;
  readonly late: boolean;
  /** JSON text. */
  readonly properties: string | null;
}

/** All that a batch decided, one statement a table. The caller holds the accounts' rows. */
export function writeBatch(writes: BookWrites, events: readonly RawEvent[]): Statement[] {
  if (writes.accounts.length === 0) return [];
  return [
    writeAccounts(writes.accounts),
    ...(writes.eventIds.length > 0 ? [writeEventIds(writes.eventIds)] : []),
    ...(events.length > 0 ? [writeEvents(events)] : []),
    ...(writes.entries.length > 0 ? [writeEntries(writes.entries)] : []),
    ...(writes.balances.length > 0 ? [writeBalances(writes.balances)] : []),
    ...(writes.counters.length > 0 ? [writeCounters(writes.counters)] : []),
    ...(writes.days.length > 0 ? writeDays(writes) : []),
    ...(writes.holds.length > 0 ? [writeHolds(writes.holds)] : []),
    ...(writes.notices.length + writes.creditsNotices.length > 0 ? [writeNotices(writes)] : []),
    ...(writes.creditsNotices.length > 0 ? [auditMoney(writes.creditsNotices)] : []),
  ];
}

/** The new version tells open pages to look again. */
function writeAccounts(rows: BookWrites["accounts"]): Statement {
  return {
    name: "write_accounts",
    text: `
    update accounts a
    set    last_entry_number = w.last_entry_number, version = a.version + 1
    from   (select unnest($1::text[]) as account_id, unnest($2::bigint[]) as last_entry_number) as w
    where  a.account_id = w.account_id`,
    values: [ids(rows), new WholeNumbers(rows.map((row) => row.lastEntryNumber))],
  };
}

function writeEventIds(rows: BookWrites["eventIds"]): Statement {
  return {
    name: "write_event_ids",
    text: `
    insert into event_ids (account_id, event_id, received_at)
    select unnest($1::text[]), unnest($2::text[]), unnest($3::timestamptz[])`,
    values: [
      ids(rows),
      new Texts(rows.map((row) => row.eventId)),
      new Instants(rows.map((row) => row.receivedAt)),
    ],
  };
}

function writeEvents(rows: readonly RawEvent[]): Statement {
  const events = rows.map((row) => row.event);
  return {
    name: "write_events",
    text: `
    insert into events (account_id, event_id, meter_id, quantity, happened_at, received_at, late, mode, resource, properties)
    select unnest($1::text[]), unnest($2::text[]), unnest($3::text[]), unnest($4::bigint[]),
           unnest($5::timestamptz[]), unnest($6::timestamptz[]), unnest($7::boolean[]), unnest($8::text[]),
           unnest($9::text[]), unnest($10::jsonb[])`,
    values: [
      ids(events),
      new Texts(events.map((event) => event.eventId)),
      new Texts(events.map((event) => event.meterId)),
      new WholeNumbers(events.map((event) => event.quantity)),
      new Instants(events.map((event) => event.time)),
      new Instants(events.map((event) => event.receivedAt)),
      rows.map((row) => row.late),
      new Texts(events.map((event) => event.mode)),
      new Texts(events.map((event) => event.resource)),
      rows.map((row) => row.properties),
    ],
  };
}

function writeEntries(rows: BookWrites["entries"]): Statement {
  return {
    name: "write_entries",
    text: `
    insert into ledger_entries (account_id, entry_number, kind, source, from_account, to_account, tokens,
                                from_balance_after, to_balance_after, booked_at, price, currency, description, resource)
    select unnest($1::text[]), unnest($2::bigint[]), unnest($3::text[]), unnest($4::text[]),
           unnest($5::text[]), unnest($6::text[]), unnest($7::bigint[]), unnest($8::bigint[]),
           unnest($9::bigint[]), unnest($10::timestamptz[]), unnest($11::bigint[]), unnest($12::text[]),
           unnest($13::text[]), unnest($14::text[])`,
    values: [
      ids(rows),
      new WholeNumbers(rows.map((row) => row.number)),
      new Texts(rows.map((row) => row.kind)),
      new Texts(rows.map((row) => row.source)),
      new Texts(rows.map((row) => row.from)),
      new Texts(rows.map((row) => row.to)),
      new WholeNumbers(rows.map((row) => row.tokens)),
      new WholeNumbers(rows.map((row) => row.fromBalanceAfter)),
      new WholeNumbers(rows.map((row) => row.toBalanceAfter)),
      new Instants(rows.map((row) => row.at)),
      new WholeNumbers(rows.map((row) => row.note.priceCents)),
      new Texts(rows.map((row) => row.note.currency)),
      new Texts(rows.map((row) => row.note.description)),
      new Texts(rows.map((row) => row.note.resource)),
    ],
  };
}

function writeBalances(rows: BookWrites["balances"]): Statement {
  return {
    name: "write_balances",
    text: `
    insert into balances (account_id, book_account, balance, window_start, lapsed)
    select unnest($1::text[]), unnest($2::text[]), unnest($3::bigint[]), unnest($4::timestamptz[]),
           unnest($5::boolean[])
    on conflict (account_id, book_account)
    do update set balance = excluded.balance, lapsed = excluded.lapsed`,
    values: [
      ids(rows),
      new Texts(rows.map((row) => row.bookAccount)),
      new WholeNumbers(rows.map((row) => row.balance)),
      new Instants(rows.map((row) => row.windowStartsAt)),
      rows.map((row) => row.lapsed),
    ],
  };
}

function writeCounters(rows: BookWrites["counters"]): Statement {
  return {
    name: "write_counters",
    text: `
    insert into usage_counters (account_id, meter_id, window_start, window_end, used, newest_received_at,
                                alert_percent, alert_window_start)
    select unnest($1::text[]), unnest($2::text[]), unnest($3::timestamptz[]), unnest($4::timestamptz[]),
           unnest($5::bigint[]), unnest($6::timestamptz[]), unnest($7::int[]), unnest($8::timestamptz[])
    on conflict (account_id, meter_id, window_start)
    do update set window_end         = excluded.window_end,
                  used               = excluded.used,
                  newest_received_at = excluded.newest_received_at,
                  alert_percent      = excluded.alert_percent,
                  alert_window_start = excluded.alert_window_start`,
    values: [
      ids(rows),
      new Texts(rows.map((row) => row.meterId)),
      new Instants(rows.map((row) => row.windowStartsAt)),
      new Instants(rows.map((row) => row.windowEndsAt)),
      new WholeNumbers(rows.map((row) => row.used)),
      new Instants(rows.map((row) => row.newestReceivedAt)),
      rows.map((row) => row.alertPercent),
      new Instants(rows.map((row) => row.alertWindowStartsAt)),
    ],
  };
}

/** A batch without groups pays nothing for those that there may be. */
function writeDays({ days, groups }: BookWrites): Statement[] {
  return groups.length === 0 ? [writePlainDays(days)] : [writeGroupedDays(days), writeGroups(groups)];
}

function writePlainDays(rows: BookWrites["days"]): Statement {
  return {
    name: "write_days",
    text: `
    insert into usage_days (account_id, meter_id, day, quantity)
    select unnest($1::text[]), unnest($2::text[]), unnest($3::date[]), unnest($4::bigint[])
    on conflict (account_id, meter_id, day)
    do update set quantity = usage_days.quantity + excluded.quantity`,
    values: [
      ids(rows),
      new Texts(rows.map((row) => row.meterId)),
      rows.map((row) => row.day),
      new WholeNumbers(rows.map((row) => row.quantity)),
    ],
  };
}

function writeGroupedDays(rows: BookWrites["days"]): Statement {
  return {
    name: "write_grouped_days",
    text: `
    insert into usage_days (account_id, meter_id, day, quantity, grouped)
    select unnest($1::text[]), unnest($2::text[]), unnest($3::date[]), unnest($4::bigint[]), unnest($5::bigint[])
    on conflict (account_id, meter_id, day)
    do update set quantity = usage_days.quantity + excluded.quantity,
                  grouped  = usage_days.grouped + excluded.grouped`,
    values: [
      ids(rows),
      new Texts(rows.map((row) => row.meterId)),
      rows.map((row) => row.day),
      new WholeNumbers(rows.map((row) => row.quantity)),
      new WholeNumbers(rows.map((row) => row.grouped)),
    ],
  };
}

/**
 * Groups in the order in which they came. One that the day has not is kept while the day has fewer than
 * `GROUPS_A_DAY_MAX`, else counted with the others past them: exact, because the account's row is held. How many
 * there are is counted once a day and batch, by its first new one; days have numbers, because to sort by their texts
 * costs more than all the rest.
 */
function writeGroups(rows: BookWrites["groups"]): Statement {
  return {
    name: "write_groups",
    text: `
    with given as (
      select g.*, k.group_name is not null as is_known
      from   unnest($1::text[], $2::text[], $3::date[], $4::text[], $5::bigint[], $6::bigint[]) with ordinality
             as g (account_id, meter_id, day, group_name, quantity, day_number, place)
      left join usage_groups k
      on     k.account_id = g.account_id and k.meter_id = g.meter_id and k.day = g.day
      and    k.group_name = g.group_name
    ), numbered as (
      select *, row_number() over (partition by day_number, is_known order by place) as nth
      from   given
    ), counted as (
      select *, max(case when not is_known and nth = 1 then (
                      select count(*) from usage_groups u
                      where  u.account_id = n.account_id and u.meter_id = n.meter_id and u.day = n.day
                      and    u.group_name > '${BEYOND_GROUPS}')
                    end) over (partition by day_number, is_known) as kept
      from   numbered n
    ), placed as (
      select *, is_known or kept + nth <= ${GROUPS_A_DAY_MAX} as is_kept from counted
    )
    insert into usage_groups (account_id, meter_id, day, group_name, quantity)
    select account_id, meter_id, day, group_name, quantity from placed where is_kept
    union all
    select account_id, meter_id, day, '${BEYOND_GROUPS}', sum(quantity)::bigint
    from   placed where not is_kept group by account_id, meter_id, day
    on conflict (account_id, meter_id, day, group_name)
    do update set quantity = usage_groups.quantity + excluded.quantity`,
    values: [
      ids(rows),
      new Texts(rows.map((row) => row.meterId)),
      rows.map((row) => row.day),
      new Texts(rows.map((row) => row.group)),
      new WholeNumbers(rows.map((row) => row.quantity)),
      new WholeNumbers(dayNumbers(rows)),
    ],
  };
}

/** The same number for the same day of the same meter and account. */
function dayNumbers(rows: BookWrites["groups"]): number[] {
  const numbers = new Map<string, number>();
  return rows.map(({ accountId, meterId, day }) => {
    const key = `${accountId} ${meterId} ${day}`;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

function writeHolds(rows: BookWrites["holds"]): Statement {
  const settlements = rows.map((row) => row.settlement);
  return {
    name: "write_holds",
    text: `
    insert into holds (account_id, hold_id, tokens, created_at, expires_at, state, settled_tokens, from_allocation,
                       from_credits, balance_after, description, resource)
    select unnest($1::text[]), unnest($2::text[]), unnest($3::bigint[]), unnest($4::timestamptz[]),
           unnest($5::timestamptz[]), unnest($6::text[]), unnest($7::bigint[]), unnest($8::bigint[]),
           unnest($9::bigint[]), unnest($10::bigint[]), unnest($11::text[]), unnest($12::text[])
    on conflict (account_id, hold_id)
    do update set state           = excluded.state,
                  settled_tokens  = excluded.settled_tokens,
                  from_allocation = excluded.from_allocation,
                  from_credits    = excluded.from_credits,
                  balance_after   = excluded.balance_after`,
    values: [
      ids(rows),
      new Texts(rows.map((row) => row.holdId)),
      new WholeNumbers(rows.map((row) => row.tokens)),
      new Instants(rows.map((row) => row.createdAt)),
      new Instants(rows.map((row) => row.expiresAt)),
      new Texts(rows.map((row) => row.state)),
      new WholeNumbers(settlements.map((paid) => paid?.tokens ?? null)),
      new WholeNumbers(settlements.map((paid) => paid?.fromAllocation ?? null)),
      new WholeNumbers(settlements.map((paid) => paid?.fromCredits ?? null)),
      new WholeNumbers(settlements.map((paid) => paid?.balanceAfter ?? null)),
      new Texts(rows.map((row) => row.description)),
      new Texts(rows.map((row) => row.resource)),
    ],
  };
}

interface OutboxRow {
  readonly accountId: AccountId;
  readonly topic: string;
  readonly at: Instant;
  readonly payload: unknown;
}

/** Payloads have the shapes of the outbox's catalogue. */
function writeNotices({ notices, creditsNotices }: BookWrites): Statement {
  const rows = [...notices.map(thresholdRow), ...creditsNotices.map(creditsRow)];
  return {
    name: "write_notices",
    text: `
    insert into outbox (account_id, topic, payload, created_at)
    select unnest($1::text[]), unnest($2::text[]), unnest($3::jsonb[]), unnest($4::timestamptz[])`,
    values: [
      ids(rows),
      new Texts(rows.map((row) => row.topic)),
      rows.map((row) => JSON.stringify(row.payload)),
      new Instants(rows.map((row) => row.at)),
    ],
  };
}

function thresholdRow(notice: BookWrites["notices"][number]): OutboxRow {
  const { accountId, topic, at, meterId: meter, percent, used, limit } = notice;
  const window = { windowStart: iso(notice.windowStartsAt), windowEnd: iso(notice.windowEndsAt) };
  return { accountId, topic, at, payload: { meter, percent, used, limit, ...window } };
}

/** What is told with the money that moved. */
const WITH_SUM: readonly string[] = ["credits.purchased", "credits.refunded", "credits.disputed"];

function creditsRow(notice: BookWrites["creditsNotices"][number]): OutboxRow {
  const { accountId, topic, at, paymentId, tokens, balance, amountCents: amount, currency } = notice;
  const moved = { paymentId, tokens, balance };
  const hasSum = WITH_SUM.includes(topic);
  return { accountId, topic, at, payload: hasSum ? { ...moved, amount, currency } : moved };
}

/** Money that moved at Stripe and the credits that moved with it. */
function auditMoney(notices: BookWrites["creditsNotices"]): Statement {
  return auditStatement(
    STRIPE,
    notices.map(
      ({ accountId, topic, paymentId, at, tokens, balance, amountCents: amount, currency }): AuditEntry => {
        const after = { tokens, balance, amount, currency };
        return { accountId, action: topic, subject: paymentId, before: null, after, at };
      },
    ),
  );
}

function ids(rows: readonly { readonly accountId: AccountId }[]): Texts {
  return new Texts(rows.map((row) => row.accountId));
}
