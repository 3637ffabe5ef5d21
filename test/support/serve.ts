/* `bursar serve` in a process of its own, as it runs in production. */
import { spawn } from "node:child_process";
import { join } from "node:path";

const COMMAND = join(import.meta.dirname, "../../packages/server/src/cli/bursar.ts");
const STARTS_WITHIN_MS = 60_000;

export interface Serving {
  output(): string;
  /** Sends the signal and waits for the end. @returns the exit code */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** @returns when it says that it serves; @throws with all that it printed when it ends before */
export async function startServing(env: Record<string, string>): Promise<Serving> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [COMMAND, "serve"], {
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const serves = new Promise<true>((resolve) => {
    const keep = (chunk: Buffer) => {
      output += chunk.toString("utf8");
      if (output.includes("Bursar is serving on")) resolve(true);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
  });
  const impatience = setTimeout(() => child.kill("SIGKILL"), STARTS_WITHIN_MS);
  const isServing = await Promise.race([serves, ended.then(() => false)]);
  clearTimeout(impatience);
  if (!isServing) throw new Error(output);
  return {
    output: () => output,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
