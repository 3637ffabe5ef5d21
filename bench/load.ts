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
  /** What the processes of the database server have used so far; absent where it is part of the server. */
  readonly databaseCpuMicros?: () => number;
}

/** Microseconds of processor that an answer cost. Unlike the rest it hardly depends on what else the machine does. */
export interface CpuShares {
  readonly server: number;
  readonly database: number;
  readonly client: number;
}

export interface Figures {
  readonly answersPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly answers: number;
  readonly cpuMicros: CpuShares;
  /** How many answers had each status. */
  readonly statuses: Readonly<Record<number, number>>;
}

/**
 * Sends for some seconds, each connection its next request as soon as it has its answer, and then waits for the last
 * answers: what was sent was answered, so the book can be compared with the answers one by one.
 */
export async function runLoad(load: Load): Promise<Figures> {
  const { server, connections, seconds, script } = load;
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(server.port)));
  const latencies: number[] = [];
  const statuses: Record<number, number> = {};
  const before = await cpuOf(load);
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
  const after = await cpuOf(load);
  for (const connection of open) connection.close();
  const each = (part: keyof CpuShares) => (after[part] - before[part]) / latencies.length;
  const cpuMicros = { server: each("server"), database: each("database"), client: each("client") };
  return { ...figuresOf(latencies, tookSeconds), cpuMicros, statuses };
}

/** Read one after the other: what is asked of the server is answered by it between its requests. */
async function cpuOf({ server, databaseCpuMicros }: Load): Promise<CpuShares> {
  const { cpuMicros } = await server.usage();
  const { user, system } = process.cpuUsage();
  return { server: cpuMicros, database: databaseCpuMicros?.() ?? 0, client: user + system };
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
  return {
    ...figuresOf(latencies, tookSeconds),
    cpuMicros: { server: 0, database: 0, client: 0 },
    statuses: {},
  };
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
