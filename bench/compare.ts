import { interleave, type Measure, type Measured } from "./interleave.ts";
import { runLoad, type Script } from "./load.ts";
import { furnish, type Place } from "./place.ts";
import type { BenchDatabase, Room } from "./room.ts";
import { startServer, type BookKind, type Server } from "./start-server.ts";

export interface Contender {
  readonly bench: BenchDatabase;
  readonly place: Place;
  readonly server: Server;
}

/**
 * Puts one load on servers that differ by their book alone, in turn, each on a database of its own.
 *
 * @param script what each connection does at such a place
 * @param after looks at our server and its book before they go
 */
export async function compareBooks<Kind extends BookKind, Result, Other extends string = never>(
  room: Room,
  wanted: {
    readonly kinds: readonly Kind[];
    readonly accounts: number;
    readonly connections: number;
    readonly script: (place: Place, kind: Kind) => () => Script;
    /** What else is measured in turn, at our database. */
    readonly others?: (ours: Contender) => Promise<Record<Other, Measure>>;
    readonly after: (ours: Contender, measured: Record<Kind | Other, Measured>) => Promise<Result>;
  },
): Promise<{ readonly measured: Record<Kind | Other, Measured>; readonly result: Result }> {
  const contenders = new Map<Kind, Contender>();
  try {
    for (const kind of wanted.kinds) {
      const bench = await room.newDatabase();
      const place = await furnish(bench.database, wanted.accounts);
      contenders.set(kind, { bench, place, server: await startServer(bench.url, kind) });
    }
    const ours = contenders.get(wanted.kinds[0]!)!;
    const books = Object.fromEntries(
      [...contenders].map(([kind, { server, place }]) => {
        const script = wanted.script(place, kind);
        const load = {
          server,
          connections: wanted.connections,
          script,
          databaseCpuMicros: room.databaseCpuMicros,
        };
        return [kind, (seconds: number) => runLoad({ ...load, seconds })];
      }),
    );
    const variants = { ...books, ...(await wanted.others?.(ours)) } as Record<Kind | Other, Measure>;
    const measured = await interleave(room.measures, variants);
    const result = await wanted.after(ours, measured);
    return { measured, result };
  } finally {
    for (const { server, bench } of contenders.values()) {
      await server.stop();
      await bench.drop();
    }
  }
}
