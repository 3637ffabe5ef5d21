/** The first instant that fits a day of the month, month and time of day; days that a month lacks fall on its last. */
import type { AnchorConfig } from "../../entities/subscription.ts";

export function firstAnchor(after: number, config: AnchorConfig | null): number {
  if (config === null) return after;
  const from = new Date(after * 1000);
  for (let ahead = 0; ; ahead += 1) {
    const first = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + ahead, 1));
    if (config.month !== null && first.getUTCMonth() + 1 !== config.month) continue;
    const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
    first.setUTCDate(Math.min(config.day_of_month, lastDay));
    first.setUTCHours(
      config.hour ?? from.getUTCHours(),
      config.minute ?? from.getUTCMinutes(),
      config.second ?? from.getUTCSeconds(),
    );
    const instant = first.getTime() / 1000;
    if (instant >= after) return instant;
  }
}
