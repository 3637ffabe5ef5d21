import { compareBooks } from "../compare.ts";
import { requestTo } from "../client.ts";
import type { Script } from "../load.ts";
import type { Place } from "../place.ts";
import { cpu, latency, perSecond, share, times, type Benchmark } from "../row.ts";
import { judge, withRefusals } from "../verdict.ts";

const HELD = 100;
const SETTLED = 60;

/** Reserves, then charges what the work took, then the next. */
function pairs({ key, accounts }: Place): () => Script {
  const post = requestTo("POST", { key });
  return () => {
    let isHeld = false;
    return (before) => {
      isHeld = before !== null && before.status === 200 && !isHeld;
      if (!isHeld) return post("/api/holds", accounts[0]!, `{"tokens":${HELD}}`);
      const { id } = JSON.parse(before!.body) as { id: string };
      return post(`/api/holds/${id}/settle`, accounts[0]!, `{"tokens":${SETTLED}}`);
    };
  };
}

export const holds: Benchmark = {
  name: "holds",
  async run(room) {
    const { measured, result: verdict } = await compareBooks(room, {
      kinds: ["ours", "naive", "none"],
      accounts: 1,
      connections: 64,
      script: pairs,
      after: async ({ bench }, { ours }) =>
        withRefusals(await judge(bench.database, { events: 0, tokens: 0, tokensOfHold: SETTLED }), ours),
    });
    const { ours, naive, none } = measured;
    const each = (figures: typeof ours) => figures.answersPerSecond / 2;
    return {
      work: "hold and settle, one hot account, 64 connections",
      target: ">= 4,000 pairs/s",
      ours: `${perSecond(each(ours))} pairs (each request ${latency(ours)}; ${cpu(ours)})`,
      naive: `${perSecond(each(naive))} (${times(each(ours) / each(naive))})`,
      limit: `${perSecond(each(none))} same HTTP, no book (${share(each(ours) / each(none))})`,
      isMet: each(ours) >= 4_000,
      verdict,
    };
  },
};
