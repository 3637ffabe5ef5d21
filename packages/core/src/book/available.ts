import type { Instant } from "../kernel/time.ts";
import type { Hold } from "./account-state.ts";
import type { Allocation } from "./allocation.ts";
import type { Draft } from "./draft.ts";

/** What an account can still spend at an instant. */
export interface Available {
  /** Left of the running window's allocation; `Infinity` when unlimited. */
  readonly allocationLeft: number;
  /** Credits; below zero when owed. */
  readonly balance: number;
  /** The part of the holds that the allocation does not cover. */
  readonly heldCredits: number;
  /** Credits that no hold reserves. */
  readonly credits: number;
  /** Allocation and credits together, less all that is held. */
  readonly tokens: number;
}

export function heldTokens(draft: Draft, now: Instant): number {
  let tokens = 0;
  for (const hold of draft.holds.values()) {
    if (isAlive(hold, now)) tokens += hold.tokens;
  }
  return tokens;
}

export function countAlive(draft: Draft, now: Instant): number {
  let holds = 0;
  for (const hold of draft.holds.values()) {
    if (isAlive(hold, now)) holds += 1;
  }
  return holds;
}

/** A hold reserves up to its expiry, exclusive; no write is needed to end it. */
function isAlive(hold: Hold, now: Instant): boolean {
  return hold.state === "held" && now < hold.expiresAt;
}

export function availableAt(draft: Draft, allocation: Allocation, now: Instant): Available {
  const held = heldTokens(draft, now);
  const balance = draft.balanceOf("purchased");
  const heldCredits = Math.max(0, held - allocation.left);
  return {
    allocationLeft: allocation.left,
    balance,
    heldCredits,
    credits: balance - heldCredits,
    tokens: allocation.left + balance - held,
  };
}
