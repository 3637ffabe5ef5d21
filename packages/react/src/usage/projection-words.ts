import type { MeterUsage, UsageDaily } from "@bursar/client";
import type { Format } from "../format/create-format.ts";
import type { Words } from "../messages/area.ts";

/** Where the running window is going, in sentences (US2). */
export function projectionWords(
  projection: UsageDaily["projection"],
  { usage, windowEndsAt }: { usage: MeterUsage; windowEndsAt: string },
  { format, messages }: { format: Format; messages: Words<"days"> },
): string[] {
  const words = messages.days.projection;
  if (projection === null) return [words.none];
  const amountOf = usage.format === "bytes" ? format.bytes : format.count;
  const { low, mid, high, limitReachedAt } = projection;
  const [least, most] = [amountOf(low), amountOf(high)];
  const end = format.date(windowEndsAt);
  const isRange = least !== most;
  const limit = usage.limit === null ? null : amountOf(usage.limit);
  // The server caps the projection at the limit only where use above it is refused.
  const isCapped = usage.limit !== null && high === usage.limit && usage.used < usage.limit;
  return [
    isRange ? words.range(least, most, end) : words.one(most, end),
    ...(isRange && mid !== high ? [words.mid(amountOf(mid))] : []),
    ...(limit !== null && limitReachedAt !== null ? [words.reaches(limit, format.date(limitReachedAt))] : []),
    ...(limit !== null && isCapped ? [words.stops(limit)] : []),
    words.basis,
  ];
}
