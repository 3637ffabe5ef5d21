/*
 * PostgreSQL asks a superuser for no privilege, so a superuser could change the ledger whatever was revoked. A
 * connection that begins as one (the embedded database's only user is one) therefore steps down to a plain role
 * before anything else. That role makes and owns our tables, and has itself no right to change or delete a ledger entry
 * (migrations/0002_book.sql). Any other user of DATABASE_URL stays who it is: it owns the tables, and the same holds.
 */

/** One role for a whole server, whatever databases Bursar has on it. It cannot log in. */
const ROLE = "bursar_service";

/**
 * Run once on each new connection; nothing happens for a user that is no superuser. A database that an earlier Bursar
 * filled as a superuser is handed over to the role, which its table of migrations tells.
 */
export const STEP_DOWN = `
do $step_down$
declare
  ours regclass;
begin
  if not (select rolsuper from pg_roles where rolname = current_user) then
    return;
  end if;
  if not exists (select from pg_roles where rolname = '${ROLE}') then
    begin
      create role ${ROLE};
    exception
      -- another connection was quicker
      when duplicate_object or unique_violation then null;
    end;
  end if;
  if not has_schema_privilege('${ROLE}', 'public', 'create') then
    perform pg_advisory_xact_lock(4242002);
    grant usage, create on schema public to ${ROLE};
  end if;
  if exists (select from pg_class where oid = to_regclass('public.migrations') and relowner = session_user::regrole) then
    for ours in
      select oid from pg_class
      where  relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relowner = session_user::regrole
    loop
      execute format('alter table %s owner to ${ROLE}', ours);
    end loop;
  end if;
  perform set_config('role', '${ROLE}', false);
end
$step_down$`;
