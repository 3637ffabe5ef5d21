import { compareBooks, type Contender } from "../compare.ts";
import { requestTo } from "../client.ts";
import type { Figures, Script } from "../load.ts";
import type { Measured } from "../interleave.ts";
import type { Place } from "../place.ts";
import { cpu, latency, perSecond, share, times, type Benchmark, type Row } from "../row.ts";
import type { Room } from "../room.ts";
import { judge } from "../verdict.ts";

const TOKENS = 25;

/** Each connection deducts from one account after the other; ids are never used twice. */
export function deductions({ key, accounts }: Place): () => Script {
  const post = requestTo("POST", { key });
  let sent = 0;
  return () => () => {
    sent += 1;
    const account = accounts[sent % accounts.length]!;
    const body = `{"id":"evt_${sent}","meter":"ai_tokens","quantity":${TOKENS},"enforce":true}`;
    return post("/api/events", account, body);
  };
}

export function accepted({ statuses }: Figures): number {
  return statuses[200] ?? 0;
}

async function judgeDeductions({ bench }: Contender, measured: Measured): Promise<string> {
  const events = accepted(measured);
  const refused = measured.answers - events;
  const verdict = await judge(bench.database, { events, tokens: events * TOKENS });
  return refused === 0 ? verdict : `${verdict}; ${refused} refused (${JSON.stringify(measured.statuses)})`;
}

async function run(
  room: Room,
  load: { accounts: number; connections: number },
  target: Target,
): Promise<Row> {
  const { measured, result: verdict } = await compareBooks(room, {
    kinds: ["ours", "naive", "none"],
    ...load,
    script: deductions,
    after: (ours, { ours: figures }) => judgeDeductions(ours, figures),
  });
  const { ours, naive, none } = measured;
  const toNaive = ours.answersPerSecond / naive.answersPerSecond;
  const toLimit = ours.answersPerSecond / none.answersPerSecond;
  const where = load.accounts === 1 ? "one hot account" : `${load.accounts.toLocaleString("en")} accounts`;
  return {
    work: `enforced token deduction, ${where}, ${load.connections} connections`,
    target: target.words,
    ours: `${perSecond(ours.answersPerSecond)} (${latency(ours)}; ${cpu(ours)})`,
    naive: `${perSecond(naive.answersPerSecond)} (${times(toNaive)})`,
    limit: `${perSecond(none.answersPerSecond)} same HTTP, no book (${share(toLimit)}; ${cpu(none)})`,
    isMet:
      ours.answersPerSecond >= target.perSecond &&
      ours.p99Ms <= target.p99Ms &&
      toNaive >= target.toNaive &&
      toLimit >= target.toLimit,
    verdict,
  };
}

interface Target {
  readonly words: string;
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly toNaive: number;
  readonly toLimit: number;
}

const HOT: Target = {
  words: ">= 12,000/s, p99 <= 15 ms, >= 10x naive, >= 65 % of the same HTTP without the book",
  perSecond: 12_000,
  p99Ms: 15,
  toNaive: 10,
  toLimit: 0.65,
};
const MANY: Target = {
  words: ">= 10,000/s, >= 4x naive",
  perSecond: 10_000,
  p99Ms: Infinity,
  toNaive: 4,
  toLimit: 0,
};

export const hot: Benchmark = {
  name: "hot",
  run: async (room) => [await run(room, { accounts: 1, connections: 64 }, HOT)],
};
export const hot256: Benchmark = {
  name: "hot256",
  run: async (room) => [
    await run(
      room,
      { accounts: 1, connections: 256 },
      { ...HOT, words: "(no target)", perSecond: 0, p99Ms: Infinity, toNaive: 0, toLimit: 0 },
    ),
  ],
};
export const many: Benchmark = {
  name: "many",
  run: async (room) => [await run(room, { accounts: 10_000, connections: 64 }, MANY)],
};
