import { nextTurn } from "../db/turn.ts";
import { runBatch, type BatchRoom, type Submission } from "./batch.ts";
import type { BookOutcome } from "./book-outcome.ts";

export type OnBatch = () => (decided: readonly { type: string; outcome: string }[]) => void;

/** A submission and who waits for its outcome. */
interface Waiting extends Submission {
  readonly answer: (outcome: BookOutcome) => void;
}

/**
 * A thousand commands make a transaction of some tens of milliseconds; larger ones gain nothing (measured gains end
 * near 250) and hold the accounts' rows for longer.
 */
const BATCH_MAX = 1_000;

/**
 * One worker over one database connection. It takes everything that came while its last batch was committed: an idle
 * lane answers one command at once, a busy one makes large batches by itself, and no timer is involved.
 */
export class Lane {
  readonly #room: BatchRoom & { readonly onBatch: OnBatch };
  readonly #queue: Waiting[] = [];
  #running: Promise<void> | null = null;

  constructor(room: BatchRoom & { readonly onBatch: OnBatch }) {
    this.#room = room;
  }

  /** Commands that no batch has taken yet. */
  get queued(): number {
    return this.#queue.length;
  }

  submit(submission: Submission): Promise<BookOutcome> {
    return new Promise((answer) => {
      this.#queue.push({ ...submission, answer });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when everything that was submitted has been answered; nothing may be submitted after it. */
  async close(): Promise<void> {
    await this.#running;
    await this.#room.session.close();
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      // Those who come together join one batch, the first one too.
      await nextTurn();
      const batch = this.#queue.splice(0, BATCH_MAX);
      const ended = this.#room.onBatch();
      const outcomes = await runBatch(this.#room, batch);
      ended(
        batch.map(({ command: { type } }, index) => ({ type, outcome: outcomes[index]?.code ?? "failed" })),
      );
      batch.forEach(({ answer }, index) => answer(outcomes[index] ?? { code: "failed" }));
    }
    this.#running = null;
  }
}
