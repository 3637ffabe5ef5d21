/**
 * What time does by itself, in one order: kinds of things that fall due, each at its instant. The rules that tell the
 * next one for an object are pure and in the files beside (`due-subscription.ts`, ...). Nothing of it is stored: what is
 * due follows from the objects alone, so a process that was killed finds it again.
 */

/**
 * In the order in which they happen when several share an instant: what ends goes before what renews, a schedule's new
 * phase before the renewal that bills it, and notices before what they announce.
 */
const ORDER = [
  "refund_finishes",
  "tax_id_answered",
  "session_expires",
  "clock_expires",
  "subscription_expires",
  "pending_update_expires",
  "trial_will_end",
  "collection_resumes",
  "schedule_starts",
  "schedule_moves_on",
  "subscription_cancels",
  "subscription_renews",
  "invoice_upcoming",
  "schedule_expiring",
  "invoice_finalizes",
  "invoice_retried",
  "invoice_will_be_due",
  "invoice_overdue",
] as const;

export type DueKind = (typeof ORDER)[number];

export interface Due {
  kind: DueKind;
  /** Unix seconds, in the time of the object's customer. It may lie in the past of who asks: then it is due now. */
  at: number;
}

/** What was already announced of an object, by kind: the instant that it was said for. */
export type Told = Partial<Record<string, number>>;

export function rankOf(kind: DueKind): number {
  return ORDER.indexOf(kind);
}

/** The first of several that may be absent. */
export function firstDue(candidates: (Due | null)[]): Due | null {
  const present = candidates.filter((due) => due !== null);
  return present.toSorted((a, b) => a.at - b.at || rankOf(a.kind) - rankOf(b.kind))[0] ?? null;
}
