import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Book } from "../../packages/server/src/book/book.ts";
import { openPostgres, type Database } from "../../packages/server/src/db/open-database.ts";
import { countCodes, event, hold, purchase, times, tokens } from "./commands.ts";
import { catalog, databases, faultsOf, openAccount, openBook, type BookDatabase } from "./databases.ts";

/*
 * What goes wrong between the book and PostgreSQL. A failure at an exact moment is made by a trigger of the test's
 * own database: the product has none.
 */

let place: BookDatabase;
let database: Database;
let book: Book;

beforeAll(async () => {
  place = await databases[1]!.open();
  database = place.database;
});
beforeEach(() => {
  book = openBook(database);
});
afterEach(async () => {
  await book.close();
  await run("drop function if exists fail() cascade");
  expect(await faultsOf(database)).toEqual([]);
});
afterAll(() => place.drop());

const run = (statement: string) => sql.raw(statement).execute(database.kysely);

/** Runs a piece of plpgsql for each new event id, at once or at the commit. */
async function onEventId(body: string, when: "now" | "at commit"): Promise<void> {
  await run(`create function fail() returns trigger language plpgsql as $$ begin ${body} return new; end $$`);
  const kind = when === "now" ? "trigger" : "constraint trigger";
  const timing =
    when === "now" ? "before insert on event_ids" : "after insert on event_ids deferrable initially deferred";
  await run(`create ${kind} fail ${timing} for each row execute function fail()`);
}

/** What a superuser sees: the service's own role is shown no other session's statement. */
async function rowsOf(statement: string, values: readonly unknown[] = []): Promise<number | null> {
  const superuser = new pg.Client({ connectionString: place.url! });
  await superuser.connect();
  const { rowCount } = await superuser.query(statement, [...values]);
  await superuser.end();
  return rowCount;
}

/** Ends the connections whose current statement matches, as soon as one does; only a superuser may. */
async function terminateWaiting(pattern: string): Promise<void> {
  const terminate = `
    select pg_terminate_backend(pid) from pg_stat_activity
    where  datname = current_database() and wait_event_type = 'Lock' and query ilike $1`;
  await expect.poll(() => rowsOf(terminate, [pattern])).toBe(1);
}

describe("two servers on one database", () => {
  it("U3 count an event once when it reaches both at the same instant", async () => {
    const other = openPostgres(place.url!);
    const secondBook = openBook(other);
    const accounts = await Promise.all(times(5, () => openAccount(database, "business")));
    const events = times(400, (index) => event(accounts[index % 5]!, { eventId: `e${index}` }));
    const [first, second] = await Promise.all([
      Promise.all(events.map((each) => book.submit(each))),
      Promise.all(events.toReversed().map((each) => secondBook.submit(each))),
    ]);
    expect(countCodes([...first, ...second])).toEqual({ recorded: 400, duplicate: 400 });
    await secondBook.close();
    await other.close();
  });

  it("U4 K3 allow together no more than the limit and the tokens that there are", async () => {
    const other = openPostgres(place.url!);
    const secondBook = openBook(other);
    const account = await openAccount(database);
    await book.submit(purchase(account, 10_000, "pi_1"));
    const ask = (server: Book) => server.submit(tokens(account, 1_000, { mode: "enforced" }));
    const outcomes = await Promise.all(times(100, (index) => ask(index % 2 === 0 ? book : secondBook)));
    expect(countCodes(outcomes)).toEqual({ recorded: 60, insufficient_credits: 40 });
    await secondBook.close();
    await other.close();
  });

  it("K3 settle a hold once when it reaches both at the same instant with different amounts", async () => {
    const other = openPostgres(place.url!);
    const secondBook = openBook(other);
    const account = await openAccount(database, "business");
    const holds = times(40, (index) => `hold_${index}`);
    await Promise.all(holds.map((holdId) => book.submit(hold(account, holdId, 500))));
    const settle = (server: Book, holdId: string, amount: number) =>
      server.submit({ type: "settle", accountId: account, holdId, tokens: amount });
    const outcomes = await Promise.all(
      holds.flatMap((holdId) => [settle(book, holdId, 300), settle(secondBook, holdId, 200)]),
    );
    expect(countCodes(outcomes)).toEqual({ settled: 40, hold_closed: 40 });
    const charged = outcomes.reduce(
      (sum, outcome) => sum + (outcome.code === "settled" ? outcome.fromAllocation : 0),
      0,
    );
    const { rows } = await sql<{ used: number }>`
      select balance as used from balances where account_id = ${account} and book_account = 'used'`.execute(
      database.kysely,
    );
    expect(rows).toEqual([{ used: charged }]);
    await secondBook.close();
    await other.close();
  });
});

describe("a connection that is lost", () => {
  it("before the commit: nothing was recorded, the book says so, and the same id counts once", async () => {
    const account = await openAccount(database);
    const command = event(account);
    const holder = openPostgres(place.url!);
    let outcome: ReturnType<Book["submit"]> | undefined;
    await holder.kysely.transaction().execute(async (transaction) => {
      await sql`select 1 from accounts where account_id = ${account} for update`.execute(transaction);
      outcome = book.submit(command);
      await terminateWaiting("%from   accounts%for update%");
      expect(await outcome).toEqual({ code: "unavailable" });
    });
    await holder.close();
    expect(await book.submit(command)).toMatchObject({ code: "recorded" });
  });

  it("in the middle of a batch: none of its sixty commands was recorded, and each says so", async () => {
    const accounts = await Promise.all(times(3, () => openAccount(database)));
    const commands = times(60, (index) => event(accounts[index % 3]!, { eventId: `middle_${index}` }));
    const oneLane = openBook(database, { lanes: 1 });
    // Some ids are written already when the connection goes.
    await onEventId("if new.event_id = 'middle_30' then perform pg_advisory_xact_lock(7); end if;", "now");
    const holder = openPostgres(place.url!);
    await holder.kysely.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(7)`.execute(transaction);
      const outcomes = oneLane.submitAll(commands.map((command) => ({ command })));
      await terminateWaiting("%insert into event_ids%");
      expect(countCodes(await outcomes)).toEqual({ unavailable: 60 });
    });
    await holder.close();
    const again = await oneLane.submitAll(commands.map((command) => ({ command })));
    expect(countCodes(again)).toEqual({ recorded: 60 });
    await oneLane.close();
  });

  it("during the commit: the book says that it does not know, and the same id tells", async () => {
    const account = await openAccount(database);
    const command = event(account);
    await onEventId("perform pg_advisory_xact_lock(7);", "at commit");
    const holder = openPostgres(place.url!);
    await holder.kysely.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(7)`.execute(transaction);
      const outcome = book.submit(command);
      await terminateWaiting("commit");
      expect(await outcome).toEqual({ code: "unknown" });
    });
    await holder.close();
    expect(await book.submit(command)).toMatchObject({ code: "recorded" });
    expect(await book.submit(command)).toMatchObject({ code: "duplicate" });
  });
});

describe("a database that refuses", () => {
  it("a lost race is run again and nobody notices", async () => {
    const account = await openAccount(database);
    await run("create sequence race");
    await onEventId(
      "if nextval('race') < 3 then raise exception 'race' using errcode = '40001'; end if;",
      "now",
    );
    expect(await book.submit(event(account))).toMatchObject({ code: "recorded" });
  });

  it("a race that is lost every time is answered as unavailable, not tried for ever", async () => {
    const account = await openAccount(database);
    const failures: unknown[] = [];
    const watched = openBook(database, { onFailure: (error) => failures.push(error) });
    await onEventId("raise exception 'race' using errcode = '40001';", "now");
    const command = event(account);
    expect(await watched.submit(command)).toEqual({ code: "unavailable" });
    expect(failures).toHaveLength(4);
    await run("drop function fail() cascade");
    expect(await watched.submit(command)).toMatchObject({ code: "recorded" });
    await watched.close();
  });

  it("a full disk is answered as unavailable, and all is well when there is room again", async () => {
    const account = await openAccount(database);
    const commands = times(10, () => event(account));
    await onEventId("raise exception 'no space left' using errcode = '53100';", "now");
    expect(countCodes(await Promise.all(commands.map((each) => book.submit(each))))).toEqual({
      unavailable: 10,
    });
    await run("drop function fail() cascade");
    expect(countCodes(await Promise.all(commands.map((each) => book.submit(each))))).toEqual({
      recorded: 10,
    });
  });

  it("a commit that fails records nothing, and the same commands succeed later", async () => {
    const account = await openAccount(database);
    const grant = purchase(account, 500, "pi_1");
    await onEventId("raise exception 'refused' using errcode = '53100';", "at commit");
    const outcomes = await Promise.all([book.submit(grant), book.submit(event(account, { eventId: "a" }))]);
    expect(countCodes(outcomes)).toEqual({ unavailable: 2 });
    await run("drop function fail() cascade");
    expect(await book.submit(grant)).toEqual({ code: "granted", balance: 500 });
    expect(await book.submit(event(account, { eventId: "a" }))).toMatchObject({ code: "recorded" });
  });
});

/** On a busy machine a connection alone may take a second. */
const PATIENT = { timeout: 10_000 };

describe("two transactions that wait for each other", () => {
  it("a batch that the database ends to let the other go on is run again, and nobody notices", async () => {
    const account = await openAccount(database);
    const failures: unknown[] = [];
    const watched = openBook(database, { lanes: 1, onFailure: (error) => failures.push(error) });
    const [gate, other] = [1, 2].map(() => new pg.Client({ connectionString: place.url! }));
    await Promise.all([gate!.connect(), other!.connect()]);
    // A batch that has its account's row stops at the gate, and asks for what the other holds after it.
    await onEventId("perform pg_advisory_xact_lock(8); perform pg_advisory_xact_lock(9);", "now");
    await gate!.query("select pg_advisory_lock(8)");
    // A wait is looked at once, a second after it began. The other never looks, so the batch is the one that is ended.
    await other!.query("set deadlock_timeout = '1h'");
    await other!.query("begin");
    await other!.query("select pg_advisory_xact_lock(9)");
    const waiting = `
      select from pg_stat_activity
      where  datname = current_database() and wait_event_type = 'Lock' and query ilike $1`;
    const outcome = watched.submit(event(account));
    await expect.poll(() => rowsOf(waiting, ["%insert into event_ids%"]), PATIENT).toBe(1);
    const locked = other!.query("select 1 from accounts where account_id = $1 for update", [account]);
    await expect.poll(() => rowsOf(waiting, ["select 1 from accounts%"]), PATIENT).toBe(1);
    // Only now does the batch come to wait for the other: the circle is there before anybody looks for it.
    await gate!.query("select pg_advisory_unlock(8)");
    await locked;
    await other!.query("commit");
    expect(await outcome).toMatchObject({ code: "recorded" });
    expect(failures).toMatchObject([{ code: "40P01" }]);
    await Promise.all([gate!.end(), other!.end()]);
    await watched.close();
  });
});

describe("a command that cannot be stored", () => {
  it("fails alone among five hundred, wherever it stands, and everything else is recorded", async () => {
    const account = await openAccount(database, "business");
    // The index takes no key of 10 kB that does not get smaller when it is packed.
    const longId = randomBytes(10_000).toString("hex");
    const commands = times(500, (index) =>
      event(account, [7, 250, 499].includes(index) ? { eventId: `${longId}${index}` } : {}),
    );
    const outcomes = await book.submitAll(commands.map((command) => ({ command })));
    expect(countCodes(outcomes)).toEqual({ recorded: 497, failed: 3 });
    expect([outcomes[7], outcomes[250], outcomes[499]]).toEqual(times(3, () => ({ code: "failed" })));
  });
});

describe("a meter that was removed from the catalogue", () => {
  it("its events are refused, its neighbours recorded, and what it counted is there when it comes back", async () => {
    const account = await openAccount(database);
    const command = event(account, { quantity: 3 });
    await book.submit(command);
    const meters = catalog.meters.filter(({ id }) => id !== "sessions");
    const without = openBook(database, { catalog: { ...catalog, meters } });
    const outcomes = await without.submitAll([
      { command: event(account) },
      { command: tokens(account, 5) },
      { command },
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual(["unknown_meter", "recorded", "duplicate"]);
    await without.close();
    expect(await book.submit(event(account, { quantity: 17, mode: "enforced" }))).toMatchObject({
      code: "recorded",
    });
    expect(await book.submit(event(account, { mode: "enforced" }))).toMatchObject({
      code: "limit_reached",
      used: 20,
    });
  });
});
