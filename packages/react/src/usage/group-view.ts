import type { UsageGroups } from "@bursar/client";
import type { Format } from "../format/create-format.ts";
import type { Words } from "../messages/area.ts";

/** One row of use by project or member. */
export interface GroupView {
  key: string;
  /** As the product named it, or our word for what has no name. */
  name: string;
  isNamed: boolean;
  amount: string;
  /** "43 %" of the span, rounded; never 0 or 100 where it is only near them. */
  share: string;
  /** A little use shows as a sliver and not as nothing. */
  fillPercent: number;
}

/** The largest first, then the rest of them, then what said none; parts without use are left out. */
export function groupViews(
  { data, others, none, total }: UsageGroups,
  {
    amountOf,
    format,
    messages,
  }: { amountOf: (value: number) => string; format: Format; messages: Words<"days" | "usage"> },
): GroupView[] {
  const words = messages.days.groups;
  const row = (key: string, name: string, quantity: number): GroupView => ({
    ...{ key, name, isNamed: false, amount: amountOf(quantity) },
    share: shareOf(quantity, total, { format, messages }),
    fillPercent: Math.max(1, Math.floor((quantity / total) * 1_000) / 10),
  });
  const rest = others.groups === null ? words.othersUncounted : words.others(format.counted(others.groups));
  return [
    ...data.map(({ group, quantity }) => ({ ...row(`group ${group}`, group, quantity), isNamed: true })),
    ...(others.quantity > 0 ? [row("others", rest, others.quantity)] : []),
    ...(none > 0 ? [row("none", words.none, none)] : []),
  ];
}

function shareOf(
  quantity: number,
  total: number,
  { format, messages }: { format: Format; messages: Words<"usage"> },
): string {
  const percent = Math.round((quantity / total) * 100);
  if (percent === 0) return messages.usage.percent(messages.usage.underOne);
  return messages.usage.percent(format.count(percent === 100 && quantity < total ? 99 : percent));
}
