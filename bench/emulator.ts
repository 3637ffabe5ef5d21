/*
 * `npm run bench:emulator`: how quick the offline Stripe is, with the machine and the versions beside the figures. The
 * targets are those of issue 3. Nothing here fails for being slow: figures of a busy machine prove nothing, so they are
 * printed and read, not asserted.
 *
 * "Emulator time" is what Node's server saw of a request, from its first byte to the end of its answer. The client runs
 * in this process too, so that it is an upper bound.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { PerformanceObserver } from "node:perf_hooks";
import { createInterface } from "node:readline";
import Stripe from "stripe";
import { startStripeEmulator, type StripeEmulator } from "../packages/stripe-emulator/src/index.ts";

const COMMAND = join(import.meta.dirname, "../packages/stripe-emulator/src/cli.ts");
const CUSTOMERS = 10_000;
const SUBSCRIPTIONS = 300;
const WARM_UP = 50;
const YEAR_START = Date.UTC(2027, 0, 31, 12) / 1000;

const serverTimes: number[] = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.name === "HttpRequest") serverTimes.push(entry.duration);
}).observe({ entryTypes: ["http"] });

/** The emulator time of each request that `work` makes, in milliseconds. */
async function timesOf(work: () => Promise<unknown>): Promise<number[]> {
  await settle();
  serverTimes.length = 0;
  await work();
  await settle();
  return serverTimes.splice(0);
}

/** Entries reach the observer in a later turn of the loop. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function report(what: string, figure: string, target = ""): void {
  console.log(`${what.padEnd(66)} ${figure.padStart(22)}  ${target}`);
}

const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const spread = (values: number[]) => `${ms(quantile(values, 0.5))} (p95 ${ms(quantile(values, 0.95))})`;

function sdkFor({ secretKey, host, port }: StripeEmulator): Stripe {
  return new Stripe(secretKey, { host, port, protocol: "http", maxNetworkRetries: 0, telemetry: false });
}

async function monthlyPrice(stripe: Stripe): Promise<string> {
  const product = await stripe.products.create({ name: "Team" });
  const recurring = { interval: "month" } as const;
  const params = { product: product.id, currency: "eur", unit_amount: 1900, recurring };
  return (await stripe.prices.create(params)).id;
}

function payer(stripe: Stripe, extra: Stripe.CustomerCreateParams = {}): Promise<Stripe.Customer> {
  const method = "pm_card_visa";
  return stripe.customers.create({
    ...{ payment_method: method, invoice_settings: { default_payment_method: method } },
    ...extra,
  });
}

/** `[emulator time of each create]`, each of a new customer with a card that pays at once. */
async function subscriptionTimes(stripe: Stripe, price: string, count: number): Promise<number[]> {
  const customers: string[] = [];
  for (let index = 0; index < count; index += 1) customers.push((await payer(stripe)).id);
  return timesOf(async () => {
    for (const customer of customers) {
      const subscription = await stripe.subscriptions.create({ customer, items: [{ price, quantity: 3 }] });
      if (subscription.status !== "active") throw new Error(`the subscription is ${subscription.status}`);
    }
  });
}

/** Milliseconds to carry one monthly subscription over a year, at most two months a step as Stripe asks. */
async function yearOfRenewals(stripe: Stripe, price: string): Promise<number> {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: YEAR_START });
  const customer = await payer(stripe, { test_clock: clock.id });
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price }] });
  const start = performance.now();
  for (const month of [2, 4, 6, 8, 10, 12, 13]) {
    // The first of the month after: every period's end lies on or before it, and its invoice's hour of grace too.
    const frozen_time = Date.UTC(2027, month, 1, 14) / 1000;
    await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time });
    while ((await stripe.testHelpers.testClocks.retrieve(clock.id)).status !== "ready");
  }
  const elapsed = performance.now() - start;
  const invoices = await stripe.invoices.list({ subscription: subscription.id, status: "paid", limit: 100 });
  if (invoices.data.length !== 13) throw new Error(`${invoices.data.length} paid invoices, not 13`);
  return elapsed;
}

async function benchSmall(): Promise<void> {
  const emulator = await startStripeEmulator();
  const stripe = sdkFor(emulator);
  const price = await monthlyPrice(stripe);
  await subscriptionTimes(stripe, price, WARM_UP);
  const times = await subscriptionTimes(stripe, price, SUBSCRIPTIONS);
  report("subscription create with payment, in memory, median", spread(times), "<= 5 ms");
  const years: number[] = [];
  for (let run = 0; run < 5; run += 1) years.push(await yearOfRenewals(stripe, price));
  report("a clock over a year of monthly renewals, median of 5", ms(quantile(years, 0.5)), "<= 1 s");
  await emulator.close();
}

async function benchMany(dataDir: string): Promise<void> {
  const emulator = await startStripeEmulator({ dataDir });
  const stripe = sdkFor(emulator);
  const price = await monthlyPrice(stripe);
  await subscriptionTimes(stripe, price, WARM_UP);
  const creates = await timesOf(async () => {
    for (let index = 0; index < CUSTOMERS; index += 1) await stripe.customers.create({ name: `C ${index}` });
  });
  const [first, last] = [creates.slice(0, 1_000), creates.slice(-1_000)];
  report("customer create on disk, the first 1,000", spread(first));
  report(`customer create on disk, the last 1,000 of ${CUSTOMERS}`, spread(last), "as the first");
  const lists = await timesOf(async () => {
    for (let index = 0; index < 100; index += 1) await stripe.customers.list({ limit: 10 });
  });
  report("list of ten customers among them", spread(lists));
  const times = await subscriptionTimes(stripe, price, 100);
  report("subscription create with payment among them, on disk", spread(times), "<= 5 ms");
  report("a clock over a year of renewals among them", ms(await yearOfRenewals(stripe, price)), "<= 1 s");
  await emulator.close();
}

/** Milliseconds from the start of the command to the line that says it listens. */
async function startTime(dataDir?: string): Promise<number> {
  const start = performance.now();
  const args = [COMMAND, "--port", "0", ...(dataDir === undefined ? [] : ["--data", dataDir])];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  await once(createInterface({ input: child.stdout }), "line");
  const elapsed = performance.now() - start;
  child.kill("SIGKILL");
  await once(child, "exit");
  return elapsed;
}

async function benchStart(dataDir: string): Promise<void> {
  const runs = async (folder?: string) => {
    const times: number[] = [];
    for (let run = 0; run < 5; run += 1) times.push(await startTime(folder));
    return quantile(times, 0.5);
  };
  report("start of the command, in memory, median of 5", ms(await runs()), "<= 1 s");
  const { size } = await stat(join(dataDir, "journal.jsonl"));
  const what = `start on the state of those ${CUSTOMERS} customers (${(size / 1e6).toFixed(0)} MB)`;
  report(`${what}, median of 5`, ms(await runs(dataDir)));
}

const [cpu] = cpus();
const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GB`;
console.log(`${cpus().length} x ${cpu?.model ?? "unknown processor"}, ${memory}, ${process.platform}`);
console.log(`Node ${process.version}, stripe ${Stripe.PACKAGE_VERSION}, API ${Stripe.API_VERSION}\n`);
const folder = await mkdtemp(join(tmpdir(), "stripe-emulator-bench-"));
try {
  await benchSmall();
  await benchMany(folder);
  await benchStart(folder);
} finally {
  await rm(folder, { recursive: true });
}
