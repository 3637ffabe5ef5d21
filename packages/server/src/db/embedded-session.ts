import type { PGlite } from "@electric-sql/pglite";
import { plainValues, type Rows, type Session, type Statement } from "./session.ts";

/** A session on the embedded database: it shares the one connection that there is, and waits in its queue. */
export function embeddedSession(pglite: PGlite): Session {
  return {
    read: (statement) => run(pglite, statement),
    transact: (reads, decide) =>
      pglite.transaction(async (transaction) => {
        const read: Rows[] = [];
        for (const statement of reads) read.push(await run(transaction, statement));
        const { writes, result } = decide(read);
        for (const statement of writes) await run(transaction, statement);
        return result;
      }),
    close: () => Promise.resolve(),
  };
}

async function run(on: Pick<PGlite, "query">, statement: Statement): Promise<Rows> {
  return (await on.query(statement.text, plainValues(statement))).rows;
}
