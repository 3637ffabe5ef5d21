/* `bursar verify` as an operator runs it: a process of its own, on a database that a service has open. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { purchase, tokens } from "./commands.ts";
import { bursar } from "../support/run-bursar.ts";
import { databases, openAccount, openBook, type BookDatabase } from "./databases.ts";

describe("bursar verify", () => {
  let place: BookDatabase;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "bursar-verify-"));
    place = await databases[1]!.open();
    const account = await openAccount(place.database);
    const book = openBook(place.database);
    await book.submit(purchase(account, 1_000, "pi_1"));
    await book.submit(tokens(account, 50_400));
    await book.close();
  });
  afterAll(async () => {
    await place.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("K4 says that the book is exact, with exit code 0, and what it went through", async () => {
    const { status, output } = await bursar(["verify"], { DATABASE_URL: place.url! });
    expect(output).toContain("The book is exact.");
    expect(output).toContain("4 ledger entries of 1 accounts, 51,400 tokens moved");
    expect(status).toBe(0);
  });

  it("K4 names account, rule and figures of what is wrong, with exit code 1", async () => {
    const superuser = new pg.Client({ connectionString: place.url! });
    await superuser.connect();
    const changeBy = (tokenCount: number) =>
      superuser.query("update balances set balance = balance + $1 where book_account = 'purchased'", [
        tokenCount,
      ]);
    await changeBy(1);
    const { status, output } = await bursar(["verify"], { DATABASE_URL: place.url! });
    await changeBy(-1);
    await superuser.end();
    expect(output).toContain("The book is not exact: 1 fault.");
    expect(output).toMatch(
      /acc_\S+ {2}a balance is the sum of its entries: purchased is 601, its entries give 600/,
    );
    expect(status).toBe(1);
  });

  it.each([
    ["a folder without a book", ["verify"], {}, /There is no book in/, 1],
    [
      "a database that does not answer",
      ["verify"],
      { DATABASE_URL: "postgres://127.0.0.1:9/none" },
      /ECONNREFUSED/,
      1,
    ],
    ["an argument that it does not know", ["verify", "--fix"], {}, /takes no arguments, not "--fix"/, 2],
  ])("%s is told in a sentence, and nothing is made", async (_name, args, env, sentence, exitCode) => {
    const { status, output } = await bursar(args, { BURSAR_DATA: folder, ...env });
    expect(output).toMatch(sentence);
    expect(status).toBe(exitCode);
  });
});
