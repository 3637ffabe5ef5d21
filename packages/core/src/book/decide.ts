import type { Meter } from "../catalog/catalog.ts";
import type { Instant } from "../kernel/time.ts";
import type { Allocation } from "./allocation.ts";
import { availableAt, type Available } from "./available.ts";
import { entitlementOf, type BookContext } from "./counted-at.ts";
import type { CountTarget, Draft } from "./draft.ts";
import type { InsufficientCredits, LimitReached } from "./outcome.ts";

/** Whether a use may go on now, with the figures that decided it. */
export interface Decision {
  readonly refusal: LimitReached | InsufficientCredits | null;
  readonly used: number;
  /** `null` is unlimited. */
  readonly limit: number | null;
  readonly available: Available;
  /** `null` for a level, which never resets. */
  readonly resetsAt: Instant | null;
}

export interface WantedUse {
  readonly meter: Meter;
  readonly quantity: number;
  readonly now: Instant;
  /** The running window's. */
  readonly allocation: Allocation;
}

/** The one decision behind enforced events and checks (U4). */
export function decide(context: BookContext, draft: Draft, wanted: WantedUse): Decision {
  const { meter, quantity, now, allocation } = wanted;
  const { window } = allocation;
  const target: CountTarget = { meterId: meter.id, window: meter.kind === "level" ? null : window };
  const used = draft.usedOf(target);
  const { limits } = entitlementOf(context, draft.before.entitlements, { window, now });
  const limit = limits[meter.id] ?? null;
  const available = availableAt(draft, allocation, now);
  const resetsAt = target.window?.endsAt ?? null;
  const facts = { used, limit, available, resetsAt };

  if (meter.kind === "tokens") {
    const shortTokens = quantity - available.tokens;
    if (shortTokens <= 0) return { ...facts, refusal: null };
    const refusal: InsufficientCredits = {
      code: "insufficient_credits",
      requestedTokens: quantity,
      availableTokens: available.tokens,
      shortTokens,
      resetsAt: window.endsAt,
    };
    return { ...facts, refusal };
  }

  const fits = limit === null || used + quantity <= limit;
  // Whoever is over a limit may still give back.
  const givesBack = meter.kind === "level" && quantity < 0;
  const paidByCredits = meter.pastLimit === "credits" && available.credits > 0;
  if (fits || givesBack || paidByCredits) return { ...facts, refusal: null };
  return {
    ...facts,
    refusal: { code: "limit_reached", meterId: meter.id, requested: quantity, used, limit, resetsAt },
  };
}
