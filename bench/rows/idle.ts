import { compareBooks } from "../compare.ts";
import { latency, times, type Benchmark } from "../row.ts";
import { accepted, judge, withRefusals } from "../verdict.ts";
import { deductions, TOKENS } from "./deductions.ts";

export const idle: Benchmark = {
  name: "idle",
  async run(room) {
    const { measured, result: verdict } = await compareBooks(room, {
      kinds: ["ours", "naive", "commit"],
      accounts: 1,
      connections: 1,
      script: deductions,
      after: async ({ bench }, { ours }) => {
        const events = accepted(ours);
        return withRefusals(await judge(bench.database, { events, tokens: events * TOKENS }), ours);
      },
    });
    const { ours, naive, commit } = measured;
    return {
      work: "one deduction at a time on an idle server",
      target: "p50 <= 2.5x a bare commit over HTTP",
      ours: latency(ours),
      naive: latency(naive),
      limit: `${latency(commit)} bare commit (${times(ours.p50Ms / commit.p50Ms)})`,
      isMet: ours.p50Ms <= 2.5 * commit.p50Ms,
      verdict,
    };
  },
};
