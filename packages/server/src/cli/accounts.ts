import { join } from "node:path";
import { parseArgs } from "node:util";
import { asMemberId, HOUR_MS } from "@bursar/core";
import { createAccount } from "../accounts/create-account.ts";
import { issueCredential } from "../accounts/credentials.ts";
import { directoryOf } from "../accounts/directory.ts";
import { listAccounts, listMembers } from "../accounts/store.ts";
import { OPERATOR } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import { loadCatalog } from "../catalog/load-catalog.ts";
import type { Database } from "../db/open-database.ts";
import { welcome } from "../people/welcome.ts";
import { readSettings, type Settings } from "../settings.ts";
import { systemClock, systemIds } from "../system.ts";
import { withDatabase } from "./operator-database.ts";
import { misused, readWith, useless, type Command } from "./process.ts";

const ROOT_FOLDER = join(import.meta.dirname, "../../../..");
const PAGE = 100;
const LINK_MS = HOUR_MS;

export const command: Command = {
  summary: "list and make accounts, and sign-in links for their members",
  help: `Usage: bursar accounts list [--after ACCOUNT]
       bursar accounts create --name NAME --email EMAIL [--id ID] [--owner-email EMAIL] [--invite]
       bursar accounts sign-in-link ACCOUNT [--member EMAIL]

list prints ${PAGE} accounts a page, by their ids. create makes one on the free plan and prints its id; ID is the
product's own. With --invite the owner gets a mail, from the running service, with a link that sets a password and signs
in. sign-in-link prints an address that signs a member in (the owner, unless --member says who), once, within
an hour; BURSAR_PUBLIC_URL says where the page is.

Exit code 0: done. 1: it could not be done (no such account or member, an id that is taken, no database). 2: called
wrongly.

It works on DATABASE_URL, else on the embedded database in BURSAR_DATA while no Bursar runs on it.`,
  async run(args, env) {
    const { deed, account, values } = readArguments(args);
    const settings = readSettings(env, ROOT_FOLDER);
    await withDatabase(settings, async (database) => {
      if (deed === "list") return list(database, values.after ?? null);
      if (deed === "create") return create(database, settings, values);
      return signInLink(database, settings, { account: account!, email: values.member });
    });
  },
};

const OPTIONS = {
  after: { type: "string" },
  name: { type: "string" },
  email: { type: "string" },
  id: { type: "string" },
  "owner-email": { type: "string" },
  member: { type: "string" },
  invite: { type: "boolean" },
} as const;

type Values = { [Name in Exclude<keyof typeof OPTIONS, "invite">]?: string } & { invite?: boolean };

function readArguments(args: readonly string[]): {
  deed: string;
  account: string | undefined;
  values: Values;
} {
  const { values, positionals } = readWith(command, () =>
    parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true }),
  );
  const [deed, account, ...rest] = positionals;
  if (deed !== "list" && deed !== "create" && deed !== "sign-in-link") {
    const said = deed === undefined ? "Say what to do" : `bursar accounts cannot "${deed}"`;
    return misused(command, `${said}: list, create, sign-in-link or adjust.`);
  }
  const unused = useless(values, USED[deed]);
  if (unused !== undefined) return misused(command, `bursar accounts ${deed} has no use for --${unused}.`);
  if (deed === "sign-in-link" && account === undefined) {
    return misused(
      command,
      "Name the account, as acc_... or by the product's own id: bursar accounts list shows all.",
    );
  }
  const surplus = deed === "sign-in-link" ? rest : positionals.slice(1);
  if (surplus.length > 0) {
    return misused(command, `bursar accounts ${deed} does not take "${surplus.join(" ")}".`);
  }
  if (deed === "create") requireCreatable(values);
  return { deed, account, values };
}

/** What each takes; what is not of it would be overlooked in silence. */
const USED = {
  list: ["after"],
  create: ["name", "email", "id", "owner-email", "invite"],
  "sign-in-link": ["member"],
} as const;

/** As the API has it, in short: mail servers judge the rest. */
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

function requireCreatable(values: Values): void {
  const { name = "", email = "", id } = values;
  if (name.trim() === "") misused(command, "An account has a name: --name NAME.");
  if (email === "") misused(command, "An account has an address for its invoices: --email EMAIL.");
  for (const option of ["email", "owner-email"] as const) {
    const given = values[option];
    if (given !== undefined && !EMAIL.test(given)) {
      misused(command, `--${option} is an e-mail address, as ann@acme.example, not "${given}".`);
    }
  }
  if (id?.trim() === "" || id?.startsWith("acc_") === true) {
    misused(
      command,
      "--id is the product's own id of the account; acc_... are ours. Leave it out if there is none.",
    );
  }
}

async function list(database: Database, after: string | null): Promise<void> {
  const rows = await listAccounts(database.kysely, { after, limit: PAGE });
  for (const { accountId, externalId, name, email } of rows) {
    console.log(`${accountId}  ${externalId ?? "-"}  ${name}  ${email}`);
  }
  if (rows.length === PAGE) console.log(`More: bursar accounts list --after ${rows.at(-1)!.accountId}`);
  if (rows.length === 0) console.log("No accounts.");
}

async function create(database: Database, { catalogPath }: Settings, values: Values): Promise<void> {
  const { freePlanId } = await loadCatalog(catalogPath);
  const { name, email, id } = values;
  const ownerEmail = values["owner-email"] ?? email!;
  const outcome = await createAccount(
    { database, clock: systemClock, ids: systemIds, freePlanId },
    {
      name: name!,
      email: email!,
      externalId: id,
      owner: { name: ownerEmail, email: ownerEmail },
      actor: OPERATOR,
    },
  );
  if (outcome.code === "external_id_taken") {
    throw new Error(`The id ${id} belongs to ${outcome.accountId} already. Nothing was made.`);
  }
  if (values.invite === true) {
    const context = { database, clock: systemClock, ids: systemIds };
    await welcome(context, { email: ownerEmail, accountId: outcome.accountId });
  }
  console.log(outcome.accountId);
}

async function signInLink(
  database: Database,
  { publicUrl, port }: Settings,
  { account, email }: { account: string; email: string | undefined },
): Promise<void> {
  const accountId = await directoryOf(database).find(account);
  if (accountId === null) throw new Error(`There is no account ${account}. bursar accounts list shows all.`);
  const members = await listMembers(database.kysely, accountId);
  const member = members.find((each) => (email === undefined ? each.role === "owner" : each.email === email));
  if (member === undefined) {
    throw new Error(
      `${account} has no member ${email ?? "with the role owner"}. It has ${members.map((each) => each.email).join(", ")}.`,
    );
  }
  const memberId = asMemberId(member.memberId);
  const token = await database.kysely.transaction().execute(async (db) => {
    const about = { action: "sign_in_link.created", subject: memberId, before: null, after: null } as const;
    await writeAudit(db, OPERATOR, { accountId, ...about, at: systemClock.now() });
    return issueCredential(
      { db, clock: systemClock, ids: systemIds },
      {
        kind: "sign_in_link",
        accountId,
        memberId,
        role: member.role,
        lifetimeMs: LINK_MS,
        uses: 1,
        createdBy: "operator",
      },
    );
  });
  console.log(`${publicUrl ?? `http://127.0.0.1:${port}`}/sign-in?token=${token}`);
}
