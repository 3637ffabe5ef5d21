import type { Outcome } from "@bursar/core";
import pg from "pg";
import type { Book, BookCommand, SubmittedCommand } from "../packages/server/src/book/book.ts";

/*
 * The books that ours is compared with. Each stands where the account book stands, in the same service with the same
 * routes, key look-up and schemas, so that the figures differ by the book alone.
 */

/** Also tried with 4, 32 and 64: one hot row gets slower the more connections wait for it. */
const NAIVE_CONNECTIONS = 10;

const NAIVE_TABLES = `
  create table if not exists naive_accounts (account_id text primary key, balance bigint not null, entries bigint not null);
  create table if not exists naive_event_ids (account_id text, event_id text, primary key (account_id, event_id));
  create table if not exists naive_entries (
    account_id text, entry_number bigint, event_id text, tokens bigint, balance_after bigint,
    booked_at timestamptz not null default now(), primary key (account_id, entry_number)
  );
  insert into naive_accounts select account_id, 1000000000000, 0 from accounts on conflict do nothing`;

/**
 * What one writes first: a transaction a request; the id is inserted, the account's row is locked, the balance is
 * compared and lowered, an entry is added. It has no allocation, windows, counters, raw events or thresholds.
 */
export async function naiveBook(url: string): Promise<Book> {
  const pool = new pg.Pool({ connectionString: url, max: NAIVE_CONNECTIONS });
  await pool.query(NAIVE_TABLES);
  return bookOf(async (commands) => {
    const client = await pool.connect();
    try {
      await client.query("begin");
      const outcomes: Outcome[] = [];
      for (const command of commands) outcomes.push(await deduct(client, command));
      await client.query("commit");
      return outcomes;
    } catch (error) {
      await client.query("rollback");
      throw error;
    } finally {
      client.release();
    }
  });
}

async function deduct(client: pg.PoolClient, command: BookCommand): Promise<Outcome> {
  const { accountId } = command;
  const { id, tokens } = wantedBy(command);
  const isNew = await client.query({
    name: "id",
    text: "insert into naive_event_ids values ($1, $2) on conflict do nothing",
    values: [accountId, id],
  });
  if (isNew.rowCount === 0) return { code: "duplicate", balance: 0 };
  const { rows } = await client.query<{ balance: string; entries: string }>({
    name: "lock",
    text: "select balance, entries from naive_accounts where account_id = $1 for update",
    values: [accountId],
  });
  const balance = Number(rows[0]!.balance) - tokens;
  if (balance < 0) throw new Error("The naive book's account is empty.");
  await client.query({
    name: "take",
    text: "update naive_accounts set balance = $2, entries = entries + 1 where account_id = $1",
    values: [accountId, balance],
  });
  await client.query({
    name: "entry",
    text: "insert into naive_entries values ($1, $2, $3, $4, $5)",
    values: [accountId, Number(rows[0]!.entries) + 1, id, tokens, balance],
  });
  return outcomeOf(command, balance);
}

function wantedBy(command: BookCommand): { id: string; tokens: number } {
  switch (command.type) {
    case "event":
      return { id: command.eventId, tokens: command.quantity };
    case "hold":
      return { id: command.holdId, tokens: command.tokens };
    case "settle":
      return { id: `settle ${command.holdId}`, tokens: command.tokens };
    default:
      throw new Error(`The naive book knows no ${command.type}.`);
  }
}

/** One row in one statement: the least that a durable answer costs without a group. */
export async function bareCommitBook(url: string): Promise<Book> {
  const pool = new pg.Pool({ connectionString: url, max: NAIVE_CONNECTIONS });
  await pool.query(
    "create table if not exists bare_commits (account_id text, event_id text, primary key (account_id, event_id))",
  );
  return bookOf(async ([command]) => {
    const { id } = wantedBy(command!);
    await pool.query({
      name: "commit",
      text: "insert into bare_commits values ($1, $2)",
      values: [command!.accountId, id],
    });
    return [outcomeOf(command!, 0)];
  });
}

/** Answers at once and records nothing: what is left is the HTTP stack. */
export function emptyBook(): Book {
  return bookOf((commands) => Promise.resolve(commands.map((command) => outcomeOf(command, 0))));
}

function bookOf(carryOut: (commands: readonly BookCommand[]) => Promise<Outcome[]>): Book {
  const submitAll = (submitted: readonly SubmittedCommand[]) =>
    carryOut(submitted.map(({ command }) => command));
  return {
    queued: () => 0,
    submitAll,
    submit: async (command) => (await submitAll([{ command }]))[0]!,
    close: () => Promise.resolve(),
  };
}

function outcomeOf(command: BookCommand, balance: number): Outcome {
  if (command.type === "hold") {
    const { holdId, tokens, expiresAt, description, resource } = command;
    const state = "held";
    return {
      code: "held",
      hold: {
        holdId,
        tokens,
        createdAt: expiresAt,
        expiresAt,
        state,
        settlement: null,
        description,
        resource,
      },
    };
  }
  const draw = { fromAllocation: 0, fromCredits: wantedBy(command).tokens, balance };
  return command.type === "settle" ? { code: "settled", ...draw } : { code: "recorded", late: false, draw };
}
