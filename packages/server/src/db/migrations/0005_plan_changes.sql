-- Changes of plan: quotes that bind, and the road of each change from the request to its last step at Stripe.

-- What Stripe has scheduled for the period's end: {"target": {planId, interval, seats}, "effectiveAt": ms}.
alter table subscriptions add column pending jsonb;
-- The next renewal as it was last previewed; null when there is none to come.
alter table subscriptions add column next_invoice jsonb;
-- Who owes: looked at when the grace time may be over.
create index subscriptions_past_due on subscriptions (account_id) where status = 'past_due';

alter table invoices add column subscription_id text;
alter table invoices add column amount_due bigint not null default 0;
alter table invoices add column attempts int not null default 0;
alter table invoices add column next_attempt_at timestamptz;
alter table invoices add column finalized_at timestamptz;

-- A preview as it was shown. change: what classify said; prorated_at: the instant that the price was computed for.
drop table quotes;
create table quotes (
  account_id  text        not null,
  quote_id    text        not null,
  change      jsonb       not null,
  prorated_at timestamptz not null,
  -- before tax and credit
  subtotal    bigint      not null,
  amount_due  bigint      not null,
  currency    text        not null,
  expires_at  timestamptz not null,
  primary key (account_id, quote_id)
);
create index quotes_by_expiry on quotes (expires_at);

-- A change that was confirmed. Its id is the idempotency key at Stripe; the states are told in subscriptions/README.md.
create table plan_changes (
  account_id      text        not null,
  change_id       text        not null,
  state           text        not null check (state in ('charging', 'awaiting_bank', 'settling', 'done', 'failed')),
  change          jsonb       not null,
  subscription_id text        not null,
  -- of an upgrade: what is charged, and for which instant it was computed
  charge          jsonb,
  invoice_id      text,
  -- Stripe's page of that invoice, where the bank's question is answered
  invoice_url     text,
  failure         text,
  requested_by    text        not null,
  created_at      timestamptz not null,
  -- raised by each step; a change that stands still for long was left by a crash
  updated_at      timestamptz not null,
  primary key (account_id, change_id)
);
-- One change at a time an account: two tabs cannot both charge.
create unique index plan_changes_one_open on plan_changes (account_id)
  where state in ('charging', 'awaiting_bank', 'settling');
-- What the sweep takes up.
create index plan_changes_open on plan_changes (updated_at) where state in ('charging', 'awaiting_bank', 'settling');

-- Deleted at Stripe, for good: the account's next purchase makes a new customer.
alter table stripe_customers add column is_deleted boolean not null default false;
