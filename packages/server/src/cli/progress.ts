/** Where an import stands. */
export interface Standing {
  /** Of the file, 0 to 1. */
  readonly share: number;
  /** Events since this start. */
  readonly events: number;
}

export type Progress = (standing: Standing) => void;

const BAR_CHARACTERS = 30;
const BAR_EVERY_MS = 100;
const LINE_EVERY_MS = 5_000;

/** A bar that moves on a terminal; elsewhere, in a log, a plain line every few seconds. */
export function progressOn(
  output: { readonly isTTY?: boolean; write(text: string): unknown },
  elapsedMs: () => number,
): Progress {
  const isTerminal = output.isTTY === true;
  const startedAt = elapsedMs();
  let saidAt = startedAt;
  return ({ share, events }) => {
    const now = elapsedMs();
    const isDone = share >= 1;
    if (!isDone && now - saidAt < (isTerminal ? BAR_EVERY_MS : LINE_EVERY_MS)) return;
    saidAt = now;
    const perSecond = Math.round((events * 1_000) / Math.max(1, now - startedAt));
    const percent = `${Math.floor(share * 100)} %`.padStart(5);
    const figures = `${percent}  ${events} events, ${perSecond} a second`;
    if (!isTerminal) return void output.write(`${figures}\n`);
    const full = Math.floor(share * BAR_CHARACTERS);
    const bar = "#".repeat(full) + "-".repeat(BAR_CHARACTERS - full);
    output.write(`\r[${bar}]${figures}\u001b[K${isDone ? "\n" : ""}`);
  };
}
