/**
 * A paused subscription makes no invoices and keeps its items. Resuming begins a new period now, which is billed at once;
 * or, with the anchor unchanged, goes on with a period that is still running.
 */
import type { Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { invalidRequest } from "../../wire/errors.ts";
import type { Given } from "../../wire/route.ts";
import type { Stripe } from "../../wire/stripe-types.ts";
import { itemsOf, showSubscription, updateSubscription } from "./subscription.ts";
import { changeSubscription } from "./update.ts";

export function pause(
  sandbox: Sandbox,
  subscription: Subscription,
  params: Given<Stripe.SubscriptionPauseParams>,
): Subscription {
  if (params.bill_for != null || params.invoicing_behavior != null) {
    throw invalidRequest("The emulator pauses without billing for the time until then.", {
      param: params.bill_for == null ? "invoicing_behavior" : "bill_for",
    });
  }
  if (subscription.schedule !== null || !["active", "trialing", "past_due"].includes(subscription.status)) {
    const why = subscription.schedule === null ? subscription.status : "managed by a schedule";
    throw invalidRequest(`This subscription is ${why} and cannot be paused.`);
  }
  const paused = { type: "pause_requested", transitioned_at: sandbox.now(subscription.customer) } as const;
  const after = updateSubscription(sandbox, subscription, { status: "paused", paused });
  sandbox.emit("customer.subscription.paused", showSubscription(sandbox, after));
  return after;
}

export function resume(
  sandbox: Sandbox,
  subscription: Subscription,
  params: Given<Stripe.SubscriptionResumeParams>,
): Subscription {
  if (subscription.status !== "paused") {
    throw invalidRequest(`Only paused subscriptions can be resumed; this one is ${subscription.status}.`);
  }
  if (params.payment_behavior === "resume_on_payment_success") {
    throw invalidRequest("The emulator resumes with the attempt to pay, not only with its success.", {
      param: "payment_behavior",
    });
  }
  const isUnchanged = params.billing_cycle_anchor?.type === "unchanged";
  const now = sandbox.now(subscription.customer);
  if (isUnchanged && itemsOf(sandbox, subscription.id).some((item) => item.current_period_end <= now)) {
    throw invalidRequest("The period has ended meanwhile: resume with `billing_cycle_anchor[type]=now`.", {
      param: "billing_cycle_anchor",
    });
  }
  const running = updateSubscription(sandbox, subscription, { status: "active", paused: null });
  const after = isUnchanged
    ? running
    : changeSubscription(sandbox, running, {
        billing_cycle_anchor: { type: "now" },
        ...(params.proration_behavior != null && { proration_behavior: params.proration_behavior }),
        ...(params.proration_date != null && { proration_date: params.proration_date }),
      });
  sandbox.emit("customer.subscription.resumed", showSubscription(sandbox, after));
  return after;
}
