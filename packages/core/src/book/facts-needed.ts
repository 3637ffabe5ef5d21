import type { AccountId } from "../kernel/ids.ts";
import { DAY_MS, type Instant } from "../kernel/time.ts";
import type { Command, EventCommand } from "./command.ts";
import type { BookContext } from "./counted-at.ts";

/** What must be loaded of one account so that `apply` decides its commands as if it knew everything. */
export interface FactsNeeded {
  readonly accountId: AccountId;
  /** Counters and allocations of windows that start after this; and every allocation that is not empty. */
  readonly windowsStartAfter: Instant;
  /** Holds that expire after this instant still reserve. */
  readonly holdsExpireAfter: Instant;
  readonly holdIds: readonly string[];
  readonly eventIds: readonly string[];
  /** Sources of ledger entries, of any kind. */
  readonly sources: readonly string[];
}

/** A usage window is a month at most, so one that holds an instant starts less than this before it. */
const WINDOW_MS_MAX = 32 * DAY_MS;

export function factsNeeded(context: BookContext, commands: readonly Command[]): FactsNeeded[] {
  const byAccount = Map.groupBy(commands, (command) => command.accountId);
  return [...byAccount].map(([accountId, theirs]) => factsOfAccount(context, accountId, theirs));
}

/** The facts for no command: what a read of the account at `now` needs. */
export function factsForRead(accountId: AccountId, now: Instant): FactsNeeded {
  const windowsStartAfter = now - WINDOW_MS_MAX;
  return { accountId, windowsStartAfter, holdsExpireAfter: now, holdIds: [], eventIds: [], sources: [] };
}

function factsOfAccount(
  context: BookContext,
  accountId: AccountId,
  commands: readonly Command[],
): FactsNeeded {
  let oldestAt = Infinity;
  let oldestReceivedAt = Infinity;
  const holdIds: string[] = [];
  const eventIds: string[] = [];
  const sources: string[] = [];
  for (const command of commands) {
    oldestReceivedAt = Math.min(oldestReceivedAt, command.receivedAt);
    switch (command.type) {
      case "event":
        oldestAt = Math.min(oldestAt, oldestCountedAt(context, command));
        eventIds.push(command.eventId);
        sources.push(`event:${command.eventId}`);
        break;
      case "grant":
      case "take_back":
        sources.push(command.source);
        break;
      case "hold":
      case "settle":
      case "release":
        holdIds.push(command.holdId);
    }
  }
  return {
    accountId,
    windowsStartAfter: Math.min(oldestAt, oldestReceivedAt) - WINDOW_MS_MAX,
    holdsExpireAfter: oldestReceivedAt,
    holdIds,
    eventIds,
    sources,
  };
}

/** An event too old for its own window counts at its receipt, so its time asks for nothing older (P2). */
function oldestCountedAt(context: BookContext, event: EventCommand): Instant {
  if (event.mode === "backfill") return event.time;
  return Math.max(event.time, event.receivedAt - WINDOW_MS_MAX - context.lateGraceMs);
}
