-- Packs charged to the saved card, by a person's click or by auto-recharge, and what auto-recharge was agreed to do.

-- One row for each intention to buy a pack with the saved card. Its id and try number are the idempotency key of every
-- step at Stripe; the states are told in recharge/README.md.
create table pack_charges (
  account_id        text        not null,
  charge_id         text        not null,
  reason            text        not null check (reason in ('purchase', 'auto_recharge')),
  state             text        not null check (state in ('invoicing', 'charging', 'paid', 'needs_authentication', 'declined', 'succeeded', 'failed')),
  pack_id           text        not null,
  tokens            bigint      not null check (tokens > 0),
  customer_id       text        not null,
  price_id          text        not null,
  payment_method_id text        not null,
  -- what this try may charge at most, tax included; counts for the spending limit while the try is open or succeeded
  amount            bigint      not null check (amount >= 0),
  currency          text        not null,
  try_number        int         not null default 1 check (try_number >= 1),
  -- when this try began, in the account's time: its amount counts for the usage window that this instant falls in
  tried_at          timestamptz not null,
  -- of a declined one: when the next try is due
  retry_at          timestamptz,
  invoice_id        text,
  -- Stripe's page of that invoice, where the bank's question is answered
  invoice_url       text,
  payment_id        text,
  failure           text,
  requested_by      text        not null,
  created_at        timestamptz not null,
  finished_at       timestamptz,
  -- raised by each step, by the machine's clock; a charge that stands still for long was left by a crash
  updated_at        timestamptz not null,
  primary key (account_id, charge_id),
  check ((state in ('succeeded', 'failed')) = (finished_at is not null)),
  check ((state = 'declined') = (retry_at is not null))
);
-- One at a time an account and reason: two tabs, and two servers that see the same fall, charge once.
create unique index pack_charges_one_open on pack_charges (account_id, reason)
  where state in ('invoicing', 'charging', 'paid', 'needs_authentication', 'declined');
-- What the sweep takes up.
create index pack_charges_open on pack_charges (updated_at)
  where state in ('invoicing', 'charging', 'paid', 'needs_authentication', 'declined');
-- The log, and what was spent in a window.
create index pack_charges_newest on pack_charges (account_id, created_at desc, charge_id desc);

-- What auto-recharge shall do. A row is made when it is turned on for the first time.
create table auto_recharge (
  account_id         text        primary key,
  is_enabled         boolean     not null,
  threshold          bigint      not null check (threshold > 0),
  pack_id            text        not null,
  -- minor units that may be charged in one usage window, tax included
  spending_limit     bigint      not null check (spending_limit > 0),
  currency           text        not null,
  -- set while it waits for a purchase: entries up to this one came before it was turned on
  armed_after_entry  bigint,
  -- since when it acts; what happened before does not pause it
  armed_at           timestamptz not null,
  paused_reason      text        check (paused_reason in ('declined', 'authentication', 'refund', 'dispute', 'no_payment_method', 'pack_withdrawn')),
  paused_at          timestamptz,
  -- why it is off, when nobody turned it off
  ended_reason       text        check (ended_reason in ('plan_ended')),
  -- the start of the usage window in which the reached limit was told
  limit_told_window  timestamptz,
  updated_by         text        not null,
  updated_at         timestamptz not null,
  -- not looked at before, by the machine's clock, unless something of the account changed
  look_after         timestamptz not null,
  check ((paused_reason is null) = (paused_at is null)),
  check (not is_enabled or ended_reason is null)
);
-- Who may fall below their threshold: the job looks through these and no others.
create index auto_recharge_acting on auto_recharge (look_after) where is_enabled and paused_at is null;

-- Who agreed to what, and when. Never changed, never deleted.
create table auto_recharge_consents (
  account_id     text        not null,
  consent_id     text        not null,
  agreed_by      text        not null,
  agreed_at      timestamptz not null,
  text_version   int         not null,
  card           jsonb       not null,
  threshold      bigint      not null,
  pack_id        text        not null,
  pack_tokens    bigint      not null,
  -- what one recharge costs, tax included
  charge_amount  bigint      not null,
  spending_limit bigint      not null,
  currency       text        not null,
  start          text        not null check (start in ('now', 'after_next_purchase')),
  primary key (account_id, consent_id)
);
revoke update, delete, truncate on auto_recharge_consents from public, current_user;
