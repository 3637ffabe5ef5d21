import { findMeter, type Catalog } from "@bursar/core";
import type { BookOutcome, Undecided } from "../book/book-outcome.ts";
import type { EventRefusal } from "./read-events.ts";

/** Says an outcome of the book that is no success: what happened, and what would allow it. `null` for a success. */
export function sayRefusal(catalog: Catalog, outcome: BookOutcome): EventRefusal | null {
  switch (outcome.code) {
    case "recorded":
    case "duplicate":
    case "granted":
    case "taken_back":
    case "held":
    case "settled":
    case "released":
      return null;
    case "limit_reached": {
      const name = findMeter(catalog, outcome.meterId)?.name ?? outcome.meterId;
      const reset =
        outcome.resetsAt === null ? "Free some first" : `The limit resets at ${iso(outcome.resetsAt)}`;
      return {
        code: outcome.code,
        detail: `${name}: ${outcome.used} of ${outcome.limit} used, so ${outcome.requested} more would pass the limit. ${reset}, or choose a higher plan.`,
      };
    }
    case "insufficient_credits":
      return {
        code: outcome.code,
        detail: `${outcome.requestedTokens} tokens were asked for and ${Math.max(0, outcome.availableTokens)} are available. Buy credits, or wait for the next allocation at ${iso(outcome.resetsAt)}.`,
      };
    case "event_in_future":
      return {
        code: outcome.code,
        detail: `The event's time ${iso(outcome.time)} is in the future; the latest taken now is ${iso(outcome.latestAllowed)}. Check the sender's clock.`,
      };
    case "unknown_meter":
      return {
        code: outcome.code,
        detail: `There is no meter ${outcome.meterId}. The meters are ${outcome.meters.join(", ")}.`,
      };
    case "level_below_zero":
      return {
        code: outcome.code,
        detail: `${findMeter(catalog, outcome.meterId)?.name ?? outcome.meterId} stands at ${outcome.level} and cannot fall below 0. Send a smaller decrease.`,
      };
    case "hold_not_found":
      return { code: "not_found", detail: `There is no hold ${outcome.holdId} here.` };
    case "hold_closed":
      return {
        code: outcome.code,
        detail: `The hold ${outcome.holdId} was ${outcome.state} before, with another outcome.`,
      };
    case "hold_differs":
      return { code: "conflict", detail: `The hold ${outcome.holdId} exists with another number of tokens.` };
    case "too_many_holds":
      return {
        code: "conflict",
        detail: `The account has ${outcome.holdsMax} open holds, and no more may be open at once. Settle or release some, or let them expire sooner (ttlSeconds).`,
      };
    case "account_not_found":
      return {
        code: "not_found",
        detail: "There is no such account. Create it first with POST /api/accounts.",
      };
    case "busy":
    case "unavailable":
    case "unknown":
    case "failed":
      return sayUndecided(outcome);
  }
}

/** The book could not decide: whether it was recorded, and what to do. */
function sayUndecided(outcome: Undecided): EventRefusal {
  switch (outcome.code) {
    case "busy":
      return {
        code: "unavailable",
        detail: "Too much is waiting to be recorded. Nothing was recorded: send it again in a second.",
      };
    case "unavailable":
      return {
        code: "unavailable",
        detail: "The database cannot be written now. Nothing was recorded: send it again later.",
      };
    case "unknown":
      return {
        code: "unavailable",
        detail: "The connection to the database broke. Send the same id again: it counts once either way.",
      };
    case "failed":
      return {
        code: "internal",
        detail: "This could not be recorded, and nothing was. Please report it with the request id.",
      };
  }
}

const iso = (at: number): string => new Date(at).toISOString();
