import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { UsageDaily } from "../../packages/client/src/index.ts";
import { startProduct, type Product } from "../support/product.ts";
import { callerOf } from "./service.ts";

const root = join(import.meta.dirname, "../..");
const guide = readFileSync(join(root, "docs/importing-events.md"), "utf8");

function blockOf(language: string): string {
  const block = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s").exec(guide)?.[1];
  expect(block, `the guide has a block of ${language}`).toBeDefined();
  return block!;
}

let product: Product;
let folder = "";
beforeAll(async () => {
  product = await startProduct();
  folder = mkdtempSync(join(tmpdir(), "bursar-guide-"));
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await product.stop();
});

/** A line of the guide as it stands there, with the one program that it may call. */
function runLine(line: string) {
  const [npx, bursar, ...args] = line.trim().split(" ");
  expect([npx, bursar]).toEqual(["npx", "bursar"]);
  const cli = join(root, "packages/server/src/cli/bursar.ts");
  const env = { ...process.env, BURSAR_DATA: product.dataFolder, DATABASE_URL: "" };
  return spawnSync(process.execPath, [cli, ...args], { cwd: folder, env, encoding: "utf8" });
}

it("the guide to importing says what happens, with a server running on the embedded database", async () => {
  const call = callerOf(product.url, {
    authorization: `Bearer ${product.platformKey}`,
    "bursar-account": "acme",
  });
  writeFileSync(join(folder, "events.csv"), blockOf("csv"));

  const first = runLine(blockOf("console"));
  expect([first.status, first.stderr.includes("Error")], first.stderr).toEqual([1, false]);
  expect(first.stdout).toContain(blockOf("text").trim());
  expect(readFileSync(join(folder, "events.csv.rejected.csv"), "utf8")).toMatch(/^4,unknown_meter,/m);
  expect(existsSync(join(folder, "events.csv.progress.json"))).toBe(false);

  const again = runLine(blockOf("console"));
  expect(again.stdout).toContain("0 recorded, 2 known before, 1 refused");
  const path = "/api/billing/usage/daily?from=2026-03-01&to=2026-03-01&meter=";
  const quantityOf = async (meter: string) =>
    (await call<UsageDaily>("GET", path + meter)).body.data.map(({ quantity }) => quantity);
  expect([await quantityOf("events"), await quantityOf("ai_tokens")]).toEqual([[3], [1_250]]);
}, 120_000);
