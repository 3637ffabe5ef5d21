-- What leaves: notices of the outbox are fanned out into mails and webhooks, each once, and these are sent.

-- The id that every message of this notice carries, so that who gets it twice knows.
alter table outbox add column notice_id text not null default 'ntc_' || replace(uuidv7()::text, '-', '');
-- The name of what is told: the same is written once.
alter table outbox add column told_key text;
create unique index outbox_told_once on outbox (account_id, told_key) where told_key is not null;
create unique index outbox_by_notice on outbox (account_id, notice_id);
-- Old ones are trimmed in small deletes.
create index outbox_by_time on outbox (created_at);
