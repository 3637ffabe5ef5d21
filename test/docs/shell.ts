/* The commands of a guide, typed into one shell in their order, as somebody new would who follows the guide. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Block } from "./blocks.ts";
import type { Way } from "./ways.ts";

export interface World {
  readonly folder: string;
  readonly env: Record<string, string>;
  /** What stands in the guides, and what it is here: addresses and ports. */
  readonly here: Readonly<Record<string, string>>;
}

interface Typed {
  /** Of each block's output, by its place in the guide. */
  readonly outputs: ReadonlyMap<number, string>;
  readonly exitCode: number | null;
  /** All of it, for the message of a test that fails. */
  readonly all: string;
}

const MARK = "@@ block ";
/** Each answer on a line of its own, without the meter. */
const PREPARED = 'curl() { command curl -sS "$@"; echo; }';

/**
 * @param typed the guide's blocks and ways, in order; those that are not for a shell are passed over
 * @returns when the last is done; what it started is ended
 */
export async function typeGuide(typed: readonly (readonly [Block, Way])[], world: World): Promise<Typed> {
  const script = ["set -e", PREPARED, ...typed.flatMap(([block, way], at) => linesOf(block, way, at))];
  const source = replaceAll(script.join("\n"), world.here);
  // A group of its own, so that a server which the guide starts ends with its shell.
  const shell = spawn("bash", ["-c", source], {
    cwd: world.folder,
    env: world.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [all, printed] = ["", ""];
  shell.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString("utf8");
    all += chunk.toString("utf8");
  });
  shell.stderr.on("data", (chunk: Buffer) => (all += chunk.toString("utf8")));
  const [exitCode] = (await once(shell, "exit")) as [number | null];
  endGroup(shell.pid!);
  const parts = printed.split(MARK).slice(1);
  const outputs = new Map(
    parts.map((part) => [Number.parseInt(part, 10), part.slice(part.indexOf("\n") + 1)]),
  );
  return { outputs, exitCode, all };
}

export function replaceAll(text: string, words: Readonly<Record<string, string>>): string {
  return Object.entries(words).reduce((done, [there, here]) => done.replaceAll(there, here), text);
}

function linesOf({ text }: Block, way: Way, at: number): string[] {
  // It runs already, started by the test in the same way.
  const lines = text.replaceAll(/^npm start.*\n/gm, "").trimEnd();
  const begin = `printf '\\n${MARK}${at}\\n'`;
  if (way === "shell") return [begin, lines];
  if (typeof way !== "object") return [];
  if ("exits" in way) {
    return [begin, "set +e", lines, `[ $? = ${way.exits} ] || exit 99`, "set -e"];
  }
  if ("serves" in way) {
    const answers = `command curl -fsS -o /dev/null ${way.serves} 2> /dev/null`;
    // A server that ends before it answers ends the guide.
    return [begin, `{ ${lines}\n} &`, `until ${answers}; do kill -0 $!; sleep 0.1; done`];
  }
  return [];
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}
