import { join } from "node:path";
import { parseArgs } from "node:util";
import { directoryOf } from "../accounts/directory.ts";
import { listAudit, type AuditRow } from "../audit/store.ts";
import { readSettings } from "../settings.ts";
import { withDatabase } from "./operator-database.ts";
import { UsageError, type Command } from "./process.ts";

const ROOT_FOLDER = join(import.meta.dirname, "../../../..");
const SHOWN_MAX = 1_000;

export const command: Command = {
  summary: "who changed what of an account's money, plan, roles and keys, the newest first",
  help: `Usage: bursar audit [ACCOUNT] [--action ACTION] [--limit N]

ACCOUNT is acc_... or the product's own id; without it the installation's own rows are shown: platform keys and
endpoints. ACTION is one action or the part before its point, as key. N is 100 unless given, ${SHOWN_MAX} at most.

It works on DATABASE_URL, else on the embedded database in BURSAR_DATA while no Bursar runs on it. GET /api/audit has
more filters and a CSV (docs/audit.md).`,
  async run(args, env) {
    const { account, action, limit } = readArguments(args);
    await withDatabase(readSettings(env, ROOT_FOLDER), async (database) => {
      const accountId = account === undefined ? null : await directoryOf(database).find(account);
      if (account !== undefined && accountId === null)
        throw new Error(`There is no account ${account}. bursar accounts list shows all.`);
      const rows = await listAudit(database.kysely, accountId, { action, after: null, limit });
      for (const row of rows) console.log(lineOf(row));
      if (rows.length === 0) console.log("Nothing was changed.");
    });
  },
};

function readArguments(args: readonly string[]): {
  account: string | undefined;
  action: string | undefined;
  limit: number;
} {
  const options = { action: { type: "string" }, limit: { type: "string" } } as const;
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${command.help}`);
  }
  const { values, positionals } = parsed;
  const limit = Number(values.limit ?? "100");
  const isLimit = Number.isInteger(limit) && limit >= 1 && limit <= SHOWN_MAX;
  if (positionals.length > 1 || !isLimit) throw new UsageError(command.help);
  return { account: positionals[0], action: values.action, limit };
}

function lineOf({
  createdAt,
  action,
  actorKind,
  actor,
  actorName,
  subject,
  before,
  after,
}: AuditRow): string {
  const who = actor === actorKind ? actor : `${actorKind} ${actorName ?? actor}`;
  const facts = [before, after].map((each) => (each === null ? "-" : JSON.stringify(each))).join(" -> ");
  return `${createdAt.toISOString()}  ${action}  ${who}  ${subject ?? "-"}  ${facts}`;
}
