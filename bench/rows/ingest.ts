import pg from "pg";
import { compareBooks, type Contender } from "../compare.ts";
import { requestTo } from "../client.ts";
import { repeat, type Script } from "../load.ts";
import type { Measure } from "../interleave.ts";
import type { Place } from "../place.ts";
import { latency, perSecond, share, times, type Benchmark, type Row } from "../row.ts";
import type { Room } from "../room.ts";
import { accepted, judge, withRefusals } from "../verdict.ts";

const EVENTS = 100;
const CONNECTIONS = 8;

/** Requests of a hundred events, over many accounts each event of the next one. */
export function lists({ key, accounts }: Place, events = EVENTS): () => Script {
  const post = requestTo("POST", { key });
  let sent = 0;
  return () => () => {
    const list = Array.from({ length: events }, () => {
      sent += 1;
      const account = accounts.length === 1 ? "" : `,"account":"${accounts[sent % accounts.length]}"`;
      return `{"id":"evt_${sent}","meter":"events"${account}}`;
    });
    return post("/api/events", accounts[0]!, `[${list.join(",")}]`);
  };
}

const ROWS = 1_000;
const WRITERS = 2;

/** The same rows without any thought: ids and raw events by `insert ... from unnest`, a thousand a statement. */
async function bareInsert({ bench, place }: Contender): Promise<Measure> {
  const pool = new pg.Pool({ connectionString: bench.url, max: WRITERS });
  // The database is dropped below it.
  pool.on("error", () => {});
  await pool.query(`
    create table bare_event_ids (like event_ids including all);
    create table bare_events (like events including all)`);
  let sent = 0;
  const write = async () => {
    const accounts: string[] = [];
    const ids: string[] = [];
    for (let row = 0; row < ROWS; row += 1) {
      sent += 1;
      accounts.push(place.accounts[sent % place.accounts.length]!);
      ids.push(`evt_${sent}`);
    }
    await pool.query({
      name: "bare",
      text: `
        with ids as (
          insert into bare_event_ids (account_id, event_id, received_at)
          select a, i, now() from unnest($1::text[], $2::text[]) as w (a, i)
        )
        insert into bare_events (account_id, event_id, meter_id, quantity, happened_at, received_at, late, mode)
        select a, i, 'events', 1, now(), now(), false, 'plain' from unnest($1::text[], $2::text[]) as w (a, i)`,
      values: [accounts, ids],
    });
  };
  return (seconds) => repeat({ seconds, workers: WRITERS }, write);
}

async function run(room: Room, accounts: number, target: { words: string; perSecond: number }): Promise<Row> {
  const { measured, result: verdict } = await compareBooks(room, {
    kinds: ["ours", "naive"],
    accounts,
    connections: CONNECTIONS,
    script: (place) => lists(place),
    others: async (ours) => ({ bare: await bareInsert(ours) }),
    after: async ({ bench }, { ours }) =>
      withRefusals(await judge(bench.database, { events: accepted(ours) * EVENTS, tokens: 0 }), ours),
  });
  const { ours, naive, bare } = measured;
  const perSecondOf = { ours: ours.answersPerSecond * EVENTS, bare: bare.answersPerSecond * ROWS };
  const toBare = perSecondOf.ours / perSecondOf.bare;
  const where = accounts === 1 ? "one hot account" : `${accounts.toLocaleString("en")} accounts`;
  return {
    work: `ingest, ${EVENTS} events a request, ${where}, ${CONNECTIONS} connections`,
    target: `${target.words}, >= 50 % of bare multi-row INSERT`,
    ours: `${perSecond(perSecondOf.ours)} events (request ${latency(ours)})`,
    naive: `${perSecond(naive.answersPerSecond * EVENTS)} (${times(ours.answersPerSecond / naive.answersPerSecond)})`,
    limit: `${perSecond(perSecondOf.bare)} bare INSERT (${share(toBare)})`,
    isMet: perSecondOf.ours >= target.perSecond && toBare >= 0.5,
    verdict,
  };
}

export const ingest: Benchmark = {
  name: "ingest",
  run: (room) => run(room, 1, { words: ">= 40,000 events/s", perSecond: 40_000 }),
};
export const ingestMany: Benchmark = {
  name: "ingestMany",
  run: (room) => run(room, 10_000, { words: ">= 25,000 events/s", perSecond: 25_000 }),
};
