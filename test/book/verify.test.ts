import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findFaults } from "../../packages/server/src/book/verify-book.ts";
import { hold, purchase, tokens } from "./commands.ts";
import { catalog, databases, faultsOf, openAccount, openBook, type BookDatabase } from "./databases.ts";

describe.each(databases)("the verifier on $name", ({ open }) => {
  let place: BookDatabase;
  beforeAll(async () => {
    place = await open();
    const book = openBook(place.database);
    const account = await openAccount(place.database);
    await book.submit(purchase(account, 1_000, "pi_1"));
    await book.submit(tokens(account, 50_400));
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
    ],
    ["a balance that is missing", "delete from balances where book_account = 'used'"],
    ["an entry that was changed", "update ledger_entries set tokens = tokens + 1 where kind = 'purchase'"],
    ["an entry that is missing", "delete from ledger_entries where kind = 'purchase'"],
    ["an account that forgot its last number", "update accounts set last_entry_number = 1"],
    ["a token counter that was changed", "update usage_counters set used = used - 1"],
    [
      "a day that nobody counted",
      "insert into usage_days select account_id, 'sessions', '2026-01-01', 5 from accounts",
    ],
    ["a hold that was charged otherwise", "update holds set settled_tokens = 70, from_credits = 70"],
  ])("finds %s", async (_name, damage) => {
    const undo = new Error("undo the damage");
    const damaged = place.database.kysely.transaction().execute(async (transaction) => {
      // The service itself may not change an entry; whoever damages a book does it past the service.
      await sql`set local role none`.execute(transaction);
      await sql.raw(damage).execute(transaction);
      expect(await findFaults(transaction, catalog)).not.toEqual([]);
      throw undo;
    });
    await expect(damaged).rejects.toBe(undo);
  });
});
