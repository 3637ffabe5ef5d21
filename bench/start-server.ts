import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** Whose book answers: ours, a transaction a request, one bare statement a request, or nobody's. */
export type BookKind = "ours" | "naive" | "commit" | "none";

/** What the server's process took from the machine since it started. */
export interface Usage {
  readonly cpuMicros: number;
  readonly residentBytes: number;
}

export interface Server {
  readonly port: number;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

/**
 * @param url of a PostgreSQL database, or `embedded:` and a folder
 * @param nodeOptions of its process
 */
export async function startServer(
  url: string,
  kind: BookKind,
  nodeOptions: readonly string[] = [],
): Promise<Server> {
  // BENCH_NODE_OPTIONS is for looking inside: `--cpu-prof --cpu-prof-dir=...`.
  const looking = (process.env["BENCH_NODE_OPTIONS"] ?? "").split(" ").filter((option) => option !== "");
  const execArgv = [...nodeOptions, ...looking];
  const child = fork(join(import.meta.dirname, "server.ts"), [url, kind], { execArgv });
  const ended = once(child, "exit");
  const gone = ended.then(() => {
    throw new Error("The server under test ended.");
  });
  gone.catch(() => {});
  const ask = async <Message>() => (await Promise.race([once(child, "message"), gone]))[0] as Message;
  const { port } = await ask<{ port: number }>();
  return {
    port,
    usage() {
      const answer = ask<Usage>();
      child.send("usage");
      return answer;
    },
    async stop() {
      child.disconnect();
      await ended;
    },
  };
}
