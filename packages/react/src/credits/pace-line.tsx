import type { Overview } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { balanceWords } from "../messages/areas/balance.ts";
import { dateOf } from "../usage/span.ts";
import { useUsageDaily } from "../usage/use-usage-daily.ts";
import { daysLeft, PACE_DAYS } from "./pace.ts";

/** How long allocation and credits last, from the last days. Without use there is nothing to say. */
export function PaceLine({ overview }: { overview: Overview }) {
  const { messages, format } = useBursar(balanceWords);
  const meter = Object.values(overview.usage).find(({ kind }) => kind === "tokens")?.meter;
  const today = overview.now.slice(0, 10);
  const from = dateOf(Date.parse(today) - PACE_DAYS * 86_400_000);
  const { data } = useUsageDaily(meter === undefined ? null : { meter, from, to: today });
  const days = data === undefined ? null : daysLeft(overview.credits, data, today);
  return days === null ? null : <p>{messages.balance.pace(format.counted(days))}</p>;
}
