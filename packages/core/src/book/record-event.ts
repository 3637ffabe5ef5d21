import { findMeter, type Meter } from "../catalog/catalog.ts";
import { invariant } from "../kernel/invariant.ts";
import { usageWindowAt } from "../periods/usage-window.ts";
import { openAllocation, openWindow, type Allocation } from "./allocation.ts";
import { isQuantity, type EventCommand } from "./command.ts";
import { countedAt, FUTURE_TOLERANCE_MS, isTooEarly, type BookContext, type Counted } from "./counted-at.ts";
import { decide } from "./decide.ts";
import type { Draft } from "./draft.ts";
import { draw } from "./draw.ts";
import type { Draw, Outcome, Refusal } from "./outcome.ts";
import { noticeThreshold } from "./threshold.ts";

/**
 * Records one event, exactly once by its id. A plain event has happened and is counted past any limit; an enforced
 * one is refused when it does not fit, and then keeps no id, so that it may come again.
 */
export function recordEvent(context: BookContext, draft: Draft, event: EventCommand): Outcome {
  const source = `event:${event.eventId}`;
  if (draft.hasEvent(event.eventId) || isDrawn(draft, source)) {
    return { code: "duplicate", balance: draft.balanceOf("purchased") };
  }
  const meter = findMeter(context.catalog, event.meterId);
  if (meter === undefined) {
    const meters = context.catalog.meters.map(({ id }) => id);
    return { code: "unknown_meter", meterId: event.meterId, meters };
  }
  if (isTooEarly(event)) {
    const latestAllowed = event.receivedAt + FUTURE_TOLERANCE_MS;
    return { code: "event_in_future", time: event.time, latestAllowed };
  }
  invariant(
    isQuantity(event.quantity) && (meter.kind === "level" ? event.quantity !== 0 : event.quantity > 0),
    "a quantity is a whole number above zero, or the signed change of a level",
  );

  const running = openWindow(context, draft, event.receivedAt);
  const refusal = refusalOf(context, draft, { event, meter, running });
  if (refusal !== null) return refusal;

  const counted = countedAt(context, draft.before.entitlements, event);
  const paid = count(context, draft, { event, meter, counted, source });
  draft.keepEventId(event.eventId, event.receivedAt);
  return { code: "recorded", late: counted.late, draw: paid };
}

/** Event ids are forgotten after their retention; a draw is never: the ledger itself knows its sources. */
function isDrawn(draft: Draft, source: string): boolean {
  return draft.hasSource("allocation_usage", source) || draft.hasSource("usage", source);
}

function refusalOf(
  context: BookContext,
  draft: Draft,
  { event, meter, running }: { event: EventCommand; meter: Meter; running: Allocation },
): Refusal | null {
  if (meter.kind === "level") {
    const level = draft.usedOf({ meterId: meter.id, window: null });
    // Taken as zero it would be wrong for ever when the upload that it belongs to comes after it.
    if (level + event.quantity < 0) return { code: "level_below_zero", meterId: meter.id, level };
  }
  if (event.mode !== "enforced") return null;
  const { quantity, receivedAt: now } = event;
  return decide(context, draft, { meter, quantity, now, allocation: running }).refusal;
}

/** Adds an event that is let through to its counter, its day and, for tokens, to the ledger. */
function count(
  context: BookContext,
  draft: Draft,
  recorded: { event: EventCommand; meter: Meter; counted: Counted; source: string },
): Draw | null {
  const { event, meter, counted, source } = recorded;
  const { receivedAt: now, quantity, resource, mode } = event;
  const { slices } = draft.before.entitlements;
  draft.countDay(meter.id, counted.at, { quantity, group: meter.groupBy === null ? null : event.group });

  let paid: Draw | null = null;
  if (meter.kind === "tokens") {
    if (mode === "backfill") return null;
    const allocation = openAllocation(context, draft, { window: usageWindowAt(slices, counted.at), now });
    paid = draw(context, draft, {
      allocation,
      tokens: quantity,
      source,
      at: now,
      description: meter.name,
      resource,
    });
    if (paid.balance < 0) {
      // A late one may leave a debt that the running window can clear; then nobody sees the debt.
      openWindow(context, draft, now);
      paid = { ...paid, balance: draft.balanceOf("purchased") };
    }
  } else {
    const window = meter.kind === "level" ? null : usageWindowAt(slices, counted.at);
    draft.count({ meterId: meter.id, window }, quantity, now);
  }
  if (mode !== "backfill") {
    // A level belongs to no window; it alerts once in the one that is running.
    const window = usageWindowAt(slices, meter.kind === "level" ? now : counted.at);
    noticeThreshold(context, draft, { meter, window, now });
  }
  return paid;
}
