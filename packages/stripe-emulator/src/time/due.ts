/**
 * What time does by itself, as pure rules: given an object, the next thing that falls due for it and when. Nothing here
 * is stored: what is due follows from the objects alone, so a process that was killed finds it again.
 *
 * At one instant things happen in the order of `ORDER`: what ends goes before what renews.
 */
import type { CheckoutSession } from "../entities/checkout-session.ts";
import type { TestClock } from "../entities/test-clock.ts";

/** Everything that falls due, in the order in which it happens when several share an instant. */
const ORDER = ["session_expires", "clock_expires"] as const;

export type DueKind = (typeof ORDER)[number];

export interface Due {
  kind: DueKind;
  /** Unix seconds, in the time of the object's customer. It may lie in the past of who asks. */
  at: number;
}

export function rankOf(kind: DueKind): number {
  return ORDER.indexOf(kind);
}

/** The first of several that may be absent. */
export function firstDue(candidates: (Due | null)[]): Due | null {
  const present = candidates.filter((due) => due !== null);
  return present.toSorted((a, b) => a.at - b.at || rankOf(a.kind) - rankOf(b.kind))[0] ?? null;
}

export function dueOfSession(session: CheckoutSession): Due | null {
  return session.status === "open" ? { kind: "session_expires", at: session.expires_at } : null;
}

/** A clock is not taken away under what advances on it. */
export function dueOfClock(clock: TestClock): Due | null {
  return clock.status === "advancing" ? null : { kind: "clock_expires", at: clock.deletes_after };
}
