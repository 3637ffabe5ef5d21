import { messages, type PGlite } from "@electric-sql/pglite";
import { Exchange, type Answer, type Prepared } from "./exchange.ts";
import { Packet } from "./packet.ts";
import { BEGIN, COMMIT, PLAN_BY_INDEX, ROLLBACK, type Session, type Statement } from "./session.ts";

/** The one connection that the embedded database has, with what was prepared on it. */
export interface EmbeddedLink {
  readonly pglite: PGlite;
  readonly prepared: Prepared;
  readonly packet: Packet;
}

export function embeddedLink(pglite: PGlite): EmbeddedLink {
  return { pglite, prepared: new Map(), packet: new Packet() };
}

/**
 * A session on the embedded database: it shares the one connection that there is, and waits in its queue. Its
 * statements travel together as those of PostgreSQL do, in the same packets: through PGlite's `query` each statement of
 * each batch was parsed, described and planned anew, which took most of a deduction's time.
 */
export function embeddedSession(link: EmbeddedLink): Session {
  return {
    read: (statement) => alone(link, async () => (await exchange(link, [SETTINGS, statement])).at(-1)!.rows),
    transact: (reads, decide) =>
      alone(link, async () => {
        try {
          const [, , ...answers] = await exchange(link, [BEGIN, SETTINGS, ...reads]);
          const { writes, result } = decide(answers.map(({ rows }) => rows));
          const written = await exchange(link, [...writes, COMMIT]);
          // A commit of what has failed is answered as a rollback; the error before it has been thrown by then.
          if (written.at(-1)!.command !== "COMMIT") throw new Error("The database rolled back.");
          return result;
        } catch (error) {
          // Outside a transaction, which a refused commit has ended, this is a warning.
          await exchange(link, [ROLLBACK]);
          throw error;
        }
      }),
    close: () => Promise.resolve(),
  };
}

/** For this transaction only: pages and jobs share the connection and plan as they like. */
const SETTINGS: Statement = {
  name: "settings",
  text: `select ${PLAN_BY_INDEX.map(([name, value]) => `set_config('${name}', '${value}', true)`).join(", ")}`,
  values: [],
};

/** Nothing else speaks to the database until the work is done. */
function alone<Result>({ pglite }: EmbeddedLink, work: () => Promise<Result>): Promise<Result> {
  return pglite._runExclusiveTransaction(work);
}

/** @throws the error of the first statement that failed; those after it were not carried out */
async function exchange(link: EmbeddedLink, statements: readonly Statement[]): Promise<readonly Answer[]> {
  const sent = new Exchange(statements, link);
  const answered = await link.pglite.execProtocol(sent.bytes(), { throwOnError: false, syncToFs: false });
  for (const message of answered.messages) {
    if (message instanceof messages.DataRowMessage) sent.handleDataRow(message);
    else if (message instanceof messages.RowDescriptionMessage) sent.handleRowDescription(message);
    else if (message instanceof messages.CommandCompleteMessage) sent.handleCommandComplete(message);
    else if (message instanceof messages.DatabaseError) sent.handleError(message);
    else if (message.name === "readyForQuery") sent.handleReadyForQuery();
  }
  return sent.answers;
}
