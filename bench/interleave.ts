import type { Measures } from "./room.ts";
import { median, type Figures } from "./load.ts";

/** Does its work for some seconds and says how it went. */
export type Measure = (seconds: number) => Promise<Figures>;

/** Medians over the rounds. */
export interface Measured extends Figures {
  /** Of all rounds, the first one too. */
  readonly rounds: readonly Figures[];
}

/**
 * Measures several things in turn, round after round, so that whatever slows the machine for some seconds slows all of
 * them; one short round before warms code and caches and does not count.
 */
export async function interleave<Kind extends string>(
  { seconds, rounds }: Measures,
  variants: Readonly<Record<Kind, Measure>>,
): Promise<Record<Kind, Measured>> {
  const kinds = Object.keys(variants) as Kind[];
  const all = new Map<Kind, Figures[]>(kinds.map((kind) => [kind, []]));
  const warmUp = new Map<Kind, Figures>();
  for (const kind of kinds) warmUp.set(kind, await variants[kind](Math.min(1.5, seconds)));
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of kinds) all.get(kind)!.push(await variants[kind](seconds));
  }
  const measured = kinds.map((kind) => [kind, summary(all.get(kind)!, warmUp.get(kind)!)] as const);
  return Object.fromEntries(measured) as Record<Kind, Measured>;
}

function summary(counted: readonly Figures[], warmUp: Figures): Measured {
  const rounds = [warmUp, ...counted];
  const statuses: Record<number, number> = {};
  for (const round of rounds) {
    for (const [status, count] of Object.entries(round.statuses)) {
      statuses[Number(status)] = (statuses[Number(status)] ?? 0) + count;
    }
  }
  return {
    answersPerSecond: median(counted.map((each) => each.answersPerSecond)),
    p50Ms: median(counted.map((each) => each.p50Ms)),
    p95Ms: median(counted.map((each) => each.p95Ms)),
    p99Ms: median(counted.map((each) => each.p99Ms)),
    cpuMicros: {
      server: median(counted.map(({ cpuMicros }) => cpuMicros.server)),
      database: median(counted.map(({ cpuMicros }) => cpuMicros.database)),
      client: median(counted.map(({ cpuMicros }) => cpuMicros.client)),
    },
    answers: rounds.reduce((sum, each) => sum + each.answers, 0),
    statuses,
    rounds,
  };
}
