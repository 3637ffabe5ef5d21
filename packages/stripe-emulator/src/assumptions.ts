/**
 * What Stripe's documents do not say and no recorded run has shown, each behind a name of its own: the default is the
 * likeliest reading, the other one can be chosen, and code under test can be run against both. Whoever has a Stripe
 * test account can settle one; then it leaves this table.
 */
export interface Assumptions {
  /** How half a smallest unit of a proration is rounded: to the larger amount, owed or credited, or to the even one. */
  prorationTies: "away_from_zero" | "to_even";
  /** Where a percentage off is rounded: on each line, or on the sum, which is then shared among the lines. */
  percentOffRounding: "each_line" | "whole_sum";
  /** Whether a charge's `amount_refunded` goes back when a refund fails later. */
  failedRefundOnCharge: "taken_back" | "stays";
  /** What the registers say in test mode of tax ids that are none of Stripe's test values. */
  otherTaxIds: "pending" | "verified" | "unverified";
  /**
   * What a business pays under reverse charge for a price with tax included: all of it, as "what the buyer pays never
   * depends on the tax" has it, or what is left when the tax is taken out.
   */
  inclusiveReverseCharge: "full_price" | "net_price";
  /** Whether a credit note of a bare amount says which tax is in it, in proportion to its invoice's. */
  creditNoteAmountTax: "in_proportion" | "none";
  /**
   * What becomes of the items on a draft invoice that is deleted: they go with it, or wait for the next invoice again.
   */
  itemsOfDeletedDraft: "deleted" | "pending_again";
  /** Whether the items of a schedule's next phase keep the ids of those they replace. */
  phaseItems: "kept" | "replaced";
  /** What a direct change of a subscription does to its schedule's current phase: cut it in two, or change it whole. */
  directChangeOfScheduled: "splits_phase" | "edits_phase";
  /** What a schedule is at its end that leaves the subscription running. */
  scheduleEndByRelease: "released" | "completed";
  /** How a write is refused while the test clock of its customer advances: as a bad request, or as a lost race (429). */
  advancingRefusal: "invalid_request" | "lock_timeout";
  /** How long a test clock stays: 7 days in the documents' sample, 30 by other reports; or as long as one needs it. */
  testClockLifeDays: number;
  /** Whose time the `created` of an event of a customer on a test clock is. */
  eventTime: "test_clock" | "wall_clock";
  /** Whose default the card of a paid subscription checkout becomes: the subscription's alone, or the customer's too. */
  cardOfCheckout: "subscription" | "subscription_and_customer";
  /** What a declined card leaves when a change is confirmed in the portal: nothing, or a changed, past due subscription. */
  portalDecline: "changes_nothing" | "applies_past_due";
  /** Whether a cancellation that waits for the period's end outlives a change confirmed in the portal. */
  portalPendingCancellation: "survives" | "cleared";
  /** How long a portal's address works: an hour, or five minutes unless it was opened by then. */
  portalLife: "one_hour" | "five_minutes_unopened";
  /** Whether two items of one subscription may have the same price. */
  samePriceTwice: "refused" | "accepted";
  /** The quantity of an item whose price changes when the request names none. */
  quantityOfNewPrice: "kept" | "one";
  /**
   * Voiding the invoice of a pending update by hand: whether that raises `pending_update_expired` besides
   * `customer.subscription.updated`, as its expiry does.
   */
  ownVoidOfPendingUpdate: "updated_only" | "expired_too";
}

export const DEFAULT_ASSUMPTIONS: Assumptions = {
  prorationTies: "away_from_zero",
  percentOffRounding: "each_line",
  failedRefundOnCharge: "taken_back",
  otherTaxIds: "pending",
  creditNoteAmountTax: "in_proportion",
  inclusiveReverseCharge: "full_price",
  itemsOfDeletedDraft: "deleted",
  phaseItems: "kept",
  directChangeOfScheduled: "splits_phase",
  scheduleEndByRelease: "released",
  advancingRefusal: "invalid_request",
  testClockLifeDays: 7,
  eventTime: "test_clock",
  cardOfCheckout: "subscription",
  portalDecline: "changes_nothing",
  portalPendingCancellation: "survives",
  portalLife: "one_hour",
  samePriceTwice: "refused",
  quantityOfNewPrice: "kept",
  ownVoidOfPendingUpdate: "updated_only",
};
