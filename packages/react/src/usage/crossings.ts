import type { MeterUsage } from "@bursar/client";

const ranks = { unlimited: 0, ok: 0, warning: 1, reached: 2, over: 3 } as const;

/** Meters that have come to a higher threshold since `before`; none the first time, when there was nothing before. */
export function crossingsOf(
  before: Readonly<Record<string, MeterUsage>> | null,
  now: Readonly<Record<string, MeterUsage>>,
): MeterUsage[] {
  if (before === null) return [];
  return Object.entries(now).flatMap(([name, meter]) => {
    const last = before[name];
    return last !== undefined && ranks[meter.state] > ranks[last.state] ? [meter] : [];
  });
}
