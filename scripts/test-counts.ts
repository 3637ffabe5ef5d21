/*
 * How many tests really ran, from the reports that vitest and Playwright write. A runner which crashed, or ran
 * nothing, counts as a failure: silence must not look like success.
 */
import { existsSync, readFileSync } from "node:fs";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  errors: unknown[];
}

/** A file that fails outside its tests (an import, a hook) has no failed test to show for it, and counts as one. */
export function countVitest(report: VitestReport): Counts {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((assertion) => assertion.status !== "failed"),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** A test that passed only when repeated is counted as failed: for money, sometimes right is wrong. */
export function countPlaywright({ stats, errors }: PlaywrightReport): Counts {
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  };
}

export type Runner = "vitest" | "playwright";

/**
 * @param file the report; it must not stem from an earlier run
 * @param exitCode of the runner
 */
export function countReport(runner: Runner, file: string, exitCode: number | null): Counts {
  const counts = existsSync(file) ? parse(runner, readFileSync(file, "utf8")) : undefined;
  if (counts === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const isUnexplained = counts.failed === 0 && (exitCode !== 0 || counts.passed === 0);
  return isUnexplained ? { ...counts, failed: 1 } : counts;
}

function parse(runner: Runner, text: string): Counts | undefined {
  try {
    const report: unknown = JSON.parse(text);
    return runner === "vitest"
      ? countVitest(report as VitestReport)
      : countPlaywright(report as PlaywrightReport);
  } catch {
    // The runner died while writing it.
    return undefined;
  }
}
