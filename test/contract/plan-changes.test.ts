import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { PAGE_PATH, planChangesPage } from "../../scripts/plan-changes.ts";

it("S1 S2 S3 the table in the docs is what the rules say today (npm run docs:plan-changes writes it)", async () => {
  expect(readFileSync(PAGE_PATH, "utf8")).toBe(await planChangesPage());
});
