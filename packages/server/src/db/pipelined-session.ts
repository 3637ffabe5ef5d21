import pg from "pg";
import { Exchange, type Answer, type Prepared } from "./exchange.ts";
import { Packet } from "./packet.ts";
import {
  BEGIN,
  COMMIT,
  LostCommitError,
  PLAN_BY_INDEX,
  ROLLBACK,
  type Decision,
  type Rows,
  type Session,
  type Statement,
} from "./session.ts";
import { STEP_DOWN } from "./step-down.ts";

/**
 * A session on PostgreSQL that sends statements together instead of waiting for each one's answer: a transaction costs
 * two round trips, about half of its time on a busy machine (docs/benchmarks.md).
 *
 * It connects when it is first used, and again after the connection was lost.
 */
export class PipelinedSession implements Session {
  readonly #config: pg.ClientConfig;
  #link: Promise<Link> | null = null;
  /** Reads that come while one is under way wait for it. */
  #lastRead: Promise<unknown> = Promise.resolve();

  constructor(config: pg.ClientConfig) {
    this.#config = config;
  }

  read(statement: Statement): Promise<Rows> {
    const send = async () => {
      const [answer] = await exchange(await this.#connected(), [statement]);
      return answer!.rows;
    };
    const answer = this.#lastRead.then(send, send);
    this.#lastRead = answer;
    return answer;
  }

  async transact<Result>(
    reads: readonly Statement[],
    decide: (rows: readonly Rows[]) => Decision<Result>,
  ): Promise<Result> {
    const link = await this.#connected();
    let decision: Decision<Result>;
    try {
      const [, ...answers] = await exchange(link, [BEGIN, ...reads]);
      decision = decide(answers.map(({ rows }) => rows));
    } catch (error) {
      await rollback(link);
      throw error;
    }
    await commit(link, decision.writes);
    return decision.result;
  }

  async close(): Promise<void> {
    const link = await this.#link?.catch(() => null);
    await link?.client.end();
  }

  #connected(): Promise<Link> {
    this.#link ??= this.#connect();
    return this.#link;
  }

  async #connect(): Promise<Link> {
    const client = new pg.Client({ ...this.#config, keepAlive: true });
    const forget = () => (this.#link = null);
    // Those who wait on a broken connection get the error by their statement; the next one connects anew.
    client.on("error", forget).on("end", forget);
    try {
      await client.connect();
      await client.query(STEP_DOWN);
      await client.query(SETTINGS);
      return { client, prepared: new Map(), packet: new Packet() };
    } catch (error) {
      forget();
      await client.end().catch(() => {});
      throw error;
    }
  }
}

interface Link {
  readonly client: pg.Client;
  readonly prepared: Prepared;
  readonly packet: Packet;
}

const SETTINGS = PLAN_BY_INDEX.map(([name, value]) => `set ${name} = ${value}`).join("; ");

/** @throws the error of the first statement that failed; those after it were not carried out */
function exchange(link: Link, statements: readonly Statement[]): Promise<readonly Answer[]> {
  return link.client.query(new Exchange(statements, link)).answers;
}

/**
 * Only the answer to the commit tells whether anything was written: without one nobody knows, unless a write before it
 * was refused, because then the server never came to it.
 */
async function commit(link: Link, writes: readonly Statement[]): Promise<void> {
  const sent = link.client.query(new Exchange([...writes, COMMIT], link));
  let answers: readonly Answer[];
  try {
    answers = await sent.answers;
  } catch (error) {
    const isRefused = error instanceof pg.DatabaseError;
    const isAlive = await rollback(link);
    if (!sent.isSent) throw error;
    if (isRefused && sent.completed < writes.length) throw error;
    // A server that refuses a commit goes on with the session; one that is going down does not, and may have committed.
    if (isRefused && isAlive) throw error;
    throw new LostCommitError(error);
  }
  if (answers.at(-1)!.command !== "COMMIT") {
    throw new Error("The server rolled back what it was told to commit.");
  }
}

/** @returns false where the connection has failed, which has ended the transaction as well */
function rollback(link: Link): Promise<boolean> {
  return exchange(link, [ROLLBACK]).then(
    () => true,
    () => false,
  );
}
