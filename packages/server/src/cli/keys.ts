import { join } from "node:path";
import { parseArgs } from "node:util";
import type { AccountId } from "@bursar/core";
import { directoryOf } from "../accounts/directory.ts";
import { createKey, revokeKey } from "../accounts/keys.ts";
import { ROLES, type Role } from "../accounts/roles.ts";
import { listKeys } from "../accounts/store-credentials.ts";
import { OPERATOR } from "../audit/actor.ts";
import type { Database } from "../db/open-database.ts";
import { readSettings } from "../settings.ts";
import { systemClock, systemIds } from "../system.ts";
import { withDatabase } from "./operator-database.ts";
import { misused, readWith, useless, type Command } from "./process.ts";

const ROOT_FOLDER = join(import.meta.dirname, "../../../..");
const LISTED_MAX = 1_000;
/** As the API has it. */
const NAME_MAX = 100;

export const command: Command = {
  summary: "list, make and revoke the platform's keys (bsk_...) and accounts' keys (bak_...)",
  help: `Usage: bursar keys list   [--account ID]
       bursar keys create --name NAME [--account ID --role ROLE]
       bursar keys revoke KEY [--account ID]

A platform key is the product's backend: it acts for every account. With --account (acc_... or the product's own id) it
is about an account's keys; ROLE is owner, admin, billing or member. A key is printed once, when it is made. A revoked
one opens nothing from that moment, on every server.

Exit code 0: done. 1: it could not be done (no such account or key, no database). 2: called wrongly.

It works on DATABASE_URL, else on the embedded database in BURSAR_DATA while no Bursar runs on it.`,
  async run(args, env) {
    const { deed, key, ...request } = readArguments(args);
    await withDatabase(readSettings(env, ROOT_FOLDER), async (database) => {
      const accountId = request.account === undefined ? null : await findAccount(database, request.account);
      if (deed === "list") return list(database, accountId);
      if (deed === "create") return create(database, accountId, request);
      return revoke(database, accountId, key!);
    });
  },
};

interface Request {
  deed: "list" | "create" | "revoke";
  key: string | undefined;
  account: string | undefined;
  name: string | undefined;
  role: Role | undefined;
}

function readArguments(args: readonly string[]): Request {
  const options = {
    account: { type: "string" },
    name: { type: "string" },
    role: { type: "string" },
  } as const;
  const { values, positionals } = readWith(command, () =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  );
  const [deed, key, ...rest] = positionals;
  const { account, name, role } = values;
  if (deed !== "list" && deed !== "create" && deed !== "revoke") {
    const said = deed === undefined ? "Say what to do" : `bursar keys cannot "${deed}"`;
    return misused(command, `${said}: list, create or revoke.`);
  }
  const unused = useless(
    values,
    { list: ["account"], create: ["account", "name", "role"], revoke: ["account"] }[deed],
  );
  if (unused !== undefined) return misused(command, `bursar keys ${deed} has no use for --${unused}.`);
  if (deed === "revoke" && key === undefined) {
    return misused(command, "Name the key to revoke, as key_...: bursar keys list shows the ids.");
  }
  const surplus = deed === "revoke" ? rest : positionals.slice(1);
  if (surplus.length > 0)
    return misused(command, `bursar keys ${deed} does not take "${surplus.join(" ")}".`);
  if (deed === "create") requireCreatable({ account, name, role });
  const known = ROLES.find((each) => each === role);
  if (role !== undefined && known === undefined) {
    return misused(command, `--role is one of ${ROLES.join(", ")}, not "${role}".`);
  }
  return { deed, key, account, name, role: known };
}

type Given = Readonly<Record<"account" | "name" | "role", string | undefined>>;

function requireCreatable({ account, name = "", role }: Given): void {
  if (name.trim() === "") {
    misused(command, "A key has a name, by which it is known later: --name NAME.");
  }
  if (name.length > NAME_MAX) misused(command, `A key's name has ${NAME_MAX} characters at most.`);
  if (account !== undefined && role === undefined) {
    misused(command, `A key of an account has a role: --role ${ROLES.join(", ")}.`);
  }
  if (account === undefined && role !== undefined) {
    misused(command, "A platform key may do everything. With --role name the account too: --account ID.");
  }
}

async function findAccount(database: Database, named: string): Promise<AccountId> {
  const found = await directoryOf(database).find(named);
  if (found === null) throw new Error(`There is no account ${named}. bursar accounts list shows all.`);
  return found;
}

async function list(database: Database, accountId: AccountId | null): Promise<void> {
  const rows = await listKeys(database.kysely, accountId, { after: null, limit: LISTED_MAX });
  for (const { credentialId, role, hint, name, createdAt, lastUsedAt } of rows) {
    const used = lastUsedAt === null ? "never used" : `used ${lastUsedAt.toISOString().slice(0, 16)}Z`;
    const made = createdAt.toISOString().slice(0, 10);
    console.log(
      `${credentialId}  ${(hint ?? "").padEnd(11)} ${role.padEnd(8)} made ${made}  ${used}  ${name ?? ""}`,
    );
  }
  if (rows.length === 0) console.log("No keys.");
}

async function create(
  database: Database,
  accountId: AccountId | null,
  { name, role }: Pick<Request, "name" | "role">,
): Promise<void> {
  const context = { database, clock: systemClock, ids: systemIds };
  const request = { name: name!, role: role ?? "owner", actor: OPERATOR };
  const outcome = await createKey(context, accountId, request);
  if (outcome.code !== "created")
    throw new Error("There are as many keys as there may be. Revoke one first.");
  console.log(outcome.secret);
}

async function revoke(database: Database, accountId: AccountId | null, key: string): Promise<void> {
  const request = { credentialId: key, actor: OPERATOR };
  const { code } = await revokeKey({ database, clock: systemClock }, accountId, request);
  if (code !== "revoked") throw new Error(`There is no key ${key} here. bursar keys list shows the ids.`);
  console.log(`${key} is revoked.`);
}
