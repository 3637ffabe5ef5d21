import { request, type ClientRequest } from "node:http";
import { systemPause } from "../../packages/server/src/system.ts";
import { furnish, type Place } from "../place.ts";
import { milliseconds, type Benchmark } from "../row.ts";
import { startServer, type Server } from "../start-server.ts";

const STREAMS = 1_000;
const ACCOUNTS = 100;
/** Opened and left so often: what is not let go adds up. */
const ROUNDS = 5;
const IDLE_MS = 5_000;
/** As docs/going-to-production.md sets them: without, a heap that could be cleared is left to grow. */
const NODE_OPTIONS = ["--max-semi-space-size=16", "--max-old-space-size=512"];
const MEBIBYTE = 1024 * 1024;
/** An event is on the page within a second; the rest is the way to a thousand of them. */
const TOLD_WITHIN_MS = 1_500;

interface Stream {
  readonly sent: ClientRequest;
  readonly hasHeard: (name: string) => boolean;
  readonly closed: Promise<void>;
}

function headersOf({ key }: Place, accountId: string) {
  return { authorization: `Bearer ${key}`, "bursar-account": accountId };
}

async function open({ port }: Server, place: Place, index: number): Promise<Stream> {
  const accountId = place.accounts[index % ACCOUNTS]!;
  const closed = Promise.withResolvers<void>();
  let text = "";
  const sent = request({
    port,
    host: "127.0.0.1",
    path: "/api/billing/stream",
    agent: false,
    headers: headersOf(place, accountId),
  });
  await new Promise<void>((resolve, reject) => {
    sent.once("response", (response) => {
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("close", closed.resolve).on("error", () => {});
      if (response.statusCode === 200) resolve();
      else reject(new Error(`A stream was answered ${response.statusCode}.`));
    });
    sent.once("error", reject).end();
  });
  return { sent, hasHeard: (name) => text.includes(`event: ${name}\n`), closed: closed.promise };
}

async function untilAllHeard(streams: readonly Stream[], name: string): Promise<number> {
  const startedAt = performance.now();
  while (!streams.every(({ hasHeard }) => hasHeard(name))) {
    if (performance.now() - startedAt > 60_000) throw new Error(`Some stream never heard of ${name}.`);
    await systemPause(5);
  }
  return performance.now() - startedAt;
}

/** @returns how long it took until each stream had its event, and what it cost to have them open */
async function round(server: Server, place: Place, turn: number) {
  const streams: Stream[] = [];
  for (let from = 0; from < STREAMS; from += 50) {
    const some = Array.from({ length: 50 }, (_, index) => open(server, place, from + index));
    streams.push(...(await Promise.all(some)));
  }
  await untilAllHeard(streams, "ready");
  const before = await server.usage();
  await systemPause(IDLE_MS);
  const after = await server.usage();
  const events = place.accounts.map((account) => ({ id: `stream-${turn}`, account, meter: "sessions" }));
  const response = await fetch(`http://127.0.0.1:${server.port}/api/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${place.key}`, "content-type": "application/json" },
    body: JSON.stringify(events),
  });
  if (!response.ok) throw new Error(await response.text());
  const toldMs = await untilAllHeard(streams, "usage");
  const { residentBytes } = await server.usage();
  for (const { sent } of streams) sent.destroy();
  await Promise.all(streams.map(({ closed }) => closed));
  return { toldMs, residentBytes, idleCpu: (after.cpuMicros - before.cpuMicros) / 1_000 / IDLE_MS };
}

export const streams: Benchmark = {
  name: "streams",
  async run(room) {
    const bench = await room.newDatabase();
    const place = await furnish(bench.database, ACCOUNTS);
    const server = await startServer(bench.url, "ours", NODE_OPTIONS);
    try {
      const { residentBytes: empty } = await server.usage();
      const rounds = [];
      for (let turn = 0; turn < ROUNDS; turn += 1) rounds.push(await round(server, place, turn));
      const told = Math.max(...rounds.map(({ toldMs }) => toldMs));
      const memory = rounds
        .map(({ residentBytes }) => `${Math.round(residentBytes / MEBIBYTE)} MB`)
        .join(", ");
      const cpu = rounds.map(({ idleCpu }) => `${(idleCpu * 100).toFixed(0)} %`).join(", ");
      return {
        work: `${STREAMS} open event streams of ${ACCOUNTS} accounts, opened and left ${ROUNDS} times`,
        target: `all told within ${milliseconds(TOLD_WITHIN_MS)}`,
        ours: `told after ${milliseconds(told)} at most; server ${Math.round(empty / MEBIBYTE)} MB before, then ${memory}; of one core while nothing happens ${cpu}`,
        naive: "-",
        limit: "-",
        isMet: told <= TOLD_WITHIN_MS,
        verdict: `${ROUNDS * STREAMS} of ${ROUNDS * STREAMS} heard`,
      };
    } finally {
      await server.stop();
      await bench.drop();
    }
  },
};
