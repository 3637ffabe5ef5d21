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

/** @throws UsageError with the reason first, and then how it is called */
export function misused({ help }: Pick<Command, "help">, reason: string): never {
  throw new UsageError(`${reason}\n\n${help.trim()}`);
}

/** Reads arguments with Node's own parser, whose words for what it does not know are good. */
export function readWith<Parsed>(command: Pick<Command, "help">, read: () => Parsed): Parsed {
  try {
    return read();
  } catch (error) {
    return misused(command, error instanceof Error ? error.message : String(error));
  }
}

/** The first option that was given and that this deed has no use for: it would be overlooked in silence else. */
export function useless(
  values: Readonly<Record<string, unknown>>,
  used: readonly string[],
): string | undefined {
  return Object.keys(values).find((name) => values[name] !== undefined && !used.includes(name));
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
