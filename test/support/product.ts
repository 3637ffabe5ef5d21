/*
 * The whole product in a process of its own, started as `npm start` does it. What a test learns about it comes the
 * way it comes to any script: from demo.json in the data folder, and from /readyz.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "./free-port.ts";
import { lastWill, type LastWill } from "./last-will.ts";
import { putMigratedEmbedded } from "./migrated.ts";

const root = join(import.meta.dirname, "../..");
/** A first start makes the demo account, and by npm the embedded database too; a busy machine is slower. */
const STARTS_WITHIN_MS = 90_000;
const STOPS_WITHIN_MS = 20_000;

/** What the demo mode writes to demo.json. */
interface Demo {
  url: string;
  signInUrl: string;
  account: string;
  email: string;
  password: string;
  platformKey: string;
  stripeUrl: string;
  stripeKey: string;
}

export interface ProductOptions {
  /** Use this PostgreSQL database in place of the embedded one. */
  databaseUrl?: string;
  /** Further settings, which win over ours. */
  env?: Record<string, string>;
  /** By the very words `npm start`, with npm's own steps before it, on an empty folder as on somebody's first day. */
  byNpm?: boolean;
}

export interface Product extends Demo {
  dataFolder: string;
  /** All that it has printed since its first start. */
  output(): string;
  /** Ctrl-C, then removes its data. Resolves with the exit code; a process that does not end is killed: null. */
  stop(): Promise<number | null>;
  /** SIGKILL. The data stays for a restart. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port, after Ctrl-C if it still runs. */
  restart(): Promise<void>;
}

/** Settings of the person who runs the tests must not reach the product under test. */
function settings(dataFolder: string, port: number, options: ProductOptions): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !/^(STRIPE_|BURSAR_|DATABASE_URL$|TEST_DATABASE_URL$|PORT$|VITEST|NODE_ENV$|NODE_OPTIONS$)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    PORT: String(port),
    BURSAR_DATA: dataFolder,
    ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
    ...options.env,
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function isReady(demo: Demo): Promise<boolean> {
  try {
    return (await fetch(new URL("/readyz", demo.url))).ok;
  } catch {
    return false;
  }
}

function changedAt(file: string): number {
  return existsSync(file) ? statSync(file).mtimeMs : 0;
}

/** A demo.json that does not parse is just being written. */
function readDemo(file: string): Demo | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Demo;
  } catch {
    return undefined;
  }
}

async function untilReady(
  child: ChildProcess,
  find: () => Demo | undefined,
  output: () => string,
): Promise<Demo> {
  const deadline = performance.now() + STARTS_WITHIN_MS;
  while (performance.now() < deadline) {
    if (hasEnded(child)) throw new Error(`The product ended with code ${child.exitCode}:\n${output()}`);
    const demo = find();
    if (demo !== undefined && (await isReady(demo))) return demo;
    await pause(50);
  }
  send(child, "SIGKILL");
  throw new Error(`The product was not ready after ${STARTS_WITHIN_MS / 1000} s:\n${output()}`);
}

/** As a terminal sends it: to all of its group, which npm is in too. */
function send(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // Nothing of the group is left.
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (hasEnded(child)) return child.exitCode;
  // Closed when nobody of its group holds its output any more: then npm's child has ended too.
  const ended = new Promise((resolve) => child.once("close", resolve));
  send(child, signal);
  const impatience = setTimeout(() => send(child, "SIGKILL"), STOPS_WITHIN_MS);
  await ended;
  clearTimeout(impatience);
  return child.exitCode;
}

/** The pid is trusted only if that process has our folder in its environment: pids are used again. */
const END_AND_REMOVE = `
  if grep -q "$1" "/proc/$2/environ"; then kill -KILL "-$2"; while kill -0 "-$2"; do sleep 0.1; done; fi
  rm -rf "$1"`;

/** @throws when it does not come up, with all that it printed */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const dataFolder = mkdtempSync(join(tmpdir(), "bursar-product-"));
  const port = await freePort();
  let printed = "";
  const output = () => printed;
  let child: ChildProcess;
  let will: LastWill | undefined;
  if (options.byNpm !== true && options.databaseUrl === undefined)
    await putMigratedEmbedded(join(dataFolder, "database"));

  async function run(): Promise<Demo> {
    const demoFile = join(dataFolder, "demo.json");
    // Each start writes the file anew; that of the last start may name a port which is no more.
    const before = changedAt(demoFile);
    const env = settings(dataFolder, port, options);
    const [program, args] = options.byNpm ? ["npm", ["start"]] : [process.execPath, ["scripts/start.ts"]];
    child = spawn(program, args, {
      cwd: root,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    will?.revoke();
    will = lastWill(END_AND_REMOVE, dataFolder, String(child.pid));
    const keep = (chunk: Buffer) => (printed += chunk.toString("utf8"));
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    return untilReady(child, () => (changedAt(demoFile) === before ? undefined : readDemo(demoFile)), output);
  }
  function remove(): void {
    rmSync(dataFolder, { recursive: true, force: true });
    will?.revoke();
  }

  let demo: Demo;
  try {
    demo = await run();
  } catch (error) {
    remove();
    throw error;
  }
  const product: Product = {
    ...demo,
    dataFolder,
    output,
    async stop() {
      const exitCode = await end(child, "SIGINT");
      remove();
      return exitCode;
    },
    async kill() {
      await end(child, "SIGKILL");
    },
    async restart() {
      await end(child, "SIGINT");
      Object.assign(product, await run());
    },
  };
  return product;
}
