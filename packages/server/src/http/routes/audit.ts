import { createRoute, type OpenAPIHono, type z } from "@hono/zod-openapi";
import type { AccountId } from "@bursar/core";
import { findAccount } from "../../accounts/store.ts";
import { countAudit, listAudit, type AuditFilter, type AuditRow } from "../../audit/store.ts";
import type { Database } from "../../db/open-database.ts";
import { accountOf, mayChangeMembers, type AppContext, type Variables } from "../caller.ts";
import { csvAnswer, csvName, wantsCsv, type Cells } from "../csv-answer.ts";
import { answersWithCsv } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import { fromInstant, toInstant } from "../schemas/common.ts";
import * as schemas from "../schemas/audit.ts";
import type { Services } from "../services.ts";

const auditRoute = createRoute({
  method: "get",
  path: "/api/audit",
  summary: "Who changed what of money, plan, roles and keys, newest first; all of it as CSV",
  description:
    "For owners and admins. A platform key that names no account reads the installation's own: its keys and endpoints.",
  request: { query: schemas.auditQuery },
  responses: answersWithCsv(schemas.auditList),
});

export function auditRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, clock } = services;
  const { kysely } = database;

  app.openapi(auditRoute, async (c) => {
    requireAuditReader(c);
    const isPlatform = c.get("caller").accountId === null && c.req.header("bursar-account") === undefined;
    const accountId = isPlatform ? null : await accountOf(c, database);
    const { limit, cursor = null, ...query } = c.req.valid("query");
    const filter = filterOf(query);
    if (!wantsCsv(c)) {
      const rows = await listAudit(kysely, accountId, { ...filter, after: cursor, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const nextCursor = rows.length > limit ? (page.at(-1)?.entryId ?? null) : null;
      return c.json({ data: page.map(toAnswer), nextCursor }, 200);
    }
    const account = accountId === null ? { name: "bursar" } : await findAccount(kysely, accountId);
    if (account === null) throw new ProblemError("not_found", "There is no such account.");
    const to = filter.to ?? clock.now(accountId ?? undefined) + 1;
    const name = csvName(account, "audit", { from: filter.from ?? 0, to: to - 1 });
    const rowCount = await countAudit(kysely, accountId, { ...filter, to });
    return csvAnswer({ name, rowCount }, COLUMNS, exportRows(database, accountId, { ...filter, to }));
  });
}

/** It names people and keys, so it is read by those who change them. */
function requireAuditReader(c: AppContext): void {
  if (mayChangeMembers(c.get("caller"))) return;
  throw new ProblemError("forbidden", "The audit log is for owners and admins. Ask one of them.");
}

function filterOf({
  action,
  actor,
  subject,
  from,
  to,
}: Partial<z.output<typeof schemas.auditQuery>>): AuditFilter {
  return {
    ...{ action, actor, subject },
    from: from === undefined ? undefined : fromInstant(from),
    to: to === undefined ? undefined : toInstant(to),
  };
}

function toAnswer({ entryId, actorKind, actor, actorName, createdAt, ...row }: AuditRow) {
  const { action, subject, before, after, requestId } = row;
  return {
    id: entryId,
    action,
    actor: { kind: actorKind, id: actor, name: actorName },
    subject,
    before: before as Record<string, unknown> | null,
    after: after as Record<string, unknown> | null,
    requestId,
    createdAt: createdAt.toISOString(),
  };
}

const COLUMNS = [
  ...["id", "created_at", "action", "actor_kind", "actor", "actor_name"],
  ...["subject", "before", "after", "request_id"],
];
const EXPORT_PAGE = 1_000;

async function* exportRows(
  { kysely }: Database,
  accountId: AccountId | null,
  filter: AuditFilter,
): AsyncGenerator<Cells[]> {
  let after: string | null = null;
  do {
    const rows: AuditRow[] = await listAudit(kysely, accountId, { ...filter, after, limit: EXPORT_PAGE });
    if (rows.length > 0) yield rows.map(toCells);
    after = rows.length === EXPORT_PAGE ? rows.at(-1)!.entryId : null;
  } while (after !== null);
}

function toCells(row: AuditRow): Cells {
  const json = (facts: object | null) => (facts === null ? null : JSON.stringify(facts));
  return [
    ...[row.entryId, row.createdAt.toISOString(), row.action, row.actorKind, row.actor, row.actorName],
    ...[row.subject, json(row.before), json(row.after), row.requestId],
  ];
}
