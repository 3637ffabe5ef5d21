-- Money of packs that goes back, and what operators correct.

-- The payment that an event is about: objects of refunds and disputes name no customer, only this.
alter table stripe_events add column payment_id text;

-- The payment that paid it; by it a movement of credits finds its receipt.
alter table invoices add column payment_id text;
create index invoices_by_payment on invoices (account_id, payment_id) where payment_id is not null;

-- Refunds and disputes as we last saw them at Stripe. What they did to the credits is in the ledger, by their ids.
create table payment_reversals (
  account_id  text        not null,
  -- re_... or du_...
  reversal_id text        not null,
  kind        text        not null check (kind in ('refund', 'dispute')),
  payment_id  text        not null,
  status      text        not null,
  -- minor units that left us, and those of them that came again
  out_cents   bigint      not null check (out_cents >= 0),
  back_cents  bigint      not null check (back_cents between 0 and out_cents),
  currency    text        not null,
  created_at  timestamptz not null,
  -- nothing more is to be expected of it
  is_final    boolean     not null,
  primary key (account_id, reversal_id)
);
-- Payments that a look reads again, however old they are.
create index payment_reversals_open on payment_reversals (account_id, payment_id) where not is_final;

-- Corrections by an operator: who asked for it and why. The row comes first; the entry in the book has its id as source.
create table adjustments (
  account_id    text        not null,
  adjustment_id text        not null,
  -- positive gives, negative takes
  tokens        bigint      not null check (tokens <> 0),
  reason        text        not null,
  -- the key that asked, and the person whom its owner named
  requested_by  text        not null,
  operator      text,
  created_at    timestamptz not null,
  booked_at     timestamptz,
  primary key (account_id, adjustment_id)
);
-- What a crash left between the row and the entry.
create index adjustments_unbooked on adjustments (created_at) where booked_at is null;
