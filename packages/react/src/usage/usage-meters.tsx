import type { MeterUsage, Overview } from "@bursar/client";
import { useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { AwaitedSection, Section } from "../frame/section.tsx";
import { useSaid } from "../frame/voice.tsx";
import { useOverview } from "../hooks.ts";
import { crossingsOf } from "./crossings.ts";
import { meterView } from "./meter-view.ts";
import { useDelayed } from "./use-delayed.ts";
import { UsageMeter } from "./usage-meter.tsx";
import { usageWords } from "../messages/areas/usage.ts";

/** A row for each meter of the plan, in the catalogue's order. */
export function UsageMeters({ heading }: { heading?: string }) {
  const { messages, format } = useBursar(usageWords);
  const { data: overview, error, refetch, dataUpdatedAt } = useOverview();
  const isDelayed = useDelayed(dataUpdatedAt);
  const crossed = useCrossings(overview?.usage ?? null);
  const told = crossed.map((usage) => {
    const { name, state, amount } = meterView(usage, format, messages);
    return `${name}: ${state ?? ""}, ${amount}.`;
  });
  useSaid(told.length === 0 ? null : told.join(" "));
  const words = heading === undefined ? messages.usage : { ...messages.usage, heading };
  if (overview === undefined) {
    return <AwaitedSection heading={words.heading} rows={5} error={error} retry={() => void refetch()} />;
  }
  const { start, end } = overview.usageWindow;
  const views = Object.values(overview.usage).map((usage) => meterView(usage, format, messages));
  const range = words.window(format.range(start, end), format.until(overview.now, end));
  return (
    <Section
      heading={words.heading}
      aside={isDelayed ? words.delayed(format.moment(overview.now)) : range}
      className="is-usage"
    >
      {views.length === 0 ? <p className="bursar-muted">{words.empty}</p> : null}
      <ul className="bursar-meters" role="list">
        {views.map((view) => (
          <UsageMeter key={view.id} view={view} />
        ))}
      </ul>
    </Section>
  );
}

/** What has crossed a threshold while the page was open, until the next does; a screen reader says it once. */
function useCrossings(usage: Overview["usage"] | null): MeterUsage[] {
  const [seen, setSeen] = useState(usage);
  const [crossed, setCrossed] = useState<MeterUsage[]>([]);
  if (usage !== seen) {
    setSeen(usage);
    const news = usage === null ? [] : crossingsOf(seen, usage);
    if (news.length > 0) setCrossed(news);
  }
  return crossed;
}
