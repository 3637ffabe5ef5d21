import type { PGlite } from "@electric-sql/pglite";
import type { Rows, Session } from "./session.ts";

/** A session on the embedded database: it shares the one connection that there is, and waits in its queue. */
export function embeddedSession(pglite: PGlite): Session {
  return {
    read: async ({ text, values }) => (await pglite.query(text, [...values])).rows,
    transact: (reads, decide) =>
      pglite.transaction(async (transaction) => {
        const read: Rows[] = [];
        for (const { text, values } of reads) read.push((await transaction.query(text, [...values])).rows);
        const { writes, result } = decide(read);
        for (const { text, values } of writes) await transaction.query(text, [...values]);
        return result;
      }),
    close: () => Promise.resolve(),
  };
}
