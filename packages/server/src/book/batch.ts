import { apply, factsNeeded, type BookContext, type Command, type Outcome } from "@bursar/core";
import type { Session } from "../db/session.ts";
import { failureOf } from "./failure.ts";
import type { BookOutcome } from "./book-outcome.ts";
import { writeBatch, type RawEvent } from "./store.ts";
import { lockAccounts, readFacts, readKnown, toStates } from "./store-facts.ts";

/** A command with what is stored beside it and decides nothing. */
export interface Submission {
  readonly command: Command;
  /** Of an event, as JSON text. */
  readonly properties: string | null;
}

/** What a batch needs besides its commands. */
export interface BatchRoom {
  readonly session: Session;
  readonly context: BookContext;
  /** Told of every failure, with its cause, before anybody is answered. */
  readonly onFailure: (error: unknown, commands: number) => void;
}

/** Lost races are rare (accounts are locked in order); this many in a row mean that something else is wrong. */
const TRIES_MAX = 4;

/**
 * Carries out a batch in one transaction. A batch that fails by its content is halved until the command at fault
 * stands alone and fails alone. Every answer is true: what is answered as recorded has been committed.
 */
export async function runBatch(
  room: BatchRoom,
  batch: readonly Submission[],
): Promise<readonly BookOutcome[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await commitBatch(room, batch);
    } catch (error) {
      room.onFailure(error, batch.length);
      const failure = failureOf(error);
      if (failure === "conflict" && tries < TRIES_MAX) continue;
      if (failure === "batch") return isolate(room, batch);
      return batch.map(() => ({ code: failure === "commit_lost" ? "unknown" : "unavailable" }));
    }
  }
}

async function isolate(room: BatchRoom, batch: readonly Submission[]): Promise<readonly BookOutcome[]> {
  if (batch.length === 1) return [{ code: "failed" }];
  const middle = Math.ceil(batch.length / 2);
  const first = await runBatch(room, batch.slice(0, middle));
  const second = await runBatch(room, batch.slice(middle));
  return [...first, ...second];
}

function commitBatch(
  { session, context }: BatchRoom,
  batch: readonly Submission[],
): Promise<readonly Outcome[]> {
  const commands = batch.map(({ command }) => command);
  const needed = factsNeeded(context, commands);
  return session.transact(
    [lockAccounts(needed), readFacts(needed), readKnown(needed)],
    ([, facts, known]) => {
      const { outcomes, writes } = apply(context, toStates(facts!, known), commands);
      return { writes: writeBatch(writes, recordedEvents(batch, outcomes)), result: outcomes };
    },
  );
}

function recordedEvents(batch: readonly Submission[], outcomes: readonly Outcome[]): RawEvent[] {
  return batch.flatMap(({ command, properties }, index) => {
    const outcome = outcomes[index];
    if (command.type !== "event" || outcome?.code !== "recorded") return [];
    return [{ event: command, late: outcome.late, properties }];
  });
}
