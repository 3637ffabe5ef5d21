/*
 * The commands and programs of the guides, as a reader types them, beside a demo that `npm start` has started. The order
 * is that of ways.ts, because what one guide does to the demo is there for the next.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Webhook } from "standardwebhooks";
import type { UsageDaily } from "../../packages/client/src/index.ts";
import { callerOf } from "../api/service.ts";
import { freePort } from "../support/free-port.ts";
import { startProduct, type Product } from "../support/product.ts";
import { agrees, lastAnswer, refusalsIn, sameSentence } from "./answers.ts";
import { ROOT } from "./blocks.ts";
import { blocksBy, isWay, pairsOf, type Pair } from "./pairs.ts";
import { editCatalogue, newFolder, payForTeam, worldBeside } from "./reader.ts";
import { typeGuide, type World } from "./shell.ts";
import { WAYS, type Way } from "./ways.ts";

/** bash and curl are what the guides are written for; a machine without them can run all of Bursar. */
const hasShell = ["bash", "curl"].every((program) => spawnSync(program, ["--version"]).status === 0);

/** It has a service of its own, in production.test.ts. */
const OF_THE_DEMO = Object.keys(WAYS).filter((file) => file !== "docs/going-to-production.md");
const typed = OF_THE_DEMO.filter((file) =>
  pairsOf(file).some(([, way]) => ["shell", "exits", "serves"].some((name) => isWay(way, name))),
);

let product: Product;
let world: World;
let folder = "";
beforeAll(async () => {
  product = await startProduct({ byNpm: true });
  folder = newFolder();
  world = await worldBeside(product, folder);
}, 120_000);
afterAll(async () => {
  await product?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What a guide takes for granted, because its reader has done it or its words say so. */
async function worldOf(file: string): Promise<World> {
  if (file === "docs/credits.md") await payForTeam(product);
  // The examples are started where they are.
  if (file.startsWith("examples/")) return { ...world, folder: ROOT };
  if (file !== "docs/catalogue.md") return world;
  return { ...world, env: { ...world.env, BURSAR_CONFIG: editCatalogue(folder) } };
}

function writeFiles(pairs: readonly Pair[]): void {
  for (const [block, way] of pairs) {
    if (typeof way === "object" && "file" in way) writeFileSync(join(folder, way.file), block.text);
  }
}

describe.skipIf(!hasShell)("B5 the commands of a guide, typed in their order, do what it says", () => {
  it.each(typed)("%s", { timeout: 120_000 }, async (file) => {
    const pairs = pairsOf(file);
    writeFiles(pairs);
    const { outputs, exitCode, all } = await typeGuide(pairs, await worldOf(file));
    expect(exitCode, all).toBe(0);
    let last = "";
    for (const [at, [{ text, line }, way]] of pairs.entries()) {
      const where = `${file}:${line}\n${all}`;
      last = outputs.get(at) ?? last;
      const isShown = pairs[at + 1]?.[1] === "answer";
      if (outputs.has(at) && !isShown) expect(refusalsIn(last), where).toEqual([]);
      if (way === "answer")
        expect([agrees(JSON.parse(text), lastAnswer(last)), where]).toEqual([true, where]);
      if (way === "output") expect(sameSentence(last), where).toContain(sameSentence(text).trim());
    }
  });
});

it("B5 docs/importing-events.md: what was refused is in its file, the rest is counted, and a repeat counts nothing", async () => {
  const refused = readFileSync(join(folder, "events.csv.rejected.csv"), "utf8");
  expect(refused).toMatch(/^4,unknown_meter,/m);
  expect(existsSync(join(folder, "events.csv.progress.json"))).toBe(false);
  const [again] = pairsOf("docs/importing-events.md").filter(([, way]) => isWay(way, "exits"));
  expect((await typeGuide([again!], world)).all).toContain("0 recorded, 2 known before, 1 refused");
  const headers = { authorization: `Bearer ${product.platformKey}`, "bursar-account": "acme" };
  const call = callerOf(product.url, headers);
  const day = "/api/billing/usage/daily?from=2026-03-01&to=2026-03-01&meter=";
  const quantityOf = async (meter: string) =>
    (await call<UsageDaily>("GET", day + meter)).body.data.map(({ quantity }) => quantity);
  expect([await quantityOf("events"), await quantityOf("ai_tokens")]).toEqual([[3], [1_250]]);
});

it("B5 docs/webhooks.md: its program takes what is signed, and nothing else", async () => {
  const port = await freePort();
  const [program] = blocksBy("compiles").filter(({ file }) => file === "docs/webhooks.md");
  writeFileSync(join(folder, "receiver.ts"), program!.block.text.replace("5300", String(port)));
  const secret = `whsec_${Buffer.from("a secret of the webhooks' guide").toString("base64")}`;
  const env = { ...world.env, BURSAR_WEBHOOK_SECRET: secret };
  const receiver = spawn(process.execPath, [join(folder, "receiver.ts")], { env, stdio: "ignore" });
  try {
    const send = async (body: string, signed = body) => {
      const now = new Date();
      const headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
        "webhook-signature": new Webhook(secret).sign("msg_1", now, signed),
      };
      const answer = await fetch(`http://127.0.0.1:${port}`, { method: "POST", body, headers }).catch(
        () => null,
      );
      return answer?.status;
    };
    await expect.poll(() => send('{"type":"test"}'), { timeout: 20_000 }).toBe(204);
    expect(await send('{"type":"forged"}', '{"type":"test"}')).toBe(400);
  } finally {
    receiver.kill("SIGKILL");
  }
});

it.each(blocksBy("prints").map(({ file, block, way }) => [file, block.text, way] as const))(
  "B5 %s: its program prints what the guide says",
  (file, text, way) => {
    const path = join(folder, "program.ts");
    writeFileSync(path, text);
    const { stdout, stderr, status } = spawnSync(process.execPath, [path], {
      env: world.env,
      encoding: "utf8",
    });
    const { prints } = way as Extract<Way, { prints: readonly string[] }>;
    expect([file, status, stdout.trim().split("\n")], stderr).toEqual([file, 0, prints]);
  },
);
