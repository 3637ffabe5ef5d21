/** When a subscription moves by itself: it expires, is canceled, renews, or something is announced. */
import type { AccountSettings } from "../account.ts";
import type { Subscription, SubscriptionItem } from "../entities/subscription.ts";
import { firstDue, type Due, type Told } from "./due.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** A first invoice must be paid within this time, or the subscription never begins (docs: 23 hours). */
const INCOMPLETE_SECONDS = 23 * HOUR;

export interface SubscriptionFacts {
  subscription: Subscription;
  items: SubscriptionItem[];
  told: Told;
  settings: Pick<AccountSettings, "trialWillEndDays" | "upcomingInvoiceDays">;
}

/** Those whose periods end by themselves. A paused one makes no invoices, and an incomplete one has not begun. */
const RENEWING: Subscription["status"][] = ["trialing", "active", "past_due", "unpaid"];

export function dueOfSubscription(facts: SubscriptionFacts): Due | null {
  const { subscription } = facts;
  if (subscription.status === "incomplete") {
    return { kind: "subscription_expires", at: subscription.created + INCOMPLETE_SECONDS };
  }
  if (!RENEWING.includes(subscription.status) && subscription.status !== "paused") return null;
  return firstDue([
    subscription.cancel_at === null ? null : { kind: "subscription_cancels", at: subscription.cancel_at },
    ...(subscription.status === "paused" ? [] : [renewal(facts), upcoming(facts)]),
    pendingUpdate(subscription),
    trialWillEnd(facts),
    resumption(subscription),
  ]);
}

/** The item whose period ends first; others that end with it renew with it. */
function endingFirst(items: SubscriptionItem[]): SubscriptionItem | undefined {
  return items.toSorted((a, b) => a.current_period_end - b.current_period_end)[0];
}

function renewal({ items }: SubscriptionFacts): Due | null {
  const first = endingFirst(items);
  return first === undefined ? null : { kind: "subscription_renews", at: first.current_period_end };
}

function upcoming({ subscription, items, told, settings }: SubscriptionFacts): Due | null {
  const first = endingFirst(items);
  if (first === undefined || settings.upcomingInvoiceDays === 0) return null;
  const end = first.current_period_end;
  const at = end - settings.upcomingInvoiceDays * DAY;
  const endsBefore = subscription.cancel_at !== null && subscription.cancel_at <= end;
  if (endsBefore || at < first.current_period_start || told["invoice_upcoming"] === end) return null;
  return { kind: "invoice_upcoming", at };
}

function trialWillEnd({ subscription, told, settings }: SubscriptionFacts): Due | null {
  const { status, trial_end, trial_start } = subscription;
  if (status !== "trialing" || trial_end === null || told["trial_will_end"] === trial_end) return null;
  const at = Math.max(trial_end - settings.trialWillEndDays * DAY, trial_start ?? subscription.created);
  return { kind: "trial_will_end", at };
}

function pendingUpdate({ pending_update: pending }: Subscription): Due | null {
  return pending === null ? null : { kind: "pending_update_expires", at: pending.expires_at };
}

function resumption({ pause_collection: pause }: Subscription): Due | null {
  return pause?.resumes_at == null ? null : { kind: "collection_resumes", at: pause.resumes_at };
}
