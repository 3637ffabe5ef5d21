import { tokensMeterOf } from "../catalog/catalog.ts";
import type { EntitlementFacts } from "../entitlements/entitlement.ts";
import { invariant } from "../kernel/invariant.ts";
import type { Instant, Span } from "../kernel/time.ts";
import { usageWindowAt } from "../periods/usage-window.ts";
import { allocationAccount, allocationWindowStart, type BookAccount } from "./book-account.ts";
import { entitlementOf, isClosed, type BookContext } from "./counted-at.ts";
import type { Draft } from "./draft.ts";
import { plainNote } from "./ledger-entry.ts";
import { noticeThreshold } from "./threshold.ts";

/** What the included tokens of one window can still give. */
export interface Allocation {
  readonly window: Span;
  /** `null` is unlimited. */
  readonly limit: number | null;
  /** The book account that a draw leaves: the window's own, or straight from `granted` when unlimited. */
  readonly account: BookAccount;
  /** `Infinity` when unlimited. */
  readonly left: number;
}

/**
 * Brings the book up to the instant of a command: closes what is over, opens the running window, and lets its
 * allocation repay credits that are below zero.
 */
export function openWindow(context: BookContext, draft: Draft, now: Instant): Allocation {
  lapseAllocations(context, draft, now);
  const window = usageWindowAt(draft.before.entitlements.slices, now);
  openAllocation(context, draft, { window, now });
  repay(context, draft, { window, now });
  return allocationOf(context, draft, { window, now });
}

/**
 * Lets the allocation of a window enter with its first command, and rise by the difference when the limit has
 * risen since (what was used stays used). The window may be another than the running one: a late event's, or one that
 * a sender's fast clock has reached. Such an allocation pays for its own events and for no debt.
 */
export function openAllocation(
  context: BookContext,
  draft: Draft,
  { window, now }: { window: Span; now: Instant },
): Allocation {
  const limit = tokenLimit(context, draft.before.entitlements, { window, now });
  if (limit !== null && !draft.hasLapsed(window.startsAt)) {
    const account = allocationAccount(window.startsAt);
    const enteredBefore = usedFromAllocation(context, draft, window) + draft.balanceOf(account);
    if (limit > enteredBefore) {
      draft.post({
        kind: "allocation",
        // The total that it rises to: it only ever grows within a window, so each rise can enter once.
        source: `${new Date(window.startsAt).toISOString()}/${limit}`,
        from: "granted",
        to: account,
        tokens: limit - enteredBefore,
        at: now,
        note: plainNote(enteredBefore === 0 ? "Included tokens" : "Included tokens raised"),
      });
    }
  }
  return allocationOf(context, draft, { window, now });
}

/** Reads what is left, without letting anything enter. A limit that was lowered counts at once. */
function allocationOf(
  context: BookContext,
  draft: Draft,
  { window, now }: { window: Span; now: Instant },
): Allocation {
  const limit = tokenLimit(context, draft.before.entitlements, { window, now });
  if (limit === null) return { window, limit, account: "granted", left: Infinity };
  const account = allocationAccount(window.startsAt);
  const underLimit = Math.max(0, limit - usedFromAllocation(context, draft, window));
  return { window, limit, account, left: Math.min(draft.balanceOf(account), underLimit) };
}

/** Takes tokens out of an allocation and counts them as used of the tokens meter. */
export function takeFromAllocation(
  context: BookContext,
  draft: Draft,
  transfer: {
    readonly kind: "allocation_usage" | "repayment";
    readonly allocation: Allocation;
    readonly source: string;
    readonly to: BookAccount;
    readonly tokens: number;
    readonly at: Instant;
    readonly resource: string | null;
    readonly description: string;
  },
): void {
  const { allocation, kind, source, to, tokens, at } = transfer;
  invariant(tokens <= allocation.left, "an allocation gives what is left of it, never more");
  const note = plainNote(transfer.description, transfer.resource);
  draft.post({ kind, source, from: allocation.account, to, tokens, at, note });
  draft.count({ meterId: context.catalog.tokensMeterId, window: allocation.window }, tokens, at);
}

function repay(context: BookContext, draft: Draft, { window, now }: { window: Span; now: Instant }): void {
  const owed = -draft.balanceOf("purchased");
  if (owed <= 0) return;
  const allocation = allocationOf(context, draft, { window, now });
  const tokens = Math.min(owed, allocation.left);
  if (tokens === 0) return;
  takeFromAllocation(context, draft, {
    kind: "repayment",
    allocation,
    // Several may follow in one window; the number of the entry tells them apart.
    source: `${new Date(window.startsAt).toISOString()}/${draft.lastEntryNumber + 1}`,
    to: "purchased",
    tokens,
    at: now,
    resource: null,
    description: "Included tokens cleared a negative balance",
  });
  noticeThreshold(context, draft, { meter: tokensMeterOf(context.catalog), window, now });
}

/** Empties the allocations of windows that take nothing more; a first command years later finds them all. */
function lapseAllocations(context: BookContext, draft: Draft, now: Instant): void {
  for (const [account, left] of draft.balances) {
    const startsAt = left > 0 ? allocationWindowStart(account) : null;
    if (startsAt === null) continue;
    if (!isClosed(context, usageWindowAt(draft.before.entitlements.slices, startsAt), now)) continue;
    const source = new Date(startsAt).toISOString();
    const note = plainNote("Included tokens not used in their window");
    draft.post({ kind: "lapse", source, from: account, to: "lapsed", tokens: left, at: now, note });
    draft.markLapsed(startsAt, account);
  }
}

function usedFromAllocation(context: BookContext, draft: Draft, window: Span): number {
  return draft.usedOf({ meterId: context.catalog.tokensMeterId, window });
}

function tokenLimit(
  context: BookContext,
  facts: EntitlementFacts,
  at: { window: Span; now: Instant },
): number | null {
  return entitlementOf(context, facts, at).limits[context.catalog.tokensMeterId] ?? null;
}
