import type { AccountId, Catalog, Clock } from "@bursar/core";
import type { BookOutcome } from "../book/book-outcome.ts";
import type { Book, SubmittedCommand } from "../book/book.ts";
import { readEvent, type EventRefusal, type ReportedEvent } from "./read-events.ts";
import { sayRefusal } from "./refusals.ts";

/** An event with its account, or the reason why it has none. `id` is `null` where not even that could be read. */
export type IncomingEvent =
  | { readonly id: string; readonly accountId: AccountId; readonly event: ReportedEvent }
  | { readonly id: string | null; readonly refusal: EventRefusal };

export interface EventResult {
  readonly id: string | null;
  readonly status: "accepted" | "duplicate" | "refused";
  /** Its window was over for longer than the grace time, so it counts in the current one (P2). */
  readonly late?: true;
  readonly code?: string;
  readonly detail?: string;
}

/** Records what can be recorded and answers for each event by itself, in their order (U3). Answered means durable. */
export async function ingest(
  { book, catalog, clock }: { book: Book; catalog: Catalog; clock: Clock },
  events: readonly IncomingEvent[],
): Promise<EventResult[]> {
  const read = events.map((each) => {
    if ("refusal" in each) return { id: each.id, refusal: each.refusal };
    const { accountId } = each;
    const command = readEvent(catalog, each.event, { accountId, now: clock.now(accountId) });
    return "code" in command ? { id: each.id, refusal: command } : { id: each.id, command };
  });
  const commands = read.flatMap((each): SubmittedCommand[] =>
    "command" in each && each.command ? [each.command] : [],
  );
  const outcomes = (await book.submitAll(commands)).values();
  return read.map(({ id, refusal }) =>
    refusal === undefined
      ? toResult(catalog, id, outcomes.next().value!)
      : { id, status: "refused", ...refusal },
  );
}

function toResult(catalog: Catalog, id: string | null, outcome: BookOutcome): EventResult {
  if (outcome.code === "duplicate") return { id, status: "duplicate" };
  if (outcome.code === "recorded" && outcome.late) return { id, status: "accepted", late: true };
  const refusal = sayRefusal(catalog, outcome);
  return refusal === null ? { id, status: "accepted" } : { id, status: "refused", ...refusal };
}
