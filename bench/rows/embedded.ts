import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbedded } from "../../packages/server/src/db/open-database.ts";
import { freePort } from "../../test/support/free-port.ts";
import { interleave } from "../interleave.ts";
import { runLoad } from "../load.ts";
import { furnish } from "../place.ts";
import { cpu, latency, perSecond, type Benchmark } from "../row.ts";
import { startServer } from "../start-server.ts";
import { accepted, judge, withRefusals } from "../verdict.ts";
import { deductions, TOKENS } from "./deductions.ts";

export const embedded: Benchmark = {
  name: "embedded",
  async run(room) {
    const folder = mkdtempSync(join(tmpdir(), "bursar-bench-"));
    try {
      const before = await openEmbedded(folder);
      const place = await furnish(before, 1);
      await before.close();
      const server = await startServer(`embedded:${folder}`, "ours");
      const script = deductions(place);
      const measure = (seconds: number) => runLoad({ server, connections: 64, seconds, script });
      const { ours } = await interleave(room.measures, { ours: measure });
      await server.stop();

      const after = await openEmbedded(folder);
      const events = accepted(ours);
      const verdict = await judge(after, { events, tokens: events * TOKENS });
      await after.close();
      return {
        work: "embedded database: enforced token deduction, one hot account, 64 connections",
        target: ">= 3,000/s",
        ours: `${perSecond(ours.answersPerSecond)} (${latency(ours)}; ${cpu(ours)})`,
        naive: "-",
        limit: "-",
        isMet: ours.answersPerSecond >= 3_000,
        verdict: withRefusals(verdict, ours),
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const PRODUCT = join(import.meta.dirname, "../../scripts/start.ts");
const STARTS = 3;
const GIVEN_UP_MS = 120_000;

/** Starts the product as `npm start` does. @returns the seconds until the page was served */
async function secondsToPage(folder: string): Promise<number> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = spawn(process.execPath, [PRODUCT], {
    env: { ...process.env, PORT: String(port), BURSAR_DATA: folder },
    stdio: "ignore",
  });
  try {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/settings/billing`).catch(() => null);
      if (answer?.status === 200) return (performance.now() - startedAt) / 1_000;
      if (child.exitCode !== null || performance.now() - startedAt > GIVEN_UP_MS) {
        throw new Error("The product did not start.");
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  } finally {
    child.kill("SIGTERM");
    await once(child, "exit");
  }
}

export const start: Benchmark = {
  name: "start",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "bursar-bench-"));
    try {
      const first = await secondsToPage(folder);
      const later: number[] = [];
      for (let count = 0; count < STARTS; count += 1) later.push(await secondsToPage(folder));
      const slowest = Math.max(...later);
      return {
        work: `embedded database: npm start on existing data, until the page is served, ${STARTS} times`,
        target: "<= 3 s",
        ours: `at most ${slowest.toFixed(1)} s (the very first start ${first.toFixed(1)} s)`,
        naive: "-",
        limit: "-",
        isMet: slowest <= 3,
        verdict: "-",
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
