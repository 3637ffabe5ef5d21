import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Stripe from "stripe";
import { afterEach, expect, test } from "vitest";
import { startFixture } from "./testing/fixture.ts";

const CLI = join(import.meta.dirname, "cli.ts");

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The command in a process of its own; resolves when it listens. */
async function startCommand(dataDir: string) {
  const child = spawn(process.execPath, [CLI, "--port", "0", "--data", dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const kill = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited;
  };
  cleanups.push(() => (child.exitCode === null && child.signalCode === null ? kill("SIGKILL") : exited));
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /127\.0\.0\.1:(\d+), key/.exec(line)?.[1];
    if (port === undefined) continue;
    const stripe = new Stripe("sk_test_emulator", {
      host: "127.0.0.1",
      port: Number(port),
      protocol: "http",
    });
    return { stripe, kill };
  }
  throw new Error("the command ended before it listened");
}

test("a killed process loses nothing that was answered", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stripe-emulator-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  const first = await startCommand(folder);
  const ids: string[] = [];
  for (let index = 0; index < 20; index += 1)
    ids.unshift((await first.stripe.customers.create({ name: `C${index}` })).id);
  await first.kill("SIGKILL");
  const second = await startCommand(folder);
  expect((await second.stripe.customers.list({ limit: 100 })).data.map(({ id }) => id)).toEqual(ids);
  expect(await second.kill("SIGTERM")).toEqual([0, null]);
});

test("a busy port ends the command with a sentence and a code", async () => {
  const { emulator } = await startFixture();
  const child = spawn(process.execPath, [CLI, "--port", String(emulator.port)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const chunks: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, "close")) as [number];
  expect(code).toBe(1);
  expect(Buffer.concat(chunks).toString()).toContain(`Port ${emulator.port} on 127.0.0.1 is in use`);
});
