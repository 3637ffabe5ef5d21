/*
 * `npm run bench`: what the account book does in a second, beside the naive way and beside the limit, measured in turn
 * in one run. `npm run bench -- --only hot,check --seconds 3 --rounds 5`. docs/benchmarks.md says what each line is.
 */
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { openRoom } from "./room.ts";
import type { Row } from "./row.ts";
import { check } from "./rows/check.ts";
import { hot, hot256, many } from "./rows/deductions.ts";
import { dry } from "./rows/dry.ts";
import { embedded, start } from "./rows/embedded.ts";
import { groups, groupsIngest } from "./rows/groups.ts";
import { holds } from "./rows/holds.ts";
import { idle } from "./rows/idle.ts";
import { fileImport, fileImportMany } from "./rows/import.ts";
import { ingest, ingestMany } from "./rows/ingest.ts";
import { memory } from "./rows/memory.ts";
import { overview } from "./rows/overview.ts";
import { streams } from "./rows/streams.ts";

const benchmarks = [
  hot,
  hot256,
  many,
  dry,
  holds,
  check,
  ingest,
  ingestMany,
  groups,
  groupsIngest,
  fileImport,
  fileImportMany,
  idle,
  overview,
  memory,
  streams,
  embedded,
  start,
];

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seconds: { type: "string", default: "2" },
    rounds: { type: "string", default: "3" },
  },
});
const only = values.only?.split(",");
const unknown = only?.filter((name) => !benchmarks.some((each) => each.name === name)) ?? [];
if (unknown.length > 0) {
  console.error(
    `There is no ${unknown.join(", ")}. There are ${benchmarks.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(1);
}

const room = await openRoom({ seconds: Number(values.seconds), rounds: Number(values.rounds) });
const cores = cpus();
console.log(
  `${new Date().toISOString()}, ${cores.length} cores (${cores[0]?.model.trim()}), Node ${process.version}, PostgreSQL ${room.serverVersion}, fsync and synchronous_commit on`,
);
console.log(
  `load of the machine before it began: ${loadavg()[0]!.toFixed(1)} (a quiet one is near 0; else only the ratios say something)`,
);
console.log(
  `${values.rounds} rounds of ${values.seconds} s each, medians; the client runs on the same cores\n`,
);

const rows: Row[] = [];
for (const benchmark of benchmarks) {
  if (only !== undefined && !only.includes(benchmark.name)) continue;
  const row = await benchmark.run(room);
  rows.push(row);
  console.log(
    `${row.isMet ? "met   " : "MISSED"} ${row.work}: ${row.ours}; naive ${row.naive}; limit ${row.limit}; ${row.verdict}`,
  );
}
await room.close();

console.log(
  "\n| work | target | ours | naive | limit | met | after the load |\n|---|---|---|---|---|---|---|",
);
for (const row of rows) {
  const cells = [
    row.work,
    row.target,
    row.ours,
    row.naive,
    row.limit,
    row.isMet ? "yes" : "**no**",
    row.verdict,
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
if (rows.some(({ verdict }) => verdict.startsWith("WRONG"))) process.exitCode = 1;
