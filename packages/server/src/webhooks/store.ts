import type { Instant } from "@bursar/core";
import { sql, type RawBuilder } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** The SQL on `webhook_endpoints`. */

export interface EndpointRow {
  readonly scope: string;
  readonly endpointId: string;
  readonly url: string;
  readonly description: string;
  /** `null`: all of them. */
  readonly eventTypes: string[] | null;
  readonly state: "enabled" | "disabled";
  readonly failingSince: Instant | null;
  readonly createdAt: Instant;
}

interface Row extends Omit<EndpointRow, "failingSince" | "createdAt"> {
  failingSince: Date | null;
  createdAt: Date;
}

const columns = sql`scope, endpoint_id as "endpointId", url, description, event_types as "eventTypes", state,
  failing_since as "failingSince", created_at as "createdAt"`;

const toEndpoint = (row: Row): EndpointRow => ({
  ...row,
  failingSince: row.failingSince?.getTime() ?? null,
  createdAt: row.createdAt.getTime(),
});

/** The oldest first. A scope has few, so they come in one piece. */
export async function listEndpoints(db: Queryable, scopes: readonly string[]): Promise<EndpointRow[]> {
  const { rows } = await sql<Row>`
    select ${columns}
    from   webhook_endpoints
    where  scope = any(${scopes}::text[])
    order by created_at, endpoint_id`.execute(db);
  return rows.map(toEndpoint);
}

export function findEndpoint(db: Queryable, scope: string, endpointId: string): Promise<EndpointRow | null> {
  return readEndpoint(db, { scope, endpointId });
}

/** The same, kept from others until the transaction is over. */
export function lockEndpoint(db: Queryable, scope: string, endpointId: string): Promise<EndpointRow | null> {
  return readEndpoint(db, { scope, endpointId, lock: sql`for update` });
}

async function readEndpoint(
  db: Queryable,
  { scope, endpointId, lock = sql`` }: { scope: string; endpointId: string; lock?: RawBuilder<unknown> },
): Promise<EndpointRow | null> {
  const { rows } = await sql<Row>`
    select ${columns}
    from   webhook_endpoints
    where  scope = ${scope} and endpoint_id = ${endpointId}
    ${lock}`.execute(db);
  return rows[0] === undefined ? null : toEndpoint(rows[0]);
}

/** Of two who add the last endpoint that there is room for, one does. @returns false when there is no room */
export async function insertEndpoint(
  db: Queryable,
  row: {
    scope: string;
    endpointId: string;
    url: string;
    description: string;
    eventTypes: readonly string[] | null;
    secret: string;
    createdAt: Instant;
  },
  { max }: { max: number },
): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtextextended('webhook_endpoints:' || ${row.scope}, 0))`.execute(
    db,
  );
  const { rows } = await sql`
    insert into webhook_endpoints (scope, endpoint_id, url, description, event_types, secret, state, created_at)
    select ${row.scope}, ${row.endpointId}, ${row.url}, ${row.description}, ${row.eventTypes}::text[], ${row.secret},
           'enabled', ${new Date(row.createdAt)}
    where  (select count(*) from webhook_endpoints where scope = ${row.scope}) < ${max}
    returning 1`.execute(db);
  return rows.length === 1;
}

export async function changeEndpoint(
  db: Queryable,
  { scope, endpointId }: { scope: string; endpointId: string },
  change: {
    url: string;
    description: string;
    eventTypes: readonly string[] | null;
    state: EndpointRow["state"];
  },
): Promise<boolean> {
  const { rows } = await sql`
    update webhook_endpoints
    set    url = ${change.url}, description = ${change.description}, event_types = ${change.eventTypes}::text[],
           failing_since = case when state <> ${change.state} or url <> ${change.url} then null else failing_since end, state = ${change.state}
    where  scope = ${scope} and endpoint_id = ${endpointId}
    returning 1`.execute(db);
  return rows.length === 1;
}

export async function deleteEndpoint(db: Queryable, scope: string, endpointId: string): Promise<boolean> {
  const { rows } = await sql`
    delete from webhook_endpoints where scope = ${scope} and endpoint_id = ${endpointId} returning 1`.execute(
    db,
  );
  return rows.length === 1;
}

/** The new secret signs from now on, the one before beside it for a while. */
export async function rotateSecret(
  db: Queryable,
  { scope, endpointId }: { scope: string; endpointId: string },
  { secret, previousUntil }: { secret: string; previousUntil: Instant },
): Promise<boolean> {
  const { rows } = await sql`
    update webhook_endpoints
    set    previous_secret = secret, previous_secret_until = ${new Date(previousUntil)}, secret = ${secret}
    where  scope = ${scope} and endpoint_id = ${endpointId}
    returning 1`.execute(db);
  return rows.length === 1;
}

/** Where to send at `now`, and what signs, the newest secret first. @returns `null` when it is removed or disabled */
export async function readTarget(
  db: Queryable,
  { scope, endpointId, now }: { scope: string; endpointId: string; now: Instant },
): Promise<{ url: string; secrets: string[] } | null> {
  const { rows } = await sql<{ url: string; secret: string; previous: string | null }>`
    select url, secret, case when previous_secret_until > ${new Date(now)} then previous_secret end as previous
    from   webhook_endpoints
    where  scope = ${scope} and endpoint_id = ${endpointId} and state = 'enabled'`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  return { url: row.url, secrets: row.previous === null ? [row.secret] : [row.secret, row.previous] };
}

/** Endpoints that are enabled and take nothing since some time, of all accounts. */
export async function countFailing(db: Queryable): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from webhook_endpoints
    where  state = 'enabled' and failing_since is not null`.execute(db);
  return rows[0]!.count;
}

export async function markWell(db: Queryable, scope: string, endpointId: string): Promise<void> {
  await sql`
    update webhook_endpoints set failing_since = null
    where  scope = ${scope} and endpoint_id = ${endpointId} and failing_since is not null`.execute(db);
}

/** @returns since when it fails, and whether it was enabled until now */
export async function markFailing(
  db: Queryable,
  { scope, endpointId, now }: { scope: string; endpointId: string; now: Instant },
): Promise<{ failingSince: Instant; url: string } | null> {
  const { rows } = await sql<{ failingSince: Date; url: string }>`
    update webhook_endpoints set failing_since = coalesce(failing_since, ${new Date(now)})
    where  scope = ${scope} and endpoint_id = ${endpointId} and state = 'enabled'
    returning failing_since as "failingSince", url`.execute(db);
  const row = rows[0];
  return row === undefined ? null : { url: row.url, failingSince: row.failingSince.getTime() };
}

/** @returns false when another did */
export async function disableEndpoint(db: Queryable, scope: string, endpointId: string): Promise<boolean> {
  const { rows } = await sql`
    update webhook_endpoints set state = 'disabled'
    where  scope = ${scope} and endpoint_id = ${endpointId} and state = 'enabled'
    returning 1`.execute(db);
  return rows.length === 1;
}
