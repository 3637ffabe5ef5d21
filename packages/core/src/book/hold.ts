import { invariant } from "../kernel/invariant.ts";
import type { Hold } from "./account-state.ts";
import { openWindow } from "./allocation.ts";
import { availableAt, countAlive } from "./available.ts";
import { tokensMeterOf } from "../catalog/catalog.ts";
import { isQuantity, type HoldCommand, type ReleaseCommand, type SettleCommand } from "./command.ts";
import type { BookContext } from "./counted-at.ts";
import type { Draft } from "./draft.ts";
import { draw } from "./draw.ts";
import type { Outcome } from "./outcome.ts";
import { noticeThreshold } from "./threshold.ts";
import { groupOfHold } from "./usage-group.ts";

/*
 * A hold is `held` until its owner settles or releases it. Time ends its reservation at `expiresAt` without a write:
 * the row stays `held`, so that a settle that comes late is still recorded (the work was done). Settled and released
 * are final; the same request again gets the same answer, another one `hold_closed`.
 */

/**
 * So many may reserve at once in an account. Every batch of an account reads those alive: with 1,000 a command that
 * comes alone took four times as long, with 10,000 thirty times, and a product that forgets to settle soon has these.
 */
const HOLDS_ALIVE_MAX = 1_000;

/** Reserves tokens of allocation and credits together (K3). Nothing moves in the ledger. */
export function placeHold(context: BookContext, draft: Draft, command: HoldCommand): Outcome {
  const { holdId, tokens, receivedAt: now, expiresAt, description, resource } = command;
  invariant(isQuantity(tokens) && tokens > 0, "a hold reserves a positive whole number of tokens");
  const known = draft.holds.get(holdId);
  if (known !== undefined) {
    return known.tokens === tokens ? { code: "held", hold: known } : { code: "hold_differs", holdId };
  }
  const allocation = openWindow(context, draft, now);
  const available = availableAt(draft, allocation, now);
  if (available.tokens < tokens) {
    return {
      code: "insufficient_credits",
      requestedTokens: tokens,
      availableTokens: available.tokens,
      shortTokens: tokens - available.tokens,
      resetsAt: allocation.window.endsAt,
    };
  }
  if (countAlive(draft, now) >= HOLDS_ALIVE_MAX) return { code: "too_many_holds", holdsMax: HOLDS_ALIVE_MAX };
  const hold: Hold = {
    holdId,
    tokens,
    createdAt: now,
    expiresAt,
    state: "held",
    settlement: null,
    description,
    resource,
  };
  draft.setHold(hold);
  return { code: "held", hold };
}

/** Charges what the work took, in the window of this instant, and gives the rest of the reservation back. */
export function settleHold(context: BookContext, draft: Draft, command: SettleCommand): Outcome {
  const { holdId, tokens, receivedAt: now } = command;
  invariant(isQuantity(tokens) && tokens >= 0, "a settlement is a whole number of tokens, zero or more");
  const hold = draft.holds.get(holdId);
  if (hold === undefined) return { code: "hold_not_found", holdId };
  if (hold.state === "released") return { code: "hold_closed", holdId, state: hold.state };
  if (hold.settlement !== null) {
    const { balanceAfter: balance, fromAllocation, fromCredits } = hold.settlement;
    if (hold.settlement.tokens !== tokens) return { code: "hold_closed", holdId, state: "settled" };
    return { code: "settled", fromAllocation, fromCredits, balance };
  }

  const allocation = openWindow(context, draft, now);
  const meter = tokensMeterOf(context.catalog);
  const paid = draw(context, draft, {
    allocation,
    tokens,
    source: `hold:${holdId}`,
    at: now,
    description: hold.description,
    resource: hold.resource,
  });
  const { fromAllocation, fromCredits, balance: balanceAfter } = paid;
  draft.setHold({
    ...hold,
    state: "settled",
    settlement: { tokens, fromAllocation, fromCredits, balanceAfter },
  });
  if (tokens > 0) {
    draft.countDay(meter.id, now, { quantity: tokens, group: groupOfHold(meter, hold) });
    noticeThreshold(context, draft, { meter, window: allocation.window, now });
  }
  return { code: "settled", ...paid };
}

/** Gives everything back. After the expiry there is nothing left to give, and it succeeds all the same. */
export function releaseHold(draft: Draft, { holdId }: ReleaseCommand): Outcome {
  const hold = draft.holds.get(holdId);
  if (hold === undefined) return { code: "hold_not_found", holdId };
  if (hold.state === "settled") return { code: "hold_closed", holdId, state: hold.state };
  if (hold.state === "held") draft.setHold({ ...hold, state: "released" });
  return { code: "released" };
}
