/** What an update asks of items, anchor and trial, as `planChange` wants it. */
import type { Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest } from "../../wire/errors.ts";
import { asWanted, wantedItems, type ItemParams } from "./items.ts";
import type { ChangeRequest } from "./plan-change.ts";
import { itemsOf } from "./subscription.ts";
import type { UpdateParams } from "./terms.ts";

/** Null when nothing is asked for that costs anything. */
export function changeRequest(
  sandbox: Sandbox,
  subscription: Subscription,
  params: UpdateParams,
): ChangeRequest | null {
  const existing = itemsOf(sandbox, subscription.id);
  const given = (params.items ?? []) as ItemParams[];
  const restart = restartFrom(sandbox, subscription, params);
  if (given.length === 0 && restart === null) return null;
  const wanted =
    given.length === 0
      ? { items: existing.map((item) => asWanted(sandbox, item)), removed: [] }
      : wantedItems(sandbox, existing, given);
  const now = sandbox.now(subscription.customer);
  return {
    ...wanted,
    now,
    prorationDate: prorationDateFrom(params, existing, now),
    isProrated: params.proration_behavior !== "none",
    restart,
  };
}

/** Two years, Stripe's most for a trial. */
const LONGEST_TRIAL = 2 * 366 * 86_400;

function restartFrom(
  sandbox: Sandbox,
  subscription: Subscription,
  params: UpdateParams,
): ChangeRequest["restart"] {
  const now = sandbox.now(subscription.customer);
  const isTrial = subscription.status === "trialing";
  const { trial_end: end } = params;
  if (typeof end === "number") {
    if (end <= now || end > now + LONGEST_TRIAL) {
      throw invalidRequest("`trial_end` must lie in the future, at most two years.", { param: "trial_end" });
    }
    return { trialEnd: end };
  }
  if (end === "now" && isTrial) return { trialEnd: null };
  return params.billing_cycle_anchor?.type === "now" ? { trialEnd: null } : null;
}

function prorationDateFrom(
  params: Pick<UpdateParams, "proration_date">,
  items: { current_period_start: number; current_period_end: number }[],
  now: number,
): number {
  const at = params.proration_date ?? now;
  const isWithin = items.every((item) => at >= item.current_period_start && at <= item.current_period_end);
  if (params.proration_date == null || isWithin) return at;
  throw invalidRequest("Invalid proration_date: it must lie within the current period.", {
    param: "proration_date",
  });
}
