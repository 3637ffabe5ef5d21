import { describe, expect, it } from "vitest";
import { linesThatMatch, written } from "./repository.ts";

const begins = String.raw`select\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\(`;
const continues = String.raw`insert\s+into\s|delete\s+from\s|select\s.+\sfrom\s`;
const inEitherCase = (words: string) =>
  `${words}|${words.replace(/(?<!\\)[a-z]/g, (letter) => letter.toUpperCase())}`;

/** Statements in strings, alone on a line, in a tagged template, and the query builder's. */
const statement = new RegExp(
  [
    String.raw`["'${"`"}]\s*(?:${inEitherCase(begins)})`,
    String.raw`^\s*(?:${inEitherCase(continues)})`,
    String.raw`\bsql(?:<[^${"`"}]*>)?${"`"}`,
    String.raw`\.(?:selectFrom|insertInto|updateTable|deleteFrom|mergeInto|replaceInto)\(`,
  ].join("|"),
);

describe("SQL", () => {
  it.each([
    ["await db.query('select id from holds where state = $1')", true],
    ["  insert into entries (account_id) values ($1)", true],
    ["const rows = await sql<Row>`", true],
    ["db.selectFrom('plans')", true],
    ["query(`SELECT id FROM holds`)", true],
    ['return "Select a plan";', false],
    ['const label = "Update plan";', false],
    ["// the select of the page shows the plans", false],
  ])("the pattern judges %s rightly", (line, isStatement) => {
    expect(statement.test(line)).toBe(isStatement);
  });

  it("stands only in the store files of a domain folder and in db", () => {
    const elsewhere = written.filter(
      (path) =>
        path.startsWith("packages/server/src/") &&
        path.endsWith(".ts") &&
        !/\/db\/|\/store[^/]*\.ts$|\.test\.ts$/.test(path),
    );
    expect(linesThatMatch(elsewhere, statement)).toEqual([]);
  });
});
