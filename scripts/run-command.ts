/*
 * Runs commands with their output kept together, a few at a time, so that steps which run side by side can be
 * read one after the other.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");

/** No step of ours comes near it; it is there so that a hanging one fails in place of hanging everything. */
const TIME_LIMIT_MS = 60 * 60_000;

export interface Command {
  name: string;
  /** The JavaScript or TypeScript file to run, as a path from the root. */
  script: string;
  args: string[];
  env?: Record<string, string>;
  /** Gets the output as it comes, in place of its being kept. */
  hear?: (chunk: string) => void;
}

export interface CommandResult {
  name: string;
  /** Null when a signal ended it or it could not be started. */
  exitCode: number | null;
  /** Empty for a command that was heard. */
  output: string;
  seconds: number;
}

/** The Node that runs this process runs the command too, so that a bare `node` on PATH never matters. */
export async function runCommand(command: Command): Promise<CommandResult> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(root, command.script), ...command.args], {
    cwd: root,
    env: { ...process.env, ...command.env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: TIME_LIMIT_MS,
  });
  const chunks: string[] = [];
  const hear = command.hear ?? ((chunk: string) => void chunks.push(chunk));
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", hear);
  const exitCode = await new Promise<number | null>((resolve) => {
    child.on("error", (error) => {
      hear(`${error.message}\n`);
      resolve(null);
    });
    child.on("close", (code) => resolve(code));
  });
  const seconds = (performance.now() - startedAt) / 1000;
  return { name: command.name, exitCode, output: chunks.join(""), seconds };
}

/**
 * Does `work` for each item, at most `limit` at once, in the order given.
 *
 * @returns the results in the order of the items
 */
export async function forEachOf<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const rest = [...items.entries()];
  async function takeNext(): Promise<void> {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      results[next[0]] = await work(next[1]);
    }
  }
  await Promise.all(Array.from({ length: limit }, takeNext));
  return results;
}
