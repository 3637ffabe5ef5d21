import { compareBooks } from "../compare.ts";
import { requestTo } from "../client.ts";
import type { Script } from "../load.ts";
import type { Place } from "../place.ts";
import { cpu, latency, perSecond, share, times, type Benchmark, type Row } from "../row.ts";
import type { Room } from "../room.ts";
import { accepted, judge, withRefusals } from "../verdict.ts";

export const TOKENS = 25;

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

interface Wanted {
  readonly accounts: number;
  readonly connections: number;
  readonly target: string;
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly toNaive: number;
  readonly toLimit: number;
}

async function run(room: Room, wanted: Wanted): Promise<Row> {
  const { accounts, connections } = wanted;
  const { measured, result: verdict } = await compareBooks(room, {
    kinds: ["ours", "naive", "none"],
    accounts,
    connections,
    script: deductions,
    after: async ({ bench }, { ours }) => {
      const events = accepted(ours);
      return withRefusals(await judge(bench.database, { events, tokens: events * TOKENS }), ours);
    },
  });
  const { ours, naive, none } = measured;
  const toNaive = ours.answersPerSecond / naive.answersPerSecond;
  const toLimit = ours.answersPerSecond / none.answersPerSecond;
  const where = accounts === 1 ? "one hot account" : `${accounts.toLocaleString("en")} accounts`;
  return {
    work: `enforced token deduction, ${where}, ${connections} connections`,
    target: wanted.target,
    ours: `${perSecond(ours.answersPerSecond)} (${latency(ours)}; ${cpu(ours)})`,
    naive: `${perSecond(naive.answersPerSecond)} (${times(toNaive)})`,
    limit: `${perSecond(none.answersPerSecond)} same HTTP, no book (${share(toLimit)}; ${cpu(none)})`,
    isMet:
      ours.answersPerSecond >= wanted.perSecond &&
      ours.p99Ms <= wanted.p99Ms &&
      toNaive >= wanted.toNaive &&
      toLimit >= wanted.toLimit,
    verdict,
  };
}

const HOT: Wanted = {
  accounts: 1,
  connections: 64,
  target: ">= 12,000/s, p99 <= 15 ms, >= 10x naive, >= 65 % of the same HTTP without the book",
  perSecond: 12_000,
  p99Ms: 15,
  toNaive: 10,
  toLimit: 0.65,
};
const HOT_256: Wanted = {
  accounts: 1,
  connections: 256,
  target: "none; for comparison",
  perSecond: 0,
  p99Ms: Infinity,
  toNaive: 0,
  toLimit: 0,
};
const MANY: Wanted = {
  accounts: 10_000,
  connections: 64,
  target: ">= 10,000/s, >= 4x naive",
  perSecond: 10_000,
  p99Ms: Infinity,
  toNaive: 4,
  toLimit: 0,
};

export const hot: Benchmark = { name: "hot", run: (room) => run(room, HOT) };
export const hot256: Benchmark = { name: "hot256", run: (room) => run(room, HOT_256) };
export const many: Benchmark = { name: "many", run: (room) => run(room, MANY) };
