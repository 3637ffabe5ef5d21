import type { CreditTransaction } from "@bursar/client";

export interface HistoryDay {
  /** UTC, `2026-11-22`. */
  date: string;
  rows: CreditTransaction[];
}

/** Movements by day, newest first, as they come. */
export function historyDays(movements: readonly CreditTransaction[]): HistoryDay[] {
  const days: HistoryDay[] = [];
  for (const movement of movements) {
    const date = movement.createdAt.slice(0, 10);
    const day = days.at(-1);
    if (day?.date === date) day.rows.push(movement);
    else days.push({ date, rows: [movement] });
  }
  return days;
}
