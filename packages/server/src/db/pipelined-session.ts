import { Socket } from "node:net";
import pg from "pg";
import { LostCommitError, type Decision, type Rows, type Session, type Statement } from "./session.ts";
import { STEP_DOWN } from "./step-down.ts";

/**
 * A session on PostgreSQL that sends statements without waiting for the answers to those before: a transaction costs
 * two round trips instead of one a statement, about half of its time on a busy machine (docs/benchmarks.md).
 *
 * It connects when it is first used, and again after the connection was lost.
 */
export class PipelinedSession implements Session {
  readonly #config: pg.ClientConfig;
  #link: Promise<Link> | null = null;

  constructor(config: pg.ClientConfig) {
    this.#config = config;
  }

  async read(statement: Statement): Promise<Rows> {
    const { client } = await this.#connected();
    return (await send(client, statement)).rows;
  }

  async transact<Result>(
    reads: readonly Statement[],
    decide: (rows: readonly Rows[]) => Decision<Result>,
  ): Promise<Result> {
    const link = await this.#connected();
    let decision: Decision<Result>;
    try {
      decision = decide(await begin(link, reads));
    } catch (error) {
      // This fails only where the connection does, which has ended the transaction as well.
      await link.client.query("rollback").catch(() => {});
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
    const socket = new Socket();
    const client = new pg.Client({ ...this.#config, stream: () => socket, pipeline: true, keepAlive: true });
    const forget = () => (this.#link = null);
    // Those who wait on a broken connection get the error by their statement; the next one connects anew.
    client.on("error", forget).on("end", forget);
    try {
      await client.connect();
      await client.query(STEP_DOWN);
      await client.query(SETTINGS);
      return { client, socket };
    } catch (error) {
      forget();
      await client.end().catch(() => {});
      throw error;
    }
  }
}

interface Link {
  readonly client: pg.Client;
  readonly socket: Socket;
}

/**
 * Every statement of a session finds its rows by an index. A plan that was made while the tables were small or never
 * analysed would scan them whole, and stay: the same work then takes three times as long, and longer with every row.
 * What a statement orders by must be had from an index too; so an order also says which index is meant.
 */
const SETTINGS = `
  set enable_seqscan = off;
  set enable_hashjoin = off;
  set enable_mergejoin = off;
  set enable_sort = off;
  set plan_cache_mode = force_generic_plan;
  set jit = off`;

function send(client: pg.Client, { name, text, values }: Statement): Promise<pg.QueryResult<object>> {
  return client.query({ name, text, values: [...values] });
}

/** Sends what `make` asks for in one packet: the system is called once, and the server woken once. */
function inOnePacket<Answers>({ client, socket }: Link, make: (client: pg.Client) => Answers): Answers {
  socket.cork();
  try {
    return make(client);
  } finally {
    socket.uncork();
  }
}

/** @throws the first error; what follows it in an aborted transaction says nothing more */
async function begin(link: Link, reads: readonly Statement[]): Promise<Rows[]> {
  const [, ...read] = await Promise.all(
    inOnePacket(link, (client) => [
      client.query("begin isolation level read committed"),
      ...reads.map((each) => send(client, each)),
    ]),
  );
  return read.map(({ rows }) => rows);
}

/**
 * Only the answer to the commit tells whether anything was written: after a write that failed the server answers it
 * with ROLLBACK, and without an answer nobody knows.
 */
async function commit(link: Link, writes: readonly Statement[]): Promise<void> {
  const answers = await Promise.allSettled(
    inOnePacket(link, (client) => [...writes.map((each) => send(client, each)), client.query("commit")]),
  );
  const committed = answers.at(-1)!;
  const failed = answers.slice(0, -1).find((each) => each.status === "rejected");
  if (committed.status === "fulfilled") {
    if (committed.value.command === "COMMIT") return;
    throw failed?.reason ?? new Error("The server rolled back what it was told to commit.");
  }
  // The server carries out statements in order: one that it refused before the commit left nothing to commit.
  if (failed !== undefined && isAnswer(failed.reason)) throw failed.reason;
  if (isAnswer(committed.reason) && (await isAlive(link))) throw committed.reason;
  throw new LostCommitError(committed.reason);
}

function isAnswer(error: unknown): boolean {
  return error instanceof pg.DatabaseError;
}

/** A server that refuses a commit goes on with the session; one that is going down does not, and may have committed. */
function isAlive({ client }: Link): Promise<boolean> {
  return client.query("rollback").then(
    () => true,
    () => false,
  );
}
