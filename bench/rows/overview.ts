import type { AccountId } from "@bursar/core";
import { age, YEARS } from "../aged-account.ts";
import { requestTo } from "../client.ts";
import { interleave } from "../interleave.ts";
import { runLoad } from "../load.ts";
import { furnish } from "../place.ts";
import { milliseconds, times, type Benchmark } from "../row.ts";
import { startServer } from "../start-server.ts";

export const overview: Benchmark = {
  name: "overview",
  async run(room) {
    const bench = await room.newDatabase();
    const place = await furnish(bench.database, 2);
    const [old, fresh] = place.accounts as [AccountId, AccountId];
    await age(bench.database, old);
    const server = await startServer(bench.url, "ours");
    try {
      const get = requestTo("GET", { key: place.key });
      const measure = (account: AccountId) => (seconds: number) =>
        runLoad({ server, connections: 2, seconds, script: () => () => get("/api/billing", account) });
      const measured = await interleave(room.measures, { old: measure(old), fresh: measure(fresh) });
      const toFresh = measured.old.p95Ms / measured.fresh.p95Ms;
      const isAnswered = measured.old.statuses[200] === measured.old.answers;
      return {
        work: `overview of an account with ${YEARS} years of history, 2 connections`,
        target: "p95 <= 30 ms, within 1.2x of a fresh account's",
        ours: `p95 ${milliseconds(measured.old.p95Ms)}`,
        naive: "-",
        limit: `p95 ${milliseconds(measured.fresh.p95Ms)} fresh account (${times(toFresh)})`,
        isMet: isAnswered && measured.old.p95Ms <= 30 && toFresh <= 1.2,
        verdict: isAnswered ? "all answered" : `WRONG: ${JSON.stringify(measured.old.statuses)}`,
      };
    } finally {
      await server.stop();
      await bench.drop();
    }
  },
};
