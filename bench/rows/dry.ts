import { compareBooks } from "../compare.ts";
import { latency, perSecond, type Benchmark } from "../row.ts";
import { judge } from "../verdict.ts";
import { requestTo } from "../client.ts";
import type { Script } from "../load.ts";
import type { Place } from "../place.ts";

/** A limit of 2,000 in the plan; the load asks for far more. */
const LIMIT = 2_000;

function sessions({ key, accounts }: Place): () => Script {
  const post = requestTo("POST", { key });
  let sent = 0;
  return () => () => {
    sent += 1;
    return post("/api/events", accounts[0]!, `{"id":"evt_${sent}","meter":"sessions","enforce":true}`);
  };
}

/** What is refused is answered as fast as what is allowed, and together no more is allowed than the limit. */
export const dry: Benchmark = {
  name: "dry",
  async run(room) {
    const { measured, result } = await compareBooks(room, {
      kinds: ["ours"],
      accounts: 1,
      connections: 64,
      script: sessions,
      after: async ({ bench }, { ours }) => ({
        allowed: ours.statuses[200] ?? 0,
        verdict: await judge(bench.database, { events: ours.statuses[200] ?? 0, tokens: 0 }),
      }),
    });
    const { ours } = measured;
    const refused = ours.statuses[402] ?? 0;
    const isReached = refused > 0;
    const isExact = isReached ? result.allowed === LIMIT : result.allowed <= LIMIT;
    return {
      work: `enforced events of a meter with a limit of ${LIMIT.toLocaleString("en")}, 64 connections`,
      target: "sum of allowed = the limit",
      ours: `${perSecond(ours.answersPerSecond)} (${latency(ours)})`,
      naive: "-",
      limit: "-",
      isMet: isReached && isExact,
      verdict: `${isExact ? "" : "WRONG: "}${result.allowed} allowed, ${refused} refused; ${result.verdict}`,
    };
  },
};
