import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startStripeEmulator } from "../index.ts";
import { refusal, sdkFor } from "../testing/fixture.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "stripe-emulator-"));
  cleanups.push(() => rm(folder, { recursive: true }));
  return folder;
}

async function start(dataDir: string) {
  const emulator = await startStripeEmulator({ dataDir });
  cleanups.push(() => emulator.close());
  return { emulator, stripe: sdkFor(emulator) };
}

test("everything answered is there after a start on the same folder, idempotency keys included", async () => {
  const folder = await newFolder();
  const first = await start(folder);
  const options = { idempotencyKey: "create-ada" };
  const ada = await first.stripe.customers.create({ name: "Ada" }, options);
  const gone = await first.stripe.customers.create({ name: "Gone" });
  await first.stripe.customers.del(gone.id);
  await first.emulator.close();
  const second = await start(folder);
  expect((await second.stripe.customers.list()).data.map(({ id }) => id)).toEqual([ada.id]);
  expect((await second.stripe.customers.create({ name: "Ada" }, options)).id).toBe(ada.id);
});

test("the file on disk alone, as a killed process leaves it, holds every answer; a torn last line is dropped", async () => {
  const folder = await newFolder();
  const { stripe } = await start(folder);
  const ada = await stripe.customers.create({ name: "Ada" });
  const copy = await newFolder();
  const journal = join(copy, "journal.jsonl");
  await writeFile(journal, await readFile(join(folder, "journal.jsonl")));
  await appendFile(journal, '[["customers","cus_torn",{"id":"cus_to');
  const second = await start(copy);
  expect((await second.stripe.customers.list()).data.map(({ id }) => id)).toEqual([ada.id]);
  expect((await second.stripe.customers.create({ name: "Bob" })).name).toBe("Bob");
});

test("a journal damaged in the middle is refused with its line", async () => {
  const folder = await newFolder();
  await writeFile(join(folder, "journal.jsonl"), 'not json\n[["customers","cus_1",{"id":"cus_1"}]]\n');
  await expect(startStripeEmulator({ dataDir: folder })).rejects.toThrow("damaged at line 1");
});

test("a refused request leaves nothing behind", async () => {
  const { stripe } = await start(await newFolder());
  const inline = { currency: "eur", unit_amount: 100, product_data: { name: "Orphan" } };
  const lines = [{ price_data: inline }, { price: "price_none" }];
  const params = { mode: "payment" as const, line_items: lines, success_url: "http://localhost/" };
  expect((await refusal(stripe.checkout.sessions.create(params))).code).toBe("resource_missing");
  expect((await stripe.products.list()).data).toEqual([]);
  expect((await stripe.events.list()).data).toEqual([]);
});

test("a second emulator on the same folder is refused, and after the first has closed it is not", async () => {
  const folder = await newFolder();
  const { emulator, stripe } = await start(folder);
  const ada = await stripe.customers.create({ name: "Ada" });
  await expect(startStripeEmulator({ dataDir: folder })).rejects.toThrow(
    `The folder ${folder} is in use by another stripe-emulator`,
  );
  expect((await stripe.customers.create({ name: "Bob" })).name).toBe("Bob");
  await emulator.close();
  const next = await start(folder);
  expect((await next.stripe.customers.list()).data.map(({ name }) => name)).toEqual(["Bob", ada.name]);
});

test("many run in one process, in memory, each on a port of its own with objects of its own", async () => {
  const emulators = await Promise.all(Array.from({ length: 20 }, () => startStripeEmulator()));
  cleanups.push(...emulators.map((emulator) => () => emulator.close()));
  await Promise.all(emulators.map((one, index) => sdkFor(one).customers.create({ name: `Ada ${index}` })));
  const lists = await Promise.all(emulators.map((one) => sdkFor(one).customers.list()));
  expect(lists.map(({ data }) => data.map(({ name }) => name))).toEqual(
    emulators.map((_, index) => [`Ada ${index}`]),
  );
  expect(new Set(emulators.map(({ port }) => port)).size).toBe(20);
});

test("a busy port is told in a sentence, and the folder is free again", async () => {
  const { emulator } = await start(await newFolder());
  const folder = await newFolder();
  await expect(startStripeEmulator({ port: emulator.port, dataDir: folder })).rejects.toThrow(
    `Port ${emulator.port} on 127.0.0.1 is in use`,
  );
  await start(folder);
});
