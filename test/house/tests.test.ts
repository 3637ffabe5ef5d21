import { describe, expect, it } from "vitest";
import { linesThatMatch, written } from "./repository.ts";

/*
 * A test may be skipped on a condition (`it.skipIf(noKey)`, or Playwright's `test.skip(isMobile, "why")`), because
 * the count at the end of a run then says so. Skipped for good, it is not there at all.
 */
const starts = String.raw`\b(?:it|test|describe|suite|bench)(?:\.\w+)*`;
const forbidden = new RegExp(
  [
    String.raw`${starts}\.(?:only|todo)\b`,
    String.raw`${starts}\.(?:skip|fixme|fails?)(?:\.each|\s*\(\s*(?:\)|["'${"`"}]|true\b|async|\(|$))`,
    String.raw`\bx(?:it|describe|test)\s*\(`,
    String.raw`\{[^}]*\b(?:skip|only|todo):\s*true`,
  ].join("|"),
);

describe("tests", () => {
  // The samples are cut in two, so that this file does not find itself.
  it.each(
    [
      ['it.|only("pays once"', true],
      ['describe.|skip("credits"', true],
      ["test.|skip()", true],
      ["test.|skip(true", true],
      ['test.describe.|fixme("page"', true],
      ['it.|todo("pays"', true],
      ['it.|skip.each(rows)("pays"', true],
      ['x|it("pays"', true],
      ['it("pays", { sk|ip: true }', true],
      ['it.skipIf(noKey)("pays"', false],
      ['test.skip(isNarrow, "has no table"', false],
      ["exit(1)", false],
    ].map(([cut, isForbidden]) => [(cut as string).replace("|", ""), isForbidden] as const),
  )("the pattern judges %s rightly", (line, isForbidden) => {
    expect(forbidden.test(line)).toBe(isForbidden);
  });

  it("are neither skipped for good nor run alone", () => {
    const tests = written.filter((path) => /\.(test|spec)\.tsx?$/.test(path) || path.startsWith("test/"));
    expect(tests.length).toBeGreaterThan(1);
    expect(linesThatMatch(tests, forbidden)).toEqual([]);
  });
});
