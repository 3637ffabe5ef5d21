import { DAY_MS, HOUR_MS, type AccountId, type Instant } from "@bursar/core";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Book } from "../../packages/server/src/book/book.ts";
import { listEntries } from "../../packages/server/src/book/store-reads.ts";
import { migrate } from "../../packages/server/src/db/migrate.ts";
import { openPostgres, type Database } from "../../packages/server/src/db/open-database.ts";
import { createDatabase } from "../support/postgres.ts";
import { event, purchase, times, tokens } from "./commands.ts";
import { databases, faultsOf, NOW, openAccount, openBook, type BookDatabase } from "./databases.ts";

/** SQLSTATE of a privilege that is missing. */
const NOT_PERMITTED = { code: "42501" };

const CHANGES = [
  "update ledger_entries set tokens = tokens + 1",
  "update ledger_entries set description = 'nothing to see' where entry_number = 1",
  "delete from ledger_entries",
  "truncate ledger_entries",
  "insert into ledger_entries select * from ledger_entries on conflict (account_id, entry_number) do update set tokens = 1",
];

async function expectAppendOnly({ kysely }: Database): Promise<void> {
  for (const change of CHANGES) {
    await expect(sql.raw(change).execute(kysely), change).rejects.toMatchObject(NOT_PERMITTED);
  }
}

describe.each(databases)("the ledger on $name", ({ open }) => {
  let place: BookDatabase;
  let now: Instant;
  let book: Book;
  beforeAll(async () => {
    place = await open();
    book = openBook(place.database, { clock: { now: () => now } });
  });
  afterEach(async () => expect(await faultsOf(place.database)).toEqual([]));
  afterAll(async () => {
    await book.close();
    await place.drop();
  });
  const history = async (account: AccountId) =>
    (await listEntries(place.database.kysely, account, { limit: 50 }))
      .toReversed()
      .map(({ kind, from, to, tokens: moved }) => `${kind}: ${moved} from ${shown(from)} to ${shown(to)}`);
  const shown = (bookAccount: string) => bookAccount.replace(/T.*$/, "");

  it("K4 refuses to change, delete or empty what was entered", async () => {
    now = NOW;
    const account = await openAccount(place.database);
    await book.submit(purchase(account, 1_000, "pi_1"));
    await expectAppendOnly(place.database);
    expect(await history(account)).toHaveLength(2);
  });

  it("K4 holds on every connection, also on those that are opened later and after an error", async () => {
    const errors = times(12, () => sql`select 1 / 0`.execute(place.database.kysely));
    await Promise.all(errors.map((each) => expect(each).rejects.toMatchObject({ code: "22012" })));
    const tries = times(12, () => sql`delete from ledger_entries`.execute(place.database.kysely));
    await Promise.all(tries.map((each) => expect(each).rejects.toMatchObject(NOT_PERMITTED)));
    const session = place.database.openSession();
    const change = { name: "test_change", text: "delete from ledger_entries", values: [] };
    await expect(session.read(change)).rejects.toMatchObject(NOT_PERMITTED);
    await session.close();
  });

  it("K2 refuses a second entry of the same source, whoever writes it", async () => {
    now = NOW;
    const account = await openAccount(place.database);
    await book.submit(purchase(account, 1_000, "pi_1"));
    const copy = sql`
      insert into ledger_entries
      select account_id, entry_number + 10, kind, source, from_account, to_account, tokens, from_balance_after,
             to_balance_after, booked_at, price, currency, description, resource
      from   ledger_entries
      where  account_id = ${account} and kind = 'purchase'`.execute(place.database.kysely);
    await expect(copy).rejects.toMatchObject({ code: "23505" });
  });

  it("K1 P1 shows an allocation entering, raised by an upgrade, and lapsing when its window is over", async () => {
    now = NOW;
    const account = await openAccount(place.database);
    await book.submit(tokens(account, 20_000));
    now = NOW + DAY_MS;
    await sql`
      insert into entitlements (account_id, starts_at, anchor_at, plan_id, seats)
      values (${account}, ${new Date(now)}, ${new Date(NOW - 10 * DAY_MS)}, 'personal', 1)`.execute(
      place.database.kysely,
    );
    await book.submit(tokens(account, 5));
    // The first command after the grace time, years later: everything that is over lapses, and one window enters.
    now = Date.parse("2029-02-20T12:00:00Z");
    await book.submit(event(account, { time: now }));
    expect(await history(account)).toEqual([
      "allocation: 50000 from granted to allocation:2026-02-28",
      "allocation_usage: 20000 from allocation:2026-02-28 to used",
      "allocation: 950000 from granted to allocation:2026-02-28",
      "allocation_usage: 5 from allocation:2026-02-28 to used",
      "lapse: 979995 from allocation:2026-02-28 to lapsed",
      "allocation: 1000000 from granted to allocation:2029-01-28",
    ]);
  });

  it("K3 shows an allocation repaying what is owed before anything else", async () => {
    now = NOW;
    const account = await openAccount(place.database);
    await book.submit(tokens(account, 80_000));
    now = Date.parse("2026-03-28T12:00:00Z") + HOUR_MS;
    await book.submit(event(account, { time: now }));
    expect((await history(account)).slice(-3)).toEqual([
      "usage: 30000 from purchased to used",
      "allocation: 50000 from granted to allocation:2026-03-28",
      "repayment: 30000 from allocation:2026-03-28 to purchased",
    ]);
  });
});

describe("the ledger of a PostgreSQL user that is no superuser and owns its database", () => {
  it("K4 refuses to be changed all the same", async () => {
    const created = await createDatabase();
    const { url } = created;
    const elsewhere = new URL(url);
    const name = elsewhere.pathname.slice(1);
    elsewhere.pathname = "/postgres";
    const superuser = new pg.Client({ connectionString: elsewhere.href });
    await superuser.connect();
    await superuser.query(`create role "${name}" login password 'owner'`);
    await superuser.query(`alter database "${name}" owner to "${name}"`);
    const asOwner = new URL(url);
    asOwner.username = name;
    asOwner.password = "owner";
    const database = openPostgres(asOwner.href);
    await migrate(database);
    const account = await openAccount(database);
    const book = openBook(database);
    expect(await book.submit(purchase(account, 1_000, "pi_1"))).toMatchObject({ code: "granted" });
    await expectAppendOnly(database);
    expect(await faultsOf(database)).toEqual([]);
    await book.close();
    await database.close();
    await created.drop();
    await superuser.query(`drop role "${name}"`);
    await superuser.end();
  });
});

describe("a database that an earlier Bursar filled as a superuser", () => {
  it("K4 is handed over at the next start, and its ledger refuses to be changed", async () => {
    const created = await createDatabase();
    const { url } = created;
    const superuser = new pg.Client({ connectionString: url });
    await superuser.connect();
    await superuser.query(
      "create table migrations (name text primary key, applied_at timestamptz default now())",
    );
    await superuser.query("create table notes (line text)");
    const database = openPostgres(url);
    await migrate(database);
    const owners = await superuser.query<{ tableowner: string }>(
      "select distinct tableowner from pg_tables where schemaname = 'public'",
    );
    expect(owners.rows).toEqual([{ tableowner: "bursar_service" }]);
    await expectAppendOnly(database);
    await database.close();
    await superuser.end();
    await created.drop();
  });
});
