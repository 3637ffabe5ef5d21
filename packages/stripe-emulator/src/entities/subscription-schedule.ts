/** What a subscription is to become, phase after phase. Its states are told in resources/schedules/schedule.ts. */
import type { Period } from "./invoice-line.ts";
import type { Metadata } from "../wire/metadata.ts";

export interface PhaseItem {
  price: string;
  quantity: number;
  metadata: Metadata;
}

export type ProrationBehavior = "always_invoice" | "create_prorations" | "none";

export interface SchedulePhase {
  start_date: number;
  end_date: number;
  items: PhaseItem[];
  /** `phase_start` begins new periods with the phase; otherwise the anchor stays. */
  billing_cycle_anchor: "automatic" | "phase_start" | null;
  currency: string;
  default_payment_method: string | null;
  description: string | null;
  /** Ids of discounts that hold in this phase; null leaves the subscription's. */
  discounts: string[] | null;
  /** Merged into the subscription's as the phase begins. */
  metadata: Metadata;
  /** How the entry into this phase is prorated. */
  proration_behavior: ProrationBehavior;
  trial_end: number | null;
}

export interface SubscriptionSchedule {
  id: string;
  created: number;
  customer: string;
  status: "not_started" | "active" | "completed" | "released" | "canceled";
  /** Null before it starts and once it is released. */
  subscription: string | null;
  released_subscription: string | null;
  /** The phase that the subscription is in. */
  current_phase: Period | null;
  phases: SchedulePhase[];
  end_behavior: "release" | "cancel";
  default_settings: {
    automatic_tax: boolean;
    billing_cycle_anchor: "automatic" | "phase_start";
    default_payment_method: string | null;
    description: string | null;
  };
  canceled_at: number | null;
  completed_at: number | null;
  released_at: number | null;
  metadata: Metadata;
}
