import { Connection, type Answer } from "./client.ts";
import type { Server } from "./start-server.ts";

/** What one connection does: the next request, from the answer to the one before (`null` before the first). */
export type Script = (before: Answer | null) => string;

export interface Load {
  readonly server: Server;
  readonly connections: number;
  readonly seconds: number;
  /** Called once for each connection. */
  readonly script: () => Script;
}

export interface Figures {
  readonly answersPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly answers: number;
  /** What an answer cost the server's process. Unlike the rest it hardly depends on what else the machine does. */
  readonly cpuMicrosPerAnswer: number;
  /** How many answers had each status. */
  readonly statuses: Readonly<Record<number, number>>;
}

/**
 * Sends for some seconds, each connection its next request as soon as it has its answer, and then waits for the last
 * answers: what was sent was answered, so the book can be compared with the answers one by one.
 */
export async function runLoad({ server, connections, seconds, script }: Load): Promise<Figures> {
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(server.port)));
  const latencies: number[] = [];
  const statuses: Record<number, number> = {};
  const before = await server.usage();
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;

  async function drive(connection: Connection): Promise<void> {
    const next = script();
    let answer: Answer | null = null;
    for (let now = startedAt; now < endsAt;) {
      const sentAt = performance.now();
      answer = await connection.send(next(answer));
      now = performance.now();
      latencies.push(now - sentAt);
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    }
  }

  await Promise.all(open.map(drive));
  const tookSeconds = (performance.now() - startedAt) / 1_000;
  const { cpuMicros } = await server.usage();
  for (const connection of open) connection.close();
  const cpuMicrosPerAnswer = (cpuMicros - before.cpuMicros) / latencies.length;
  return { ...figuresOf(latencies, tookSeconds), cpuMicrosPerAnswer, statuses };
}

/** Repeats work that knows no server: a statement, a file. Each of `workers` does one after the other. */
export async function repeat(
  { seconds, workers }: { readonly seconds: number; readonly workers: number },
  work: () => Promise<unknown>,
): Promise<Figures> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  async function drive(): Promise<void> {
    for (let now = startedAt; now < endsAt;) {
      const begunAt = performance.now();
      await work();
      now = performance.now();
      latencies.push(now - begunAt);
    }
  }
  await Promise.all(Array.from({ length: workers }, drive));
  const tookSeconds = (performance.now() - startedAt) / 1_000;
  return { ...figuresOf(latencies, tookSeconds), cpuMicrosPerAnswer: Number.NaN, statuses: {} };
}

function figuresOf(latencies: readonly number[], tookSeconds: number) {
  const sorted = Float64Array.from(latencies).sort();
  return {
    answersPerSecond: sorted.length / tookSeconds,
    p50Ms: quantile(sorted, 0.5),
    p95Ms: quantile(sorted, 0.95),
    p99Ms: quantile(sorted, 0.99),
    answers: sorted.length,
  };
}

function quantile(sorted: Float64Array | readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((left, right) => left - right),
    0.5,
  );
}
