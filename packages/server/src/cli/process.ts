/** A command of the command line, as `bursar.ts` lists it. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /** @throws what keeps it from being done; the message is for the person who called it */
  run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void>;
}

/** It was called wrongly; the message says how to call it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What a shell reports of a process that a signal ended: 128 and the signal's number. */
const ENDED_BY = { SIGINT: 130, SIGTERM: 143 } as const;
const SIGNALS = Object.keys(ENDED_BY) as (keyof typeof ENDED_BY)[];

/** Resolves at Ctrl-C or a request to end. A second one, of either kind, ends at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (isStopping) process.exit(ENDED_BY[signal]);
        isStopping = true;
        resolve();
      });
    }
  });
}

/** Says in one sentence why the command cannot go on, and ends with a failure. */
export function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error));
  if (process.env["BURSAR_LOG"] === "debug" && error instanceof Error) console.error(error.stack);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
