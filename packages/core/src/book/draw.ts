import type { Instant } from "../kernel/time.ts";
import { takeFromAllocation, type Allocation } from "./allocation.ts";
import type { BookContext } from "./counted-at.ts";
import type { Draft } from "./draft.ts";
import { plainNote } from "./ledger-entry.ts";
import type { Draw } from "./outcome.ts";

export interface DrawRequest {
  readonly allocation: Allocation;
  readonly tokens: number;
  /** `event:<id>` or `hold:<id>`: the same source is never drawn twice. */
  readonly source: string;
  readonly at: Instant;
  readonly description: string;
  readonly resource: string | null;
}

/**
 * Pays for tokens that were used: from the allocation first, the rest from credits (K1). It asks nobody: what may be
 * refused was refused before, and what has been done is recorded, below zero if need be (K3).
 */
export function draw(context: BookContext, draft: Draft, request: DrawRequest): Draw {
  const { allocation, tokens, source, at, description, resource } = request;
  const fromAllocation = Math.min(tokens, allocation.left);
  const fromCredits = tokens - fromAllocation;
  if (fromAllocation > 0) {
    takeFromAllocation(context, draft, {
      kind: "allocation_usage",
      allocation,
      source,
      to: "used",
      tokens: fromAllocation,
      at,
      description,
      resource,
    });
  }
  if (fromAllocation === 0) {
    // Nothing is added, but the page says when the newest event was received.
    draft.count({ meterId: context.catalog.tokensMeterId, window: allocation.window }, 0, at);
  }
  if (fromCredits > 0) {
    const note = plainNote(description, resource);
    draft.post({ kind: "usage", source, from: "purchased", to: "used", tokens: fromCredits, at, note });
  }
  return { fromAllocation, fromCredits, balance: draft.balanceOf("purchased") };
}
