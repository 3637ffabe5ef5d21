/*
 * axe in the page, once for each page: to load it anew for each run, as its package for Playwright does, costs more
 * than the run itself. Our pages have no frames that it would have to look into.
 */
import type { Page } from "@playwright/test";
import axe, { type AxeResults } from "axe-core";

/** WCAG 2.2 A and AA, which hold those of 2.0 and 2.1. */
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

interface Violation {
  rule: string;
  elements: string[];
}

/** @param rules only these, where the rest was looked at already and cannot have changed */
export async function violationsOf(page: Page, rules?: readonly string[]): Promise<Violation[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults, { type: "rule" | "tag"; values: string[] }>(
    (runOnly) =>
      (window as unknown as { axe: typeof axe }).axe.run(document, { runOnly, resultTypes: ["violations"] }),
    rules === undefined ? { type: "tag", values: STANDARDS } : { type: "rule", values: [...rules] },
  );
  return violations.map(({ id, nodes }) => ({
    rule: id,
    elements: nodes.map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary ?? ""}`),
  }));
}
