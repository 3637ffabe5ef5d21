import { invariant } from "../kernel/invariant.ts";
import { contains, type Instant, type Span } from "../kernel/time.ts";
import { addMonths, monthIndex } from "./months.ts";

/** From `startsAt` on, usage windows are cut at `anchorAt` plus whole months. Kept sorted by `startsAt`. */
export interface Anchoring {
  readonly startsAt: Instant;
  readonly anchorAt: Instant;
  /** How it is billed; a change of it starts a window at zero even where the anchor happens to be the same instant. */
  readonly interval?: string | null;
}

function sharesWindows(one: Anchoring, other: Anchoring): boolean {
  return one.anchorAt === other.anchorAt && one.interval === other.interval;
}

/**
 * The window that was last asked for, of each account's anchorings: the commands of a batch nearly all fall in the same
 * one, and to compute it took half of the time of applying them.
 */
const lastWindows = new WeakMap<readonly Anchoring[], Span>();

/**
 * The usage window that holds `at` (P1). Windows tile time: every instant is in exactly one.
 * A change of anchor or interval ends the running window and starts one at zero; the same ones let it go on.
 * Instants before the first anchoring fall in month slices of the first anchor.
 */
export function usageWindowAt(anchorings: readonly Anchoring[], at: Instant): Span {
  let window = lastWindows.get(anchorings);
  if (window === undefined || !contains(window, at)) {
    window = computeWindow(anchorings, at);
    lastWindows.set(anchorings, window);
  }
  return window;
}

function computeWindow(anchorings: readonly Anchoring[], at: Instant): Span {
  invariant(anchorings.length > 0, "an account has an entitlement from its creation on");
  const index = Math.max(
    0,
    anchorings.findLastIndex((each) => each.startsAt <= at),
  );
  const current = anchorings[index]!;
  const { anchorAt } = current;

  const month = monthIndex(anchorAt, at);
  const slice = { startsAt: addMonths(anchorAt, month), endsAt: addMonths(anchorAt, month + 1) };

  const before = anchorings.slice(0, index).findLastIndex((each) => !sharesWindows(each, current));
  const ownStartsAt = before === -1 ? slice.startsAt : anchorings[before + 1]!.startsAt;
  const successor = anchorings.slice(index + 1).find((each) => !sharesWindows(each, current));
  return {
    startsAt: Math.max(slice.startsAt, ownStartsAt),
    endsAt: Math.min(slice.endsAt, successor?.startsAt ?? slice.endsAt),
  };
}
