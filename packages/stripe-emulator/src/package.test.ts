/** The emulator by itself: packed, installed in an empty folder without a registry, and started there. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Stripe from "stripe";
import { expect, test } from "vitest";

const PACK = join(import.meta.dirname, "../scripts/pack.ts");

/** The machine's environment without the settings that `npm test` gives to its children. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));

async function firstPort(lines: AsyncIterable<string>): Promise<number> {
  for await (const line of lines) {
    const port = /127\.0\.0\.1:(\d+), key/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error("the command ended before it listened");
}

test(
  "packed and installed in an empty folder, it starts and the SDK works against it",
  { timeout: 300_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "stripe-emulator-package-"));
    try {
      const run = (command: string, args: string[], cwd: string) =>
        execFileSync(command, args, {
          cwd,
          env,
          encoding: "utf8",
          stdio: ["ignore", "pipe", "inherit"],
        }).trim();
      const tarball = run(process.execPath, [PACK, "--bundle", "--out", folder], folder);
      const home = join(folder, "empty");
      mkdirSync(home);
      writeFileSync(join(home, "package.json"), '{"private":true}');
      run("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", tarball], home);
      const command = join(home, "node_modules/.bin/stripe-emulator");
      expect(run(process.execPath, [command, "--help"], home)).toContain("Usage: stripe-emulator");

      const child = spawn(process.execPath, [command, "--port", "0", "--data", "state"], {
        ...{ cwd: home, env },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const exited = once(child, "exit");
      const port = await firstPort(createInterface({ input: child.stdout }));
      const stripe = new Stripe("sk_test_emulator", { host: "127.0.0.1", port, protocol: "http" });
      const ada = await stripe.customers.create({ name: "Ada" });
      expect((await stripe.customers.list()).data.map(({ id }) => id)).toEqual([ada.id]);
      child.kill("SIGTERM");
      expect(await exited).toEqual([0, null]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
