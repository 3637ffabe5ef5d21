/** The command in a process of its own, as somebody runs it, and as an operating system kills it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Stripe from "stripe";

const CLI = join(import.meta.dirname, "../cli.ts");

export interface RunningCommand {
  stripe: Stripe;
  /** Resolves with the exit code and the signal. */
  kill(signal: NodeJS.Signals): Promise<unknown[]>;
  isRunning(): boolean;
}

/** Resolves when it listens. */
export async function startCommand(dataDir: string): Promise<RunningCommand> {
  const child = spawn(process.execPath, [CLI, "--port", "0", "--data", dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const kill = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /127\.0\.0\.1:(\d+), key/.exec(line)?.[1];
    if (port === undefined) continue;
    const options = {
      host: "127.0.0.1",
      port: Number(port),
      protocol: "http",
      maxNetworkRetries: 0,
    } as const;
    const isRunning = () => child.exitCode === null && child.signalCode === null;
    return { stripe: new Stripe("sk_test_emulator", options), kill, isRunning };
  }
  throw new Error("the command ended before it listened");
}

/** What the command says when it gives up, and its exit code. */
export async function refusedCommand(args: string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  const chunks: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stderr: Buffer.concat(chunks).toString() };
}
