import { compareBooks } from "../compare.ts";
import { requestTo } from "../client.ts";
import type { Script } from "../load.ts";
import type { Place } from "../place.ts";
import { cpu, latency, perSecond, share, type Benchmark } from "../row.ts";

function checks({ key, accounts }: Place): () => Script {
  const post = requestTo("POST", { key });
  const request = post("/api/check", accounts[0]!, `{"meter":"ai_tokens","quantity":25}`);
  return () => () => request;
}

export const check: Benchmark = {
  name: "check",
  async run(room) {
    const { measured, result: verdict } = await compareBooks(room, {
      kinds: ["ours", "none"],
      accounts: 1,
      connections: 64,
      script: checks,
      after: (_ours, { ours }) =>
        Promise.resolve(ours.statuses[200] === ours.answers ? "all answered" : JSON.stringify(ours.statuses)),
    });
    const { ours, none } = measured;
    const toLimit = ours.answersPerSecond / none.answersPerSecond;
    return {
      work: "check, one hot account, 64 connections",
      target: ">= 12,000/s, >= 60 % of the bare HTTP",
      ours: `${perSecond(ours.answersPerSecond)} (${latency(ours)}; ${cpu(ours)})`,
      naive: "-",
      limit: `${perSecond(none.answersPerSecond)} same HTTP, account not read (${share(toLimit)}; ${cpu(none)})`,
      isMet: ours.answersPerSecond >= 12_000 && toLimit >= 0.6,
      verdict,
    };
  },
};
