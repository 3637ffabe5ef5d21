-- Mails and webhooks that come of notices. Each row is one message to one receiver: made once when its notice is fanned
-- out, then sent until it is taken or given up.

create table mail_deliveries (
  account_id  text        not null,
  notice_id   text        not null,
  -- in lower case: nobody is mailed twice for one notice
  recipient   text        not null,
  -- null for somebody who is only invited
  member_id   text,
  state       text        not null check (state in ('due', 'sent', 'failed')),
  attempts    int         not null default 0,
  -- a server that took it has it until then; also the pause before the next try
  not_before  timestamptz not null,
  created_at  timestamptz not null,
  sent_at     timestamptz,
  last_error  text,
  primary key (account_id, notice_id, recipient)
);
create index mail_deliveries_due on mail_deliveries (not_before) where state = 'due';
create index mail_deliveries_by_time on mail_deliveries (created_at);

-- What people do not want by mail; a row is a wish, and who has none gets everything. subject: a category, or 'meter:<id>'.
create table mail_preferences (
  account_id text    not null,
  member_id  text    not null,
  subject    text    not null,
  is_wanted  boolean not null,
  primary key (account_id, member_id, subject)
);

-- Further secrets that accept an invitation: one for each mail of it, made as the mail is sent and kept as its SHA-256.
create table invitation_secrets (
  secret_hash   bytea primary key,
  account_id    text  not null,
  invitation_id text  not null
);
create index invitation_secrets_by_invitation on invitation_secrets (account_id, invitation_id);

-- Links that turn a category of mails off for one person, without signing in; the secret is in the mail alone.
create table unsubscribe_links (
  secret_hash bytea       primary key,
  account_id  text        not null,
  member_id   text        not null,
  category    text        not null,
  created_at  timestamptz not null
);
create index unsubscribe_links_by_time on unsubscribe_links (created_at);

-- The demo's letter box, where no SMTP server is set. In production it stays empty.
create table demo_mails (
  mail_id    bigint      generated always as identity primary key,
  account_id text        not null,
  recipient  text        not null,
  subject    text        not null,
  text_body  text        not null,
  html_body  text        not null,
  sent_at    timestamptz not null
);

-- Where webhooks go. scope: an account, or 'platform' for the installation's own endpoints, which hear of all accounts.
create table webhook_endpoints (
  scope                 text        not null,
  endpoint_id           text        not null,
  url                   text        not null,
  description           text        not null,
  -- null: all
  event_types           text[],
  -- signs, so it cannot be a hash
  secret                text        not null,
  -- signs beside it until then, after a rotation
  previous_secret       text,
  previous_secret_until timestamptz,
  state                 text        not null check (state in ('enabled', 'disabled')),
  -- the first failure since the last success
  failing_since         timestamptz,
  created_at            timestamptz not null,
  primary key (scope, endpoint_id)
);

create table webhook_deliveries (
  scope        text        not null,
  endpoint_id  text        not null,
  notice_id    text        not null,
  type         text        not null,
  -- the very bytes that are signed and sent, at every try
  body         text        not null,
  state        text        not null check (state in ('due', 'sent', 'failed')),
  -- since it was made, or last replayed
  attempts     int         not null default 0,
  not_before   timestamptz not null,
  created_at   timestamptz not null,
  sent_at      timestamptz,
  -- the last tries: [{"at", "status", "error", "durationMs"}]
  tries        jsonb       not null default '[]',
  primary key (scope, endpoint_id, notice_id)
);
create index webhook_deliveries_due on webhook_deliveries (not_before) where state = 'due';
create index webhook_deliveries_newest on webhook_deliveries (scope, endpoint_id, created_at desc, notice_id desc);
create index webhook_deliveries_by_time on webhook_deliveries (created_at);
