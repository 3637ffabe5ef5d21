import { invariant } from "../kernel/invariant.ts";
import type { Instant, Span } from "../kernel/time.ts";
import { addMonths, monthIndex } from "./months.ts";

/** From `startsAt` on, usage windows are cut at `anchorAt` plus whole months. Kept sorted by `startsAt`. */
export interface Anchoring {
  readonly startsAt: Instant;
  readonly anchorAt: Instant;
}

/**
 * The usage window that holds `at` (P1). Windows tile time: every instant is in exactly one.
 * A change of anchor ends the running window and starts one at zero; the same anchor lets it go on.
 * Instants before the first anchoring fall in month slices of the first anchor.
 */
export function usageWindowAt(anchorings: readonly Anchoring[], at: Instant): Span {
  invariant(anchorings.length > 0, "an account has an entitlement from its creation on");
  const index = Math.max(
    0,
    anchorings.findLastIndex((each) => each.startsAt <= at),
  );
  const { anchorAt } = anchorings[index]!;

  const month = monthIndex(anchorAt, at);
  const slice = { startsAt: addMonths(anchorAt, month), endsAt: addMonths(anchorAt, month + 1) };

  const before = anchorings.slice(0, index).findLastIndex((each) => each.anchorAt !== anchorAt);
  const ownStartsAt = before === -1 ? slice.startsAt : anchorings[before + 1]!.startsAt;
  const successor = anchorings.slice(index + 1).find((each) => each.anchorAt !== anchorAt);
  return {
    startsAt: Math.max(slice.startsAt, ownStartsAt),
    endsAt: Math.min(slice.endsAt, successor?.startsAt ?? slice.endsAt),
  };
}
