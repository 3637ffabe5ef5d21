-- The account book: what accounts used, own and hold. Written by the folder book alone, in one transaction a batch,
-- under the lock of the accounts' rows; core's book/README.md has the words and the rules.

-- The number of the newest ledger entry. It stands in the row that a batch locks and writes anyway.
alter table accounts add column last_entry_number bigint not null default 0;

-- Balances of the book accounts ('purchased', 'allocation:<window start>', ...), kept beside the entries for speed
-- and proved from them by the verifier.
create table balances (
  account_id      text        not null,
  book_account    text        not null,
  balance         bigint      not null,
  -- set for allocations
  window_start    timestamptz,
  -- an allocation that is closed for good; such a row stays, so that nothing enters there again
  lapsed          boolean     not null default false,
  primary key (account_id, book_account),
  check (window_start is null or balance >= 0)
);

-- The ledger: every movement of tokens, both sides in one row. Never changed, never deleted.
create table ledger_entries (
  account_id         text        not null,
  entry_number       bigint      not null check (entry_number > 0),
  kind               text        not null,
  -- what caused it: a payment's id, 'event:<id>', 'hold:<id>', a window
  source             text        not null,
  from_account       text        not null,
  to_account         text        not null check (to_account <> from_account),
  tokens             bigint      not null check (tokens > 0),
  from_balance_after bigint      not null,
  to_balance_after   bigint      not null,
  booked_at          timestamptz not null,
  price              bigint,
  currency           text,
  description        text        not null,
  resource           text,
  primary key (account_id, entry_number),
  -- the same payment, event, hold or refund enters once; source first, because commands look up by source alone
  unique (account_id, source, kind)
);
-- Holds for the owner, which is whoever migrates; a superuser has stepped down to a plain role before (step-down.ts).
revoke update, delete, truncate on ledger_entries from public, current_user;

-- What was counted of a meter in a window; pages read this, so their cost does not grow with history.
create table usage_counters (
  account_id         text        not null,
  meter_id           text        not null,
  -- a level has one counter, which starts at 1970-01-01 and has no end
  window_start       timestamptz not null,
  window_end         timestamptz,
  used               bigint      not null check (used >= 0),
  newest_received_at timestamptz not null,
  -- the highest threshold (80, 100) that was told in the window that starts at alert_window_start
  alert_percent      int         not null default 0,
  alert_window_start timestamptz,
  -- the window before the meter: what is read of an account is its newest windows, however many there were
  primary key (account_id, window_start, meter_id)
);

-- The daily chart: quantity per UTC day; of a level the sum of its changes.
create table usage_days (
  account_id text   not null,
  meter_id   text   not null,
  day        date   not null,
  quantity   bigint not null,
  primary key (account_id, meter_id, day)
);

-- Ids of recorded events: the same id in the same account is counted once. Trimmed 35 days after receipt.
create table event_ids (
  account_id  text        not null,
  event_id    text        not null,
  received_at timestamptz not null,
  primary key (account_id, event_id)
);

-- Recorded events as they came, for whoever asks what made up a figure. Partitioned by receipt, so that old days can
-- be dropped whole; rows that no day's partition takes are in events_rest.
create table events (
  account_id  text        not null,
  event_id    text        not null,
  meter_id    text        not null,
  quantity    bigint      not null,
  happened_at timestamptz not null,
  received_at timestamptz not null,
  late        boolean     not null,
  mode        text        not null check (mode in ('plain', 'enforced', 'backfill')),
  resource    text,
  properties  jsonb,
  primary key (account_id, event_id, received_at)
) partition by range (received_at);
create table events_rest partition of events default;

-- Reservations beside the book. From expires_at on a hold reserves nothing, without a write.
create table holds (
  account_id      text        not null,
  hold_id         text        not null,
  tokens          bigint      not null check (tokens > 0),
  created_at      timestamptz not null,
  expires_at      timestamptz not null,
  state           text        not null check (state in ('held', 'settled', 'released')),
  settled_tokens  bigint,
  from_allocation bigint,
  from_credits    bigint,
  balance_after   bigint,
  description     text        not null,
  resource        text,
  primary key (account_id, hold_id),
  check ((state = 'settled') = (settled_tokens is not null)),
  check (settled_tokens = from_allocation + from_credits)
);
-- What an account has reserved now.
create index holds_alive on holds (account_id, expires_at) where state = 'held';
