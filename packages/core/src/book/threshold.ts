import type { Meter } from "../catalog/catalog.ts";
import { percentOf } from "../kernel/amounts.ts";
import { contains, type Instant, type Span } from "../kernel/time.ts";
import { entitlementOf, type BookContext } from "./counted-at.ts";
import type { Draft } from "./draft.ts";

/** U5, highest first. One event that passes both tells only the higher: it says everything that the lower would. */
const THRESHOLDS = [100, 80] as const;

/**
 * Tells that a meter has come to 80 % or 100 % of its limit, each once per window, also when a level sinks and rises
 * again or an upgrade moves the limit. A window that is over alerts nobody: there is nothing left to do about it.
 */
export function noticeThreshold(
  context: BookContext,
  draft: Draft,
  { meter, window, now }: { meter: Meter; window: Span; now: Instant },
): void {
  if (!contains(window, now)) return;
  const counter = draft.counterOf({ meterId: meter.id, window: meter.kind === "level" ? null : window });
  const { limits } = entitlementOf(context, draft.before.entitlements, { window, now });
  const limit = limits[meter.id] ?? null;
  // A plan without any of it is at its limit from the start; that is told when something is used.
  if (counter === undefined || counter.used === 0 || limit === null) return;

  const percent = percentOf(counter.used, limit);
  const reached = THRESHOLDS.find((threshold) => percent >= threshold);
  const told = counter.alertWindowStartsAt === window.startsAt ? counter.alertPercent : 0;
  if (reached === undefined || reached <= told) return;
  draft.notify(counter, {
    topic: "usage.threshold_reached",
    accountId: draft.before.accountId,
    meterId: meter.id,
    percent: reached,
    used: counter.used,
    limit,
    windowStartsAt: window.startsAt,
    windowEndsAt: window.endsAt,
    at: now,
  });
}
