-- What the API tells an entry apart by: `audit_id` counts the rows of all accounts, which is nobody's business.
alter table audit_log add column entry_id text not null default 'aud_' || replace(gen_random_uuid()::text, '-', '');
create unique index audit_log_by_entry on audit_log (account_id, entry_id);

-- Rows are only ever added. Holds for the owner, as for the ledger (0002_book.sql).
revoke update, delete, truncate on audit_log from public, current_user;
