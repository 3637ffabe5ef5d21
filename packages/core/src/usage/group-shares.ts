import type { DayQuantity } from "./daily-series.ts";

/** A group (a project, a member) and what it used in a span. */
export interface GroupQuantity {
  readonly group: string;
  readonly quantity: number;
}

/** How the use of a span is divided; all parts add up to what its days have. */
export interface GroupShares {
  /** The largest, the largest first. */
  readonly largest: readonly GroupQuantity[];
  readonly others: {
    /** `null`: more than are kept apart on one day, so nobody counted them. */
    readonly groups: number | null;
    readonly quantity: number;
  };
  /** What said no group, or was counted before the meter had any. */
  readonly none: number;
  readonly total: number;
}

/** What was read of a span, at one instant. */
export interface GroupedSpan {
  readonly days: readonly DayQuantity[];
  readonly largest: readonly GroupQuantity[];
  /** Those that are smaller than the largest. */
  readonly smaller: { readonly groups: number; readonly quantity: number };
  /** What came past the groups that are kept apart on one day. */
  readonly beyond: number;
}

export function groupShares({ days, largest, smaller, beyond }: GroupedSpan): GroupShares {
  const sum = (parts: readonly { readonly quantity: number }[]) =>
    parts.reduce((all, { quantity }) => all + quantity, 0);
  const others = { groups: beyond > 0 ? null : smaller.groups, quantity: smaller.quantity + beyond };
  const total = sum(days);
  return { largest, others, none: total - sum(largest) - others.quantity, total };
}
