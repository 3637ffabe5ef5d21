import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findFaults, verifyBook } from "../../packages/server/src/book/verify-book.ts";
import { countCodes, event, hold, purchase, times, tokens } from "./commands.ts";
import { catalog, databases, faultsOf, openAccount, openBook, type BookDatabase } from "./databases.ts";

describe.each(databases)("the verifier on $name", ({ open }) => {
  let place: BookDatabase;
  beforeAll(async () => {
    place = await open();
    const book = openBook(place.database);
    const account = await openAccount(place.database);
    await book.submit(purchase(account, 1_000, "pi_1"));
    await book.submit(tokens(account, 50_400));
    await book.submit(event(account, { quantity: 3, group: "Atlas" }));
    await book.submit(event(account, { quantity: 2 }));
    await book.submit(hold(account, "hold_a", 100));
    await book.submit({ type: "settle", accountId: account, holdId: "hold_a", tokens: 80 });
    await book.close();
  });
  afterAll(() => place.drop());

  it("finds nothing in a sound book", async () => {
    expect(await faultsOf(place.database)).toEqual([]);
  });

  it.each([
    [
      "a balance that was changed",
      "update balances set balance = balance + 1 where book_account = 'purchased'",
      /purchased is 521, its entries give 520/,
    ],
    ["a balance that is missing", "delete from balances where book_account = 'used'", /used is 0/],
    [
      "a balance that nobody entered",
      "insert into balances (account_id, book_account, balance) select account_id, 'adjusted', 7 from accounts",
      /adjusted is 7, its entries give 0/,
    ],
    [
      "tokens of an entry that were changed",
      "update ledger_entries set tokens = tokens + 1 where kind = 'purchase'",
      /purchased is 1000, its entries give 1001/,
    ],
    [
      "a balance after an entry that was changed",
      "update ledger_entries set to_balance_after = 9 where kind = 'purchase'",
      /entry 2: purchased is 9, its entries give 1000/,
    ],
    [
      "an entry that moves tokens where its kind may not",
      "update ledger_entries set from_account = 'adjusted' where kind = 'purchase'",
      /purchase from adjusted to purchased/,
    ],
    [
      "an entry of a kind that there is not",
      "update ledger_entries set kind = 'gift' where kind = 'purchase'",
      /gift from granted to purchased/,
    ],
    [
      "an entry that is missing within",
      "delete from ledger_entries where kind = 'purchase'",
      /entry 3 stands in place of 2/,
    ],
    [
      "the last entry missing",
      "delete from ledger_entries where entry_number = (select max(entry_number) from ledger_entries)",
      /the account says 5/,
    ],
    [
      "an account that forgot its last number",
      "update accounts set last_entry_number = 1",
      /the account says 1/,
    ],
    ["an account that is gone", "delete from accounts", /no such account/],
    [
      "a token counter that was changed",
      "update usage_counters set used = used - 1",
      /counted 49999, drawn 50000/,
    ],
    [
      "a token counter that stands in another window",
      "update usage_counters set window_start = window_start - interval '31 days'",
      /counted 0, drawn 50000/,
    ],
    [
      "an allocation that lapsed and is not empty",
      "update balances set lapsed = true, balance = 3 where window_start is not null",
      /2026-02-28T12:00:00.000Z has 3/,
    ],
    [
      "a day that nobody counted",
      "insert into usage_days select account_id, 'events', '2026-01-01', 5 from accounts",
      /events: windows 0, days 5/,
    ],
    [
      "a group that is gone",
      "delete from usage_groups",
      /sessions on 2026-03-10: groups 0, the day says 3 of 5/,
    ],
    [
      "a group that nobody used",
      "insert into usage_groups select account_id, 'sessions', '2026-03-10', 'Borealis', 2 from accounts",
      /sessions on 2026-03-10: groups 5, the day says 3 of 5/,
    ],
    [
      "a group of a day that has none",
      "update usage_groups set day = '2026-03-09'",
      /sessions on 2026-03-09: groups 3, the day says 0 of 0/,
    ],
    [
      "a day whose groups are more than it",
      "update usage_days set quantity = 2 where meter_id = 'sessions'",
      /sessions on 2026-03-10: groups 3, the day says 3 of 2/,
    ],
    [
      "a hold that was charged otherwise",
      "update holds set settled_tokens = 70, from_credits = 70",
      /hold_a settled 70, charged 80/,
    ],
    [
      "a hold that says it was given back and was charged",
      "update holds set state = 'released', settled_tokens = null",
      /hold_a settled 0, charged 80/,
    ],
    [
      "an event that was charged otherwise",
      "update events set quantity = 50000",
      /reported 50000, charged 50400/,
    ],
    [
      "an event that was charged though it is history",
      "update events set mode = 'backfill'",
      /reported 50400, charged 50400/,
    ],
  ])("finds %s", async (_name, damage, found) => {
    const undo = new Error("undo the damage");
    const damaged = place.database.kysely.transaction().execute(async (transaction) => {
      // The service itself may not change an entry; whoever damages a book does it past the service.
      await sql`set local role none`.execute(transaction);
      await sql.raw(damage).execute(transaction);
      const faults = await findFaults(transaction, catalog);
      expect(faults.map((fault) => fault.found).join("; ")).toMatch(found);
      throw undo;
    });
    await expect(damaged).rejects.toBe(undo);
  });

  it("counts what it went through", async () => {
    expect(await verifyBook(place.database, catalog)).toEqual({
      accounts: 1,
      entries: 5,
      tokensMoved: 1_000 + 50_400 + 80,
      faults: [],
    });
  });
});

describe("the verifier beside a running service", () => {
  it("sees a sound book while accounts are written, page by page and range by range", async () => {
    const place = await databases[1]!.open();
    const accounts = await Promise.all(times(1_100, () => openAccount(place.database, "business")));
    const book = openBook(place.database);
    const load = (round: number) =>
      book.submitAll(
        accounts.flatMap((account, index) =>
          index % 100 === 0 ? times(12, () => ({ command: tokens(account, round + 1) })) : [],
        ),
      );
    // More entries in one account than a page has.
    const hot = book.submitAll(times(6_000, () => ({ command: tokens(accounts[500]!, 1) })));
    let isRunning = true;
    const running = (async () => {
      for (let round = 0; isRunning; round += 1) await load(round);
    })();
    expect(countCodes(await hot)).toEqual({ recorded: 6_000 });
    const reports = [
      await verifyBook(place.database, catalog),
      await verifyBook(place.database, catalog),
      await verifyBook(place.database, catalog),
    ];
    isRunning = false;
    await running;
    for (const report of reports) expect(report).toMatchObject({ accounts: 1_100, faults: [] });
    expect(reports[2]!.entries).toBeGreaterThan(6_000);
    await book.close();
    await place.drop();
  });

  it("stops at a hundred faults: they have one cause", async () => {
    const place = await databases[1]!.open();
    await Promise.all(times(120, () => openAccount(place.database)));
    await sql`update accounts set last_entry_number = 3`.execute(place.database.kysely);
    expect(await faultsOf(place.database)).toHaveLength(100);
    await place.drop();
  });
});
