/* `bursar` as an operator runs it: a process of its own. */
import { spawn } from "node:child_process";
import { join } from "node:path";

const COMMAND = join(import.meta.dirname, "../../packages/server/src/cli/bursar.ts");

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

export function bursar(args: readonly string[], env: Record<string, string>): Promise<Ended> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...process.env, DATABASE_URL: "", ...env },
  });
  let output = "";
  const keep = (chunk: Buffer) => (output += chunk.toString("utf8"));
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, output })));
}
