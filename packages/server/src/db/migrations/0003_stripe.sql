-- What we last saw at Stripe, and what Stripe told us. Stripe is the truth; these rows can be made anew from it.

-- Signed events, stored raw before they are answered. An event is a hint: it names a customer to look at again.
create table stripe_events (
  event_id    text        primary key,
  type        text        not null,
  customer_id text,
  payload     jsonb       not null,
  received_at timestamptz not null,
  handled_at  timestamptz,
  attempts    int         not null default 0,
  -- a server that took the event has it until then; also the pause before the next try
  not_before  timestamptz not null,
  last_error  text
);
create index stripe_events_unhandled on stripe_events (not_before) where handled_at is null;

create table stripe_customers (
  account_id  text        primary key,
  customer_id text        not null,
  -- raised by each write of what was fetched; a fetch that began before another's write is not written but repeated
  version     bigint      not null default 0,
  synced_at   timestamptz,
  card        jsonb
);
-- Which account an event's customer is: a look-up over all accounts.
create index stripe_customers_by_customer on stripe_customers (customer_id);

create table subscriptions (
  account_id       text        not null,
  subscription_id  text        not null,
  status           text        not null,
  plan_id          text        not null,
  billing_interval text        not null check (billing_interval in ('month', 'year')),
  seats            int         not null check (seats >= 1),
  price_id         text        not null,
  anchor_at        timestamptz not null,
  period_starts_at timestamptz not null,
  period_ends_at   timestamptz not null,
  started_at       timestamptz not null,
  cancel_at        timestamptz,
  ended_at         timestamptz,
  primary key (account_id, subscription_id)
);
-- One live subscription per account; the statuses are those that core's isLive names.
create unique index subscriptions_one_live on subscriptions (account_id)
  where status in ('active', 'trialing', 'past_due');

create table invoices (
  account_id text        not null,
  invoice_id text        not null,
  number     text,
  status     text        not null check (status in ('draft', 'open', 'paid', 'void', 'uncollectible')),
  subtotal   bigint      not null,
  tax        bigint      not null,
  total      bigint      not null,
  currency   text        not null,
  lines      jsonb       not null,
  pdf_url    text,
  hosted_url text,
  created_at timestamptz not null,
  primary key (account_id, invoice_id)
);
create index invoices_newest on invoices (account_id, created_at desc, invoice_id desc);

-- Hosted checkouts that we opened. The row is made before Stripe is called and its id is the idempotency key.
create table checkouts (
  account_id  text        not null,
  checkout_id text        not null,
  purpose     text        not null check (purpose in ('subscription', 'credits')),
  state       text        not null check (state in ('opening', 'open', 'closed')),
  session_id  text,
  created_at  timestamptz not null,
  primary key (account_id, checkout_id)
);

-- Stored previews that a confirmation can be held to.
create table quotes (
  account_id       text        not null,
  quote_id         text        not null,
  plan_id          text        not null,
  billing_interval text        not null,
  seats            int         not null,
  amount_due       bigint      not null,
  currency         text        not null,
  expires_at       timestamptz not null,
  primary key (account_id, quote_id)
);
