/** What shall happen at the period's end: a schedule, a cancellation or nothing. Each call states it, so repeats are harmless. */
import Stripe from "stripe";
import type { LiveSubscription } from "./live-subscription.ts";

/** What the subscription becomes when its period ends. */
export type PeriodEnd =
  | { readonly code: "renews" }
  | { readonly code: "ends" }
  | {
      readonly code: "becomes";
      readonly priceId: string;
      readonly seats: number;
      /** The interval changes with it: then the new phase must begin a period, else it may never be billed. */
      readonly startsPeriod: boolean;
      readonly interval: "month" | "year";
    };

/**
 * Brings the subscription to what is wanted. A schedule and a cancellation exclude each other at Stripe: with a schedule
 * attached it refuses to touch the cancellation, so one is taken away before the other is made (trap 13).
 */
export async function setPeriodEnd(stripe: Stripe, live: LiveSubscription, wanted: PeriodEnd): Promise<void> {
  const { subscriptionId, cancelAt } = live.subscription;
  if (wanted.code !== "becomes" && live.scheduleId !== null) await releaseSchedule(stripe, live.scheduleId);
  if (wanted.code === "ends") {
    if (cancelAt === null) await stripe.subscriptions.update(subscriptionId, { cancel_at: "min_period_end" });
    return;
  }
  if (cancelAt !== null) {
    // Cancelled means that no schedule is attached.
    await stripe.subscriptions.update(subscriptionId, { cancel_at: "" });
  }
  if (wanted.code === "becomes") await schedule(stripe, live, wanted);
}

async function schedule(
  stripe: Stripe,
  live: LiveSubscription,
  wanted: PeriodEnd & { code: "becomes" },
): Promise<void> {
  const attached =
    live.scheduleId === null
      ? await stripe.subscriptionSchedules.create({ from_subscription: live.subscription.subscriptionId })
      : await stripe.subscriptionSchedules.retrieve(live.scheduleId);
  const fresh = await stripe.subscriptions.retrieve(live.subscription.subscriptionId);
  const item = fresh.items.data[0];
  if (item === undefined) throw new Error(`The subscription ${fresh.id} has no item.`);
  const periodEnd = item.current_period_end;
  // Found by date, not by place: a direct change may have cut the running phase in two.
  const running = attached.phases.findLast((phase) => phase.start_date < periodEnd);
  await stripe.subscriptionSchedules.update(attached.id, {
    end_behavior: "release",
    proration_behavior: "none",
    phases: [
      {
        start_date: running?.start_date ?? item.current_period_start,
        end_date: periodEnd,
        items: [{ price: item.price.id, quantity: item.quantity ?? 1 }],
        proration_behavior: "none",
      },
      {
        items: [{ price: wanted.priceId, quantity: wanted.seats }],
        // One interval; then the schedule lets go of the subscription by itself.
        duration: { interval: wanted.interval, interval_count: 1 },
        proration_behavior: "none",
        ...(wanted.startsPeriod ? { billing_cycle_anchor: "phase_start" as const } : {}),
      },
    ],
  });
}

/** Lets go of a schedule; the subscription stays as it is. One that was let go already is fine. */
async function releaseSchedule(stripe: Stripe, scheduleId: string): Promise<void> {
  try {
    await stripe.subscriptionSchedules.release(scheduleId);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    const found = await stripe.subscriptionSchedules.retrieve(scheduleId);
    if (found.status === "active" || found.status === "not_started") throw error;
  }
}
