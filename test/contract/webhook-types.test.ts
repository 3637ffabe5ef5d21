import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { PAGE_PATH, webhooksPage } from "../../scripts/webhook-types.ts";

it("B4 the docs list the event types as the schemas have them (npm run docs:webhooks writes it)", async () => {
  expect(readFileSync(PAGE_PATH, "utf8")).toBe(await webhooksPage());
});
