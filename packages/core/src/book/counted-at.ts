import { entitlementAt, type Entitlement, type EntitlementFacts } from "../entitlements/entitlement.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { contains, HOUR_MS, MINUTE_MS, type Instant, type Span } from "../kernel/time.ts";
import { usageWindowAt } from "../periods/usage-window.ts";
import type { EventCommand } from "./command.ts";

/** The most that a sender's clock may be ahead of ours; an event exactly so far ahead is still taken (P2). */
export const FUTURE_TOLERANCE_MS = 5 * MINUTE_MS;

/** How long after its end a window takes late events, unless a product sets it otherwise (P2). */
export const DEFAULT_LATE_GRACE_MS = HOUR_MS;

/** What the book's rules need besides facts and commands. */
export interface BookContext {
  readonly catalog: Catalog;
  /** A window takes events received before its end plus this, exclusive; then its allocation lapses. */
  readonly lateGraceMs: number;
}

export function bookContext(catalog: Catalog, lateGraceMs = DEFAULT_LATE_GRACE_MS): BookContext {
  return { catalog, lateGraceMs };
}

/** The instant that an event counts at: its window and its day follow from it. */
export interface Counted {
  readonly at: Instant;
  readonly late: boolean;
}

export function isTooEarly({ time, receivedAt }: Pick<EventCommand, "time" | "receivedAt">): boolean {
  return time > receivedAt + FUTURE_TOLERANCE_MS;
}

/**
 * P2: an event counts in the window of its time. When that window is over for longer than the grace time it counts
 * at its receipt and is marked late. An enforced event asks for permission now, so it counts now; history that is
 * filled in counts in the window of its time, closed or not.
 */
export function countedAt(context: BookContext, facts: EntitlementFacts, event: EventCommand): Counted {
  const { mode, time, receivedAt } = event;
  if (mode === "enforced") return { at: receivedAt, late: false };
  if (mode === "backfill") return { at: time, late: false };
  const ownWindow = usageWindowAt(facts.slices, time);
  const late = isClosed(context, ownWindow, receivedAt);
  return { at: late ? receivedAt : time, late };
}

/** From its end plus the grace time on (inclusive) a window takes nothing more. */
export function isClosed(context: BookContext, window: Span, now: Instant): boolean {
  return now >= window.endsAt + context.lateGraceMs;
}

/**
 * The entitlement whose limits hold for a window as seen now: today's for the running window, so that an upgrade
 * applies at once to what was used (P1); the last one for a window that is over.
 */
export function entitlementOf(
  context: BookContext,
  facts: EntitlementFacts,
  { window, now }: { window: Span; now: Instant },
): Entitlement {
  const within = contains(window, now) ? now : now < window.startsAt ? window.startsAt : window.endsAt - 1;
  return entitlementAt(context.catalog, facts, within);
}
