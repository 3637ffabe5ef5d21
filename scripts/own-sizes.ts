/* What of ours a host's page has to load: built as a host builds it, without React and TanStack Query, which it has. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";

const root = join(import.meta.dirname, "..");
const PEERS = /^(react|react-dom|@tanstack\/react-query)($|\/)/;
const ENTRY = "virtual:entry";

export interface Sizes {
  /** Every part of `@bursar/react` with all that it loads later: also German, and the standalone settings. */
  readonly all: number;
  /** Of it the billing page in English, with all of its screens. */
  readonly page: number;
  /** What the whole page needs before it shows anything. */
  readonly firstScreen: number;
  readonly metersAlone: number;
  readonly chart: number;
}

const sumOf = (chunks: readonly Rolldown.OutputChunk[]) =>
  chunks.reduce((sum, { code }) => sum + gzipSync(code).length, 0);

/** @param exported of `@bursar/react`; the bundler leaves out what these do not use */
async function chunksOf(exported: string): Promise<Rolldown.OutputChunk[]> {
  const source = `export ${exported} from "@bursar/react";`;
  const built = await build({
    root: join(root, "apps/dashboard"),
    configFile: false,
    logLevel: "error",
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => (id === ENTRY ? source : null),
      },
    ],
    resolve: { alias: { "@bursar/react": join(root, "packages/react/src/index.ts") } },
    build: {
      write: false,
      target: "es2023",
      modulePreload: false,
      rolldownOptions: {
        input: ENTRY,
        preserveEntrySignatures: "strict",
        external: (id) => PEERS.test(id),
        // As the hosted page is built: one file of what is needed at once.
        output: { codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] } },
      },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]) as Rolldown.RolldownOutput[];
  return outputs.flatMap(({ output }) => output).filter((each) => each.type === "chunk");
}

/** German files are named so in packages/react/src/messages/de/parts. */
const isGerman = ({ fileName }: Rolldown.OutputChunk) => fileName.includes("german");

export async function measureSizes(): Promise<Sizes> {
  const all = await chunksOf("*");
  const page = await chunksOf("{ BursarProvider, BillingSettings }");
  const meters = await chunksOf("{ BursarProvider, UsageMeters }");
  return {
    all: sumOf(all),
    page: sumOf(page.filter((chunk) => !isGerman(chunk))),
    firstScreen: sumOf(atOnce(page)),
    metersAlone: sumOf(atOnce(meters)),
    chart: sumOf(all.filter(({ fileName }) => fileName.includes("usage-plot"))),
  };
}

/** The entry and what it imports; what it imports only later is left out. */
function atOnce(chunks: readonly Rolldown.OutputChunk[]): Rolldown.OutputChunk[] {
  const needed = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const name of needed) {
    for (const imported of chunks.find(({ fileName }) => fileName === name)?.imports ?? [])
      needed.add(imported);
  }
  return chunks.filter(({ fileName }) => needed.has(fileName));
}

/** What index.html of the hosted page names, compressed. */
export function hostedSize(ending: ".js" | ".css"): number {
  const dist = join(root, "apps/dashboard/dist");
  const index = readFileSync(join(dist, "index.html"), "utf8");
  return readdirSync(join(dist, "assets"))
    .filter((name) => name.endsWith(ending) && index.includes(name))
    .reduce((sum, name) => sum + gzipSync(readFileSync(join(dist, "assets", name))).length, 0);
}
