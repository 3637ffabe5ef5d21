/** What `pending_if_incomplete` allows, and how long such an update waits. */
import type { Subscription, SubscriptionItem } from "../../entities/subscription.ts";
import { invalidRequest } from "../../wire/errors.ts";

const ALLOWED = [
  "add_invoice_items", "billing_cycle_anchor", "cancel_at_period_end", "discounts", "expand", "items", "metadata",
  "off_session", "payment_behavior", "proration_behavior", "proration_date", "trial_end", "trial_from_plan",
]; // prettier-ignore
const ALLOWED_OF_ITEMS = ["id", "price", "price_data", "quantity", "deleted"];

export function checkPendingParams(
  subscription: Subscription,
  params: { items?: object[] | null | undefined } & object,
): void {
  const refused =
    Object.keys(params).find((name) => !ALLOWED.includes(name)) ??
    (params.items ?? [])
      .flatMap((item) => Object.keys(item))
      .find((name) => !ALLOWED_OF_ITEMS.includes(name));
  if (refused !== undefined) {
    throw invalidRequest(
      `You cannot update \`${refused}\` with \`payment_behavior=pending_if_incomplete\`. Update it in a request of its own.`,
      { param: refused },
    );
  }
  if (subscription.collection_method === "send_invoice") {
    throw invalidRequest(
      "`payment_behavior=pending_if_incomplete` is only for subscriptions with `collection_method=charge_automatically`.",
      { param: "payment_behavior" },
    );
  }
}

const PENDING_SECONDS = 23 * 3600;

/** 23 hours, or less when a period or the trial ends before. */
export function pendingExpiry(subscription: Subscription, items: SubscriptionItem[], now: number): number {
  const ends = items.map((item) => item.current_period_end);
  const trial =
    subscription.status === "trialing" && subscription.trial_end !== null ? [subscription.trial_end] : [];
  return Math.min(now + PENDING_SECONDS, ...ends, ...trial);
}
