/** How intervals compare. Days and weeks count in days, months and years in months; the two kinds never fit. */
import type { Cycle } from "./calendar.ts";

const UNITS: Record<Cycle["interval"], { kind: "days" | "months"; length: number }> = {
  day: { kind: "days", length: 1 },
  week: { kind: "days", length: 7 },
  month: { kind: "months", length: 1 },
  year: { kind: "months", length: 12 },
};

/** Whether the longer cycle is a whole multiple of the shorter: then every end of the one is an end of the other. */
export function fitsInto(shorter: Cycle, longer: Cycle): boolean {
  const [a, b] = [UNITS[shorter.interval], UNITS[longer.interval]];
  const [short, long] = [a.length * shorter.interval_count, b.length * longer.interval_count];
  return a.kind === b.kind && long % short === 0;
}
