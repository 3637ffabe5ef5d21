/** What was used: each meter as it stands, and its days. */

import type { AtLimit } from "./told.ts";

/** Keys of `usage` are meter ids in camelCase (`aiTokens`); `meter` has the catalogue's id (`ai_tokens`). */
export interface MeterUsage {
  meter: string;
  name: string;
  unit: string;
  kind: "counter" | "level" | "tokens";
  format: "count" | "bytes";
  used: number;
  /** `null` is unlimited. */
  limit: number | null;
  /** Rounded down; `null` when unlimited. May pass 100. */
  percent: number | null;
  /** `ok` below 80 %, `warning` from 80 %, `reached` at 100 %, `over` above. */
  state: "ok" | "warning" | "reached" | "over" | "unlimited";
  /** What happens at the limit, a full sentence without its full stop. */
  limitSentence: string;
  /** The same as a code. */
  atLimit: AtLimit;
  /** Above the limit credits pay, and there are some. */
  onCredits: boolean;
  /** `null` for a level: it never resets. */
  resetsAt: string | null;
  /** When the newest event that counts here was received; `null`: no data yet. */
  asOf: string | null;
  /** By which property of its events its use is divided, and what such a group is called; `null`: it is not. */
  groupBy: { property: string; name: string } | null;
}

/** What a meter counted each day (UTC; of a level what there was at its end), and where it is going. */
export interface UsageDaily {
  data: { date: string; quantity: number }[];
  /** What groups (projects, members) used in the span, where `groupBy` asked for them. */
  groups?: UsageGroups | undefined;
  /** At the window's end; 10 % to 90 %. `null`: there are not 3 full, fresh days yet. */
  projection: { low: number; mid: number; high: number; limitReachedAt: string | null } | null;
}

export interface UsageGroups {
  /** The 20 largest, the largest first. */
  data: { group: string; quantity: number }[];
  /** The rest of them; how many is `null` where more came on one day than are kept apart. */
  others: { groups: number | null; quantity: number };
  /** What said no group. */
  none: number;
  /** What all parts add up to, as the days do. */
  total: number;
}
