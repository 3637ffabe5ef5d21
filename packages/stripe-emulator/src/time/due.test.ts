import { expect, test } from "vitest";
import type { Subscription, SubscriptionItem } from "../entities/subscription.ts";
import { seconds } from "../testing/fixture.ts";
import { dueOfSubscription, type SubscriptionFacts } from "./due-subscription.ts";

const START = seconds("2026-06-01T00:00:00Z");
const END = seconds("2026-07-01T00:00:00Z");
const HOUR = 3_600;
const DAY = 24 * HOUR;

function facts(changes: Partial<Subscription>, more: Partial<SubscriptionFacts> = {}): SubscriptionFacts {
  const idle = { status: "active", created: START, cancel_at: null, trial_end: null, trial_start: null };
  const subscription = { ...idle, pending_update: null, pause_collection: null, ...changes } as Subscription;
  const item = { current_period_start: START, current_period_end: END } as SubscriptionItem;
  const settings = { trialWillEndDays: 3, upcomingInvoiceDays: 7 };
  return { subscription, items: [item], told: {}, settings, ...more };
}

const trial = { status: "trialing", trial_start: START, trial_end: END } as const;
const told = { invoice_upcoming: END, trial_will_end: END };

test.each([
  ["an incomplete one expires 23 hours after it began", facts({ status: "incomplete" }), "subscription_expires", START + 23 * HOUR],
  ["a running one announces its invoice a week ahead", facts({}), "invoice_upcoming", END - 7 * DAY],
  ["and then renews", facts({}, { told }), "subscription_renews", END],
  ["what was announced for an earlier end is announced again", facts({}, { told: { invoice_upcoming: START } }), "invoice_upcoming", END - 7 * DAY],
  ["a trial announces its end three days ahead", facts(trial, { told: { invoice_upcoming: END } }), "trial_will_end", END - 3 * DAY],
  ["a shorter trial does so as it begins", facts({ ...trial, trial_start: END - DAY }, { told: { invoice_upcoming: END } }), "trial_will_end", END - DAY],
  ["a period shorter than the notice is not announced", facts({}, { items: [{ current_period_start: END - DAY, current_period_end: END } as SubscriptionItem] }), "subscription_renews", END],
  ["one that ends with its period is canceled, not announced and not renewed", facts({ cancel_at: END }), "subscription_cancels", END],
  ["one that ends later announces the period before", facts({ cancel_at: END + 1 }), "invoice_upcoming", END - 7 * DAY],
  ["a change that is not paid is given up at its time", facts({ pending_update: { expires_at: START + 5, change: { items: [], removed: [], subscription: {} } } }), "pending_update_expires", START + 5],
  ["paused collection resumes by itself", facts({ pause_collection: { behavior: "void", resumes_at: START + 1 } }), "collection_resumes", START + 1],
  ["one item that ends earlier renews by itself", facts({}, { told, items: [END, END - DAY].map((current_period_end) => ({ current_period_start: START, current_period_end }) as SubscriptionItem), settings: { trialWillEndDays: 3, upcomingInvoiceDays: 0 } }), "subscription_renews", END - DAY],
] as const)("%s", (_, given, kind, at) => {
  expect(dueOfSubscription(given)).toEqual({ kind, at });
}); // prettier-ignore

test.each(["canceled", "incomplete_expired", "paused"] as const)(
  "nothing falls due for one that is %s",
  (status) => {
    expect(dueOfSubscription(facts({ status }))).toBeNull();
  },
);
