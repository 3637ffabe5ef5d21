-- People who sign in by themselves. One person has one password for all their accounts: a member's row is of the person
-- with its address.
create table people (
  -- in lower case
  email               text        primary key check (email = lower(email)),
  -- $argon2id$...; null: no password yet, and no other opens anything
  password_hash       text,
  password_changed_at timestamptz,
  -- where the next sign-in leads
  last_account_id     text,
  created_at          timestamptz not null
);
create index members_by_email on members (lower(email));

-- Links of mails that prove whose address it is: good once, kept as their SHA-256.
create table person_links (
  secret_hash bytea       primary key,
  purpose     text        not null check (purpose in ('password', 'email')),
  email       text        not null,
  -- the address that replaces it, to which the link was sent
  new_email   text,
  expires_at  timestamptz not null,
  check ((purpose = 'email') = (new_email is not null))
);
create index person_links_by_email on person_links (email);
create index person_links_by_end on person_links (expires_at);

-- Mails to a person and not about an account. A row is made whoever asks, also for an address that nobody has, so that
-- the answer takes as long; whether there is somebody to write to is looked up as it is sent.
create table person_mails (
  mail_id    text        primary key,
  purpose    text        not null check (purpose in ('password', 'welcome', 'email', 'email_changed', 'password_changed')),
  email      text        not null,
  new_email  text,
  -- whose clock the demo's letter box shows, and whose name the mail says
  account_id text,
  attempts   int         not null default 0,
  not_before timestamptz not null,
  created_at timestamptz not null
);
create index person_mails_due on person_mails (not_before);

-- How often something was tried, by address or e-mail (hashed), within a window.
create table sign_in_attempts (
  bucket  text        primary key,
  tries   int         not null,
  ends_at timestamptz not null
);
create index sign_in_attempts_by_end on sign_in_attempts (ends_at);

-- Tokens of the host that were used: each opens one session.
create table host_tokens_used (
  token_id   text        primary key,
  expires_at timestamptz not null
);
create index host_tokens_used_by_end on host_tokens_used (expires_at);
