import { createServer } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Stripe from "stripe";
import { afterEach, expect, test, vi } from "vitest";
import { refusedCommand, startCommand, type RunningCommand } from "./testing/command.ts";
import { startFixture } from "./testing/fixture.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "stripe-emulator-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  return folder;
}

async function start(folder: string): Promise<RunningCommand> {
  const command = await startCommand(folder);
  cleanups.push(async () => {
    if (command.isRunning()) await command.kill("SIGKILL");
  });
  return command;
}

/** Answers nothing until it is opened, then 200 to everything; notes the customers that events told of. */
async function startGate() {
  const told = new Set<string>();
  let isOpen = false;
  const server = createServer((request, response) => {
    if (!isOpen) return;
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const event = JSON.parse(Buffer.concat(chunks).toString()) as { data: { object: { id: string } } };
      told.add(event.data.object.id);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, told, open: () => (isOpen = true) };
}

test("killed in the middle of a load, it has everything that it answered, its keys and its webhooks included", async () => {
  const folder = await newFolder();
  const first = await start(folder);
  const gate = await startGate();
  await first.stripe.webhookEndpoints.create({ url: gate.url, enabled_events: ["customer.created"] });
  const answered = new Map<string, string>();
  const keys = Array.from({ length: 400 }, (_, index) => `key-${index}`);
  const queue = [...keys];
  const create = (stripe: Stripe, key: string) =>
    stripe.customers.create({ name: key }, { idempotencyKey: key });
  const work = async () => {
    for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
      answered.set(key, (await create(first.stripe, key)).id);
      if (answered.size === 120) void first.kill("SIGKILL");
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: 8 }, work));
  expect(ends.map(({ status }) => status)).toContain("rejected");
  expect(answered.size).toBeLessThan(keys.length);

  gate.open();
  const second = await start(folder);
  for (const key of keys) {
    const again = await create(second.stripe, key);
    expect([key, again.id]).toEqual([key, answered.get(key) ?? again.id]);
  }
  const customers = await second.stripe.customers.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 });
  expect(customers.map(({ name }) => name).toSorted()).toEqual(keys.toSorted());
  await vi.waitUntil(() => gate.told.size === keys.length, { timeout: 20_000 });
  expect(await second.kill("SIGTERM")).toEqual([0, null]);
});

test("a second process on the same folder ends with a sentence, and the first goes on", async () => {
  const folder = await newFolder();
  const first = await start(folder);
  const { code, stderr } = await refusedCommand(["--port", "0", "--data", folder]);
  expect(code).toBe(1);
  expect(stderr).toContain(`The folder ${folder} is in use by another stripe-emulator`);
  expect((await first.stripe.customers.create({ name: "Ada" })).name).toBe("Ada");
});

test("a busy port ends the command with a sentence and a code", async () => {
  const { emulator } = await startFixture();
  const { code, stderr } = await refusedCommand(["--port", String(emulator.port)]);
  expect(code).toBe(1);
  expect(stderr).toContain(`Port ${emulator.port} on 127.0.0.1 is in use`);
});
