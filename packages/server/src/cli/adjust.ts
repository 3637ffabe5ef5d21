import { join } from "node:path";
import { parseArgs } from "node:util";
import { directoryOf } from "../accounts/directory.ts";
import { createBook } from "../book/book.ts";
import { OPERATOR } from "../audit/actor.ts";
import { loadCatalog } from "../catalog/load-catalog.ts";
import { adjustCredits } from "../credits/adjust-credits.ts";
import { openPostgres } from "../db/open-database.ts";
import { readSettings, type Settings } from "../settings.ts";
import { systemClock, systemIds } from "../system.ts";
import { UsageError, type Command } from "./process.ts";
import { askService } from "./running-service.ts";

const ROOT_FOLDER = join(import.meta.dirname, "../../../..");

const USAGE = "bursar accounts adjust ACCOUNT --tokens N --reason TEXT [--id ID] [--operator NAME]";

export const command: Command = {
  summary: "give an account credits or take some, with a reason that its history shows",
  help: `Usage: ${USAGE}

Corrects the credits of an account by one entry in its ledger, which stays for good. The customer sees it in the
history as an adjustment, with the reason.

  --tokens N       how many: 50000 gives, -50000 takes, also below zero
  --reason TEXT    why, in words that the customer may read; 500 characters at most
  --id ID          your own id of it, a ticket's say: the same id is never booked twice
  --operator NAME  who decided it, shown beside the reason

ACCOUNT is our id or your own. With DATABASE_URL it writes to that database itself, beside any service. Without, the
service that runs on BURSAR_DATA does it.

Exit code 0: it is booked, now or by an earlier call with this id. 1: it is not, and why. 2: called wrongly.`,
  async run(args, env) {
    const request = readArgs(args);
    const { id, tokens, balance } = await adjust(readSettings(env, ROOT_FOLDER), request);
    const deed = tokens > 0 ? "given to" : "taken from";
    console.log(
      `${count.format(Math.abs(tokens))} tokens ${deed} ${request.account} (${id}). Its credits: ${count.format(balance)}.`,
    );
  },
};

const count = new Intl.NumberFormat("en");

function readArgs(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: withValues(args),
      allowPositionals: true,
      options: {
        tokens: { type: "string" },
        reason: { type: "string" },
        id: { type: "string" },
        operator: { type: "string" },
      },
    });
    const [account, ...rest] = positionals;
    const tokens = Number(values.tokens);
    if (account === undefined || rest.length > 0) throw new Error("Name one account");
    if (!Number.isSafeInteger(tokens) || tokens === 0)
      throw new Error("--tokens is a whole number above or below zero");
    if (values.reason === undefined) throw new Error("--reason is missing");
    const { reason, operator } = values;
    // Made here, so that a repeat after a lost answer would be the same one.
    return { account, tokens, reason, id: values.id ?? systemIds.next("adj_"), operator };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}. Usage: ${USAGE}`);
  }
}

/** `--tokens -500` would be read as an option; with an equals sign it is a value. */
function withValues(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    if (joined.at(-1) === "--tokens") joined[joined.length - 1] = `--tokens=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

interface Booked {
  readonly id: string;
  readonly tokens: number;
  readonly balance: number;
}

async function adjust(
  settings: Settings,
  { account, ...body }: ReturnType<typeof readArgs>,
): Promise<Booked> {
  if (settings.databaseUrl === undefined) {
    const path = `/api/accounts/${encodeURIComponent(account)}/adjustments`;
    return askService<Booked>(settings.dataFolder, path, body);
  }
  const catalog = await loadCatalog(settings.catalogPath);
  const database = openPostgres(settings.databaseUrl);
  const book = createBook({ database, catalog, clock: systemClock, lanes: 1 });
  try {
    const accountId = await directoryOf(database).find(account);
    if (accountId === null) throw new Error(`There is no account ${account}.`);
    const { id: adjustmentId, tokens, reason, operator = null } = body;
    const request = { accountId, adjustmentId, tokens, reason, operator, actor: OPERATOR };
    const outcome = await adjustCredits({ database, book, clock: systemClock }, request);
    if (outcome.code === "adjusted") return { id: adjustmentId, tokens, balance: outcome.balance };
    throw new Error(
      outcome.code === "differs"
        ? `The adjustment ${adjustmentId} is known with ${outcome.adjustment.tokens} tokens for "${outcome.adjustment.reason}". Use another id for another adjustment.`
        : `The database cannot be used now. Run it again with --id ${adjustmentId}: it is booked once.`,
    );
  } finally {
    await book.close();
    await database.close();
  }
}
