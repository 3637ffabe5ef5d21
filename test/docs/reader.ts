/* Who follows the guides: their folder and settings, and what they have done before they come to a guide. */
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { Overview } from "../../packages/client/src/index.ts";
import { payHostedPage } from "../api/hosted-page.ts";
import { callerOf } from "../api/service.ts";
import { freePort } from "../support/free-port.ts";
import type { Product } from "../support/product.ts";
import { blocksOf, readGuide, ROOT } from "./blocks.ts";
import type { World } from "./shell.ts";

/** An empty folder in which the packages are found, as in a clone. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "bursar-guides-"));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  return folder;
}

export function plainEnv(): Record<string, string> {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME };
}

/** Beside the demo: its addresses and its key, and free ports for what the guides start. */
export async function worldBeside(product: Product, folder: string): Promise<World> {
  const [emulator, studio, chat] = [await freePort(), await freePort(), await freePort()];
  return {
    folder,
    env: {
      ...plainEnv(),
      BURSAR_DATA: product.dataFolder,
      // Of the chat, whose guide takes its own port for granted.
      PORT: String(chat),
      KEY: product.platformKey,
      BURSAR_URL: product.url,
      BURSAR_KEY: product.platformKey,
    },
    here: {
      "http://127.0.0.1:4242": product.url,
      "https://billing.example.com": product.url,
      ".bursar/demo.json": join(product.dataFolder, "demo.json"),
      "12111": String(emulator),
      "5100": String(studio),
      "5200": String(chat),
    },
  };
}

/** The demo's account buys Team on the hosted page, which saves the card. */
export async function payForTeam({ url, platformKey }: Product): Promise<void> {
  const call = callerOf(url, { authorization: `Bearer ${platformKey}`, "bursar-account": "acme" });
  const plan = { planId: "team", seats: 2 };
  const { body } = await call<{ url: string }>("POST", "/api/billing/checkout", plan);
  await payHostedPage(body.url);
  const planNow = async () => (await call<Overview>("GET", "/api/billing")).body.plan.id;
  await expect.poll(planNow, { timeout: 20_000 }).toBe("team");
}

/** The catalogue with the new price that its guide writes, and with the part that the guide adds at its end. */
export function editCatalogue(folder: string): string {
  const guide = readGuide("docs/catalogue.md");
  const [, newPrice = ""] = /`team: \{ \.\.\., (priceCents: \{[^}]+\}) \}`/.exec(guide) ?? [];
  const part = blocksOf(guide).find(({ text }) => text.startsWith("page: {"))!.text;
  const config = readFileSync(join(ROOT, "bursar.config.ts"), "utf8");
  const edited = config
    .replace(/(name: "Team",[^]*?)priceCents: \{[^}]+\}/, `$1${newPrice}`)
    .replace(/\}\);\s*$/, `${part}});\n`);
  expect([edited.includes(newPrice), newPrice === "", edited.includes(part)]).toEqual([true, false, true]);
  const path = join(folder, "edited.config.ts");
  writeFileSync(path, edited);
  return path;
}
