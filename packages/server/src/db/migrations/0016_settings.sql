-- What the settings show beside billing: keys that were revoked, and the mails of one person.

-- What a revoked key was; what opened anything is deleted. Kept for 90 days.
create table revoked_keys (
  account_id    text        not null,
  credential_id text        not null,
  name          text,
  role          text        not null,
  hint          text,
  created_by    text,
  created_at    timestamptz not null,
  last_used_at  timestamptz,
  revoked_by    text        not null,
  revoked_at    timestamptz not null,
  primary key (account_id, credential_id)
);
create index revoked_keys_newest on revoked_keys (account_id, revoked_at desc, credential_id desc);
create index revoked_keys_by_time on revoked_keys (revoked_at);

create index mail_deliveries_by_member on mail_deliveries (account_id, member_id, created_at desc, notice_id desc);

-- When each person last asked for a test mail: one a minute.
create table test_mails (
  account_id text        not null,
  member_id  text        not null,
  sent_at    timestamptz not null,
  primary key (account_id, member_id)
);
