/*
 * `node bench/verify.ts [entries]`: how long `bursar verify` takes over a book of a million ledger entries, and how much
 * memory, beside an empty book. Half of the entries are one hot account's, the others those of a thousand accounts.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { migrate } from "../packages/server/src/db/migrate.ts";
import { openPostgres, type Database } from "../packages/server/src/db/open-database.ts";
import { systemClock } from "../packages/server/src/system.ts";
import { startPostgres } from "../test/support/postgres-server.ts";

const COMMAND = join(import.meta.dirname, "../packages/server/src/cli/bursar.ts");
const ACCOUNTS = 1_000;

/** A sound book: one purchase an account, then as many uses of 3 tokens as are wanted, each with its raw event. */
async function fill({ kysely }: Database, entries: number): Promise<void> {
  const each = Math.floor(entries / 2 / ACCOUNTS);
  await sql`
    insert into accounts (account_id, name, email, created_at, last_entry_number)
    select 'acc_' || n, 'Acme', 'billing@acme.test', now(),
           case when n = 0 then ${Math.floor(entries / 2)}::int else ${each}::int end
    from   generate_series(0, ${ACCOUNTS}::int) n`.execute(kysely);
  await sql`
    insert into ledger_entries (account_id, entry_number, kind, source, from_account, to_account, tokens,
                                from_balance_after, to_balance_after, booked_at, description)
    select account_id, n, case when n = 1 then 'purchase' else 'usage' end, 'event:' || n,
           case when n = 1 then 'granted' else 'purchased' end, case when n = 1 then 'purchased' else 'used' end,
           case when n = 1 then 1000000000 else 3 end,
           case when n = 1 then -1000000000 else 1000000000 - 3 * (n - 1) end,
           case when n = 1 then 1000000000 else 3 * (n - 1) end, now(), 'AI tokens'
    from   accounts, generate_series(1, last_entry_number) n`.execute(kysely);
  await sql`
    insert into events (account_id, event_id, meter_id, quantity, happened_at, received_at, late, mode)
    select account_id, n::text, 'ai_tokens', 3, now(), now(), false, 'plain'
    from   accounts, generate_series(2, last_entry_number) n`.execute(kysely);
  await sql`
    insert into balances (account_id, book_account, balance)
    select account_id, unnest(array['granted', 'purchased', 'used']),
           unnest(array[-1000000000, 1000000000 - 3 * (last_entry_number - 1), 3 * (last_entry_number - 1)])
    from   accounts`.execute(kysely);
  await sql`analyze`.execute(kysely);
}

/** Runs the command and watches its memory, as the kernel counts it. */
async function measure(databaseUrl: string): Promise<{ seconds: number; peakMb: number; output: string }> {
  const began = systemClock.now();
  const child = spawn(process.execPath, [COMMAND, "verify"], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  const ended = new Promise((resolve) => child.once("close", resolve));
  let peakMb = 0;
  while (child.exitCode === null) {
    peakMb = Math.max(peakMb, residentMb(child.pid!));
    await Promise.race([ended, pause(50)]);
  }
  return { seconds: (systemClock.now() - began) / 1_000, peakMb, output };
}

function residentMb(pid: number): number {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return Number(line?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

const entries = Number(process.argv[2] ?? 1_000_000);
const server = await startPostgres({ fsync: true });
try {
  const database = openPostgres(server.url);
  await migrate(database);
  for (const wanted of [0, entries]) {
    if (wanted > 0) await fill(database, wanted);
    const { seconds, peakMb, output } = await measure(server.url);
    console.log(
      `${wanted} entries: ${seconds.toFixed(1)} s with the start of the process, peak ${peakMb.toFixed(0)} MB`,
    );
    console.log(output);
  }
  await database.close();
} finally {
  await server.stop();
}
