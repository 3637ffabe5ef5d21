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
  #client: Promise<pg.Client> | null = null;

  constructor(config: pg.ClientConfig) {
    this.#config = config;
  }

  async read(statement: Statement): Promise<Rows> {
    const client = await this.#connected();
    return (await send(client, statement)).rows;
  }

  async transact<Result>(
    reads: readonly Statement[],
    decide: (rows: readonly Rows[]) => Decision<Result>,
  ): Promise<Result> {
    const client = await this.#connected();
    let decision: Decision<Result>;
    try {
      const begun = client.query("begin isolation level read committed");
      const [, ...read] = await Promise.all([begun, ...reads.map((each) => send(client, each))]);
      decision = decide(read.map(({ rows }) => rows));
    } catch (error) {
      // It fails only where the connection does, which has ended the transaction as well.
      await client.query("rollback").catch(() => {});
      throw error;
    }
    const writes = decision.writes.map((each) => send(client, each));
    await this.#untilCommitted(client, writes);
    return decision.result;
  }

  /**
   * Only the answer to the commit tells whether anything was written: after a write that failed the server answers it
   * with ROLLBACK, and without an answer nobody knows.
   */
  async #untilCommitted(client: pg.Client, writes: readonly Promise<unknown>[]): Promise<void> {
    const [committed, ...written] = await Promise.allSettled([client.query("commit"), ...writes]);
    const failed = written.find((each) => each.status === "rejected");
    if (committed.status === "fulfilled") {
      if (committed.value.command === "COMMIT") return;
      throw failed?.reason ?? new Error("The server rolled back what it was told to commit.");
    }
    // The server carries out statements in order: one that it refused before the commit left nothing to commit.
    if (failed !== undefined && isAnswer(failed.reason)) throw failed.reason;
    if (isAnswer(committed.reason) && (await answers(client))) throw committed.reason;
    throw new LostCommitError(committed.reason);
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => null);
    await client?.end();
  }

  #connected(): Promise<pg.Client> {
    this.#client ??= this.#connect();
    return this.#client;
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.#config, pipeline: true, keepAlive: true });
    const forget = () => (this.#client = null);
    // Those who wait on a broken connection get the error by their statement; the next one connects anew.
    client.on("error", forget).on("end", forget);
    try {
      await client.connect();
      await client.query(STEP_DOWN);
      await client.query(SETTINGS);
      return client;
    } catch (error) {
      forget();
      throw error;
    }
  }
}

/**
 * Every statement of a session finds its rows by an index. A plan that was made while the tables were small or never
 * analysed would scan them whole, and stay: the same work then takes three times as long, and longer with every row.
 */
const SETTINGS = "set enable_seqscan = off; set plan_cache_mode = force_generic_plan; set jit = off";

function send(client: pg.Client, { name, text, values }: Statement): Promise<pg.QueryResult<object>> {
  return client.query({ name, text, values: [...values] });
}

function isAnswer(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError;
}

/** A server that refuses a commit goes on with the session; one that is going down does not, and may have committed. */
function answers(client: pg.Client): Promise<boolean> {
  return client.query("rollback").then(
    () => true,
    () => false,
  );
}
