/** A change of a subscription, computed and not yet made: stored while its payment is pending. */
import type { Subscription, SubscriptionItem } from "./subscription.ts";

export interface PlannedChange {
  /** Items as they will be, new ones too. */
  items: SubscriptionItem[];
  /** Ids of items that will be gone. */
  removed: string[];
  subscription: Partial<Omit<Subscription, "id" | "customer" | "pending_update">>;
}

export interface PendingUpdate {
  /** From then on it is given up and its invoice voided; the clock sees to that. */
  expires_at: number;
  change: PlannedChange;
}
