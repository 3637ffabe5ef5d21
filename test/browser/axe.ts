/*
 * axe in the page, once for each document: to load it anew for each run, as its package for Playwright does, costs more
 * than the run itself. Whoever looks once looks again, so the next documents of the same page come with it, which the
 * browser then compiles once and not for each. Our pages have no frames that it would have to look into.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type axe from "axe-core";
import type { AxeResults } from "axe-core";

/** WCAG 2.2 A and AA, which hold those of 2.0 and 2.1. */
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function load(page: Page): Promise<void> {
  if (await page.evaluate(() => "axe" in window)) return;
  // Whose value is nothing: that of the script itself would be sent back.
  await page.evaluate(`${source};void 0`);
  await page.addInitScript(source);
}

interface Violation {
  rule: string;
  elements: string[];
}

/** @param rules only these, where the rest was looked at already and cannot have changed */
export async function violationsOf(page: Page, rules?: readonly string[]): Promise<Violation[]> {
  await load(page);
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
