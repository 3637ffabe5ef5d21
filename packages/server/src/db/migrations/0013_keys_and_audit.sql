-- Keys as people see them: a name, the last characters to tell them apart, who made them, when they were last used.
alter table credentials add column name text;
alter table credentials add column hint text;
-- a member's id, a credential's id, or 'operator' for the command line
alter table credentials add column created_by text;
alter table credentials add column last_used_at timestamptz;
-- a sign-in link opens so many sessions; null: any number until it expires
alter table credentials add column uses_left int check (uses_left >= 0);
-- the site, beside our own, to which a hosted page may lead the browser that has this session token
alter table credentials add column return_origin text;

-- A body with a secret in it is kept encrypted with a key that only the caller's own credential gives.
alter table idempotency_keys add column is_sealed boolean not null default false;

-- Who changed what of money, plan, roles and keys, when, from what to what. Rows are only ever added.
create table audit_log (
  account_id text        not null,
  audit_id   bigint      generated always as identity,
  -- a member's id, a credential's id, 'operator' (the command line), 'stripe' or 'bursar' (by itself)
  actor      text        not null,
  actor_kind text        not null check (actor_kind in ('member', 'platform_key', 'account_key', 'session_token', 'operator', 'stripe', 'bursar')),
  action     text        not null,
  subject    text,
  before     jsonb,
  after      jsonb,
  request_id text,
  created_at timestamptz not null,
  primary key (account_id, audit_id)
);
