import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { countPlaywright, countReport, countVitest } from "../../scripts/test-counts.ts";

const vitest = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
const playwright = { stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 }, errors: [] };

describe("the counts of a test run", () => {
  const folder = mkdtempSync(join(tmpdir(), "bursar-counts-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const report = (name: string, content: string) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };

  it("are those of vitest, and a file that broke outside its tests counts as failed", () => {
    const failed = { status: "failed", assertionResults: [{ status: "failed" }, { status: "passed" }] };
    const broken = { status: "failed", assertionResults: [] };
    const good = { status: "passed", assertionResults: [{ status: "passed" }] };
    const counts = countVitest({
      ...vitest,
      numPassedTests: 2,
      numFailedTests: 1,
      numPendingTests: 3,
      testResults: [failed, broken, good],
    });
    expect(counts).toEqual({ passed: 2, failed: 2, skipped: 3 });
  });

  it("are those of Playwright, and errors outside tests and changing outcomes count as failed", () => {
    const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 2 };
    expect(countPlaywright({ stats, errors: ["set-up"] })).toEqual({ passed: 5, failed: 3, skipped: 2 });
  });

  it.each([
    ["wrote no report", join(folder, "none.json"), 0],
    ["died while writing its report", report("half.json", '{ "numPassedTests": 1'), 1],
    ["wrote something else", report("other.json", "null"), 0],
    ["ran no test", report("empty.json", JSON.stringify(vitest)), 0],
  ])("hold one failure when the runner %s", (_case, file, exitCode) => {
    expect(countReport("vitest", file, exitCode)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it("hold one failure when the runner ends badly though no test failed", () => {
    const file = report("good.json", JSON.stringify({ ...vitest, numPassedTests: 7 }));
    expect(countReport("vitest", file, 0)).toEqual({ passed: 7, failed: 0, skipped: 0 });
    expect(countReport("vitest", file, 1)).toEqual({ passed: 7, failed: 1, skipped: 0 });
    expect(countReport("vitest", file, null)).toEqual({ passed: 7, failed: 1, skipped: 0 });
    const page = report("page.json", JSON.stringify(playwright));
    expect(countReport("playwright", page, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
