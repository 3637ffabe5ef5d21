import { furnish } from "../place.ts";
import { runLoad } from "../load.ts";
import { perSecond, type Benchmark } from "../row.ts";
import { startServer } from "../start-server.ts";
import { judge } from "../verdict.ts";
import { lists } from "./ingest.ts";

const EVENTS = 1_000_000;
/** As docs/going-to-production.md sets them: without, a heap that could be cleared is left to grow. */
const NODE_OPTIONS = ["--max-semi-space-size=16", "--max-old-space-size=512"];
const MEBIBYTE = 1024 * 1024;

export const memory: Benchmark = {
  name: "memory",
  async run(room) {
    const bench = await room.newDatabase();
    const place = await furnish(bench.database, 1_000);
    const server = await startServer(bench.url, "ours", NODE_OPTIONS);
    try {
      const script = lists(place);
      let events = 0;
      let highest = 0;
      const startedAt = performance.now();
      while (events < EVENTS) {
        const { statuses } = await runLoad({ server, connections: 8, seconds: 1, script });
        events += (statuses[200] ?? 0) * 100;
        highest = Math.max(highest, (await server.usage()).residentBytes);
      }
      const seconds = (performance.now() - startedAt) / 1_000;
      const { residentBytes } = await server.usage();
      return {
        work: `memory of the server after 1,000,000 events, 1,000 accounts, with ${NODE_OPTIONS.join(" ")}`,
        target: "<= 250 MB",
        ours: `${Math.round(residentBytes / MEBIBYTE)} MB (at most ${Math.round(highest / MEBIBYTE)} MB, ${perSecond(events / seconds)} events)`,
        naive: "-",
        limit: "-",
        isMet: highest <= 250 * MEBIBYTE,
        verdict: await judge(bench.database, { events, tokens: 0 }),
      };
    } finally {
      await server.stop();
      await bench.drop();
    }
  },
};
