-- Who is billed, who may act for them, what they may use now; and the rows that carry work from one part to the next.
-- Every table of an account has account_id first in its keys. Look-ups by anything else (a secret, a Stripe id) are
-- tables of their own that are not an account's.

create table accounts (
  account_id text        primary key,
  name       text        not null,
  email      text        not null,
  -- an operator's exceptions: {"limits": {"events": 20000}}; a limit of null is unlimited
  overrides  jsonb       not null default '{}',
  -- raised by every write that an open page should hear of; open streams poll it
  version    bigint      not null default 0,
  created_at timestamptz not null
);

-- The product's own id for an account: unique over all accounts.
create table account_references (
  kind       text not null check (kind in ('external')),
  reference  text not null,
  account_id text not null,
  primary key (kind, reference)
);
create index account_references_by_account on account_references (account_id, kind);

create table members (
  account_id text        not null,
  member_id  text        not null,
  name       text        not null,
  email      text        not null,
  role       text        not null check (role in ('owner', 'admin', 'billing', 'member')),
  created_at timestamptz not null,
  primary key (account_id, member_id),
  unique (account_id, email)
);

-- Every secret that lets somebody in, stored as its SHA-256. A platform key is of no account, a sign-in of a member.
create table credentials (
  secret_hash   bytea       primary key,
  credential_id text        not null unique,
  kind          text        not null check (kind in ('platform_key', 'account_key', 'session_token', 'dashboard_session', 'sign_in_link')),
  account_id    text,
  member_id     text,
  role          text        not null check (role in ('owner', 'admin', 'billing', 'member')),
  created_at    timestamptz not null,
  expires_at    timestamptz,
  check ((kind = 'platform_key') = (account_id is null))
);
create index credentials_by_account on credentials (account_id) where account_id is not null;

-- Dated slices: from starts_at on the account is on this plan, with usage windows cut at anchor_at plus whole months.
create table entitlements (
  account_id       text        not null,
  starts_at        timestamptz not null,
  anchor_at        timestamptz not null,
  plan_id          text        not null,
  billing_interval text        check (billing_interval in ('month', 'year')),
  seats            int         not null check (seats >= 1),
  primary key (account_id, starts_at)
);

-- The first answer to a POST with an Idempotency-Key, replayed for 24 hours. scope: the credential's account, or the platform.
create table idempotency_keys (
  scope        text        not null,
  key          text        not null,
  request_hash bytea       not null,
  -- null while the first request is still running
  status       int,
  content_type text,
  body         text,
  started_at   timestamptz not null,
  primary key (scope, key)
);
create index idempotency_keys_by_start on idempotency_keys (started_at);

-- What later folders must hear of, written in the transaction that caused it.
create table outbox (
  outbox_id  bigint      generated always as identity primary key,
  account_id text        not null,
  topic      text        not null,
  payload    jsonb       not null,
  created_at timestamptz not null,
  handled_at timestamptz
);
create index outbox_unhandled on outbox (outbox_id) where handled_at is null;
