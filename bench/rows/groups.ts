import { compareBooks, type Contender } from "../compare.ts";
import { requestTo } from "../client.ts";
import type { Measure } from "../interleave.ts";
import { runLoad, type Figures, type Script } from "../load.ts";
import type { Place } from "../place.ts";
import { cpu, latency, perSecond, share, type Benchmark, type Row } from "../row.ts";
import type { Room } from "../room.ts";
import { accepted, judge, withRefusals } from "../verdict.ts";

/**
 * What is measured in turn: events without properties; with a project that their meter does not count; with one of some
 * that it counts; each with another one.
 */
type Saying = "plain" | "labelled" | "grouped" | "careless";

const PROJECTS = 20;

function eventOf(saying: Saying, sent: number): string {
  // Of the demo's catalogue sessions are divided by project, and events are not.
  const meter = saying === "plain" || saying === "labelled" ? "events" : "sessions";
  const project = saying === "careless" ? sent : sent % PROJECTS;
  const properties = saying === "plain" ? "" : `,"properties":{"project":"Project ${project}"}`;
  return `{"id":"${saying}_${sent}","meter":"${meter}"${properties}}`;
}

/** Requests of one event, or of a list of some. */
function reports({ key, accounts }: Place, saying: Saying, events: number): () => Script {
  const post = requestTo("POST", { key });
  let sent = 0;
  const next = () => eventOf(saying, (sent += 1));
  return () => () => {
    const body = events === 1 ? next() : `[${Array.from({ length: events }, next).join(",")}]`;
    return post("/api/events", accounts[0]!, body);
  };
}

interface Wanted {
  readonly connections: number;
  readonly events: number;
}

/** More processor than the same events cost on a meter without groups; unlike rates it holds on a busy machine too. */
const MORE_CPU_MAX = 0.2;

const cpuOf = ({ cpuMicros: { server, database } }: Figures) => server + database;

async function run(room: Room, { connections, events }: Wanted): Promise<Row> {
  const others = ({ server, place }: Contender) => {
    const measure = (saying: Saying): Measure => {
      const script = reports(place, saying, events);
      const { databaseCpuMicros } = room;
      return (seconds) => runLoad({ server, connections, seconds, script, databaseCpuMicros });
    };
    return Promise.resolve({
      plain: measure("plain"),
      grouped: measure("grouped"),
      careless: measure("careless"),
    });
  };
  const { measured, result: verdict } = await compareBooks(room, {
    kinds: ["ours"],
    accounts: 1,
    connections,
    script: (place) => reports(place, "labelled", events),
    others,
    after: async ({ bench }, all) => {
      const sum = Object.values(all).reduce((answers, each) => answers + accepted(each), 0);
      return withRefusals(await judge(bench.database, { events: sum * events, tokens: 0 }), all.grouped);
    },
  });
  const { ours: labelled, plain, grouped, careless } = measured;
  const rate = ({ answersPerSecond }: { answersPerSecond: number }) => perSecond(answersPerSecond * events);
  const part = (of: { answersPerSecond: number }) => share(of.answersPerSecond / labelled.answersPerSecond);
  return {
    work: `events of ${PROJECTS} projects, ${events === 1 ? "one" : events} a request, hot account, ${connections} connections`,
    target: `<= ${share(MORE_CPU_MAX)} more processor than the same events on a meter without groups`,
    ours: `${rate(grouped)}, ${part(grouped)} (${latency(grouped)}; ${cpu(grouped)})`,
    naive: `another project with each event: ${rate(careless)}, ${part(careless)} (${cpu(careless)})`,
    limit: `without groups ${rate(labelled)} (${latency(labelled)}; ${cpu(labelled)}); without properties ${rate(plain)}, ${part(plain)} (${cpu(plain)})`,
    isMet: cpuOf(grouped) <= (1 + MORE_CPU_MAX) * cpuOf(labelled),
    verdict,
  };
}

export const groups: Benchmark = {
  name: "groups",
  run: (room) => run(room, { connections: 64, events: 1 }),
};
export const groupsIngest: Benchmark = {
  name: "groupsIngest",
  run: (room) => run(room, { connections: 8, events: 100 }),
};
