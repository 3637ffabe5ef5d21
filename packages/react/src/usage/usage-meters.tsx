import { useBursar } from "../bursar-context.ts";
import { FailedSection, Section, SkeletonSection } from "../frame/section.tsx";
import { useOverview } from "../hooks.ts";
import { meterView } from "./meter-view.ts";
import { UsageMeter } from "./usage-meter.tsx";
import { usageWords } from "../messages/areas/usage.ts";

/** A row for each meter of the plan, in the catalogue's order. */
export function UsageMeters({ heading }: { heading?: string }) {
  const { messages, format } = useBursar(usageWords);
  const { data: overview, error, refetch } = useOverview();
  const words = heading === undefined ? messages.usage : { ...messages.usage, heading };
  if (overview === undefined) {
    if (error !== null)
      return <FailedSection heading={words.heading} error={error} retry={() => void refetch()} />;
    return <SkeletonSection heading={words.heading} rows={5} />;
  }
  const { start, end } = overview.usageWindow;
  const views = Object.values(overview.usage).map((usage) => meterView(usage, format, messages));
  const range = words.window(format.range(start, end), format.until(overview.now, end));
  return (
    <Section heading={words.heading} aside={range} className="is-usage">
      {views.length === 0 ? <p className="bursar-muted">{words.empty}</p> : null}
      <ul className="bursar-meters" role="list">
        {views.map((view) => (
          <UsageMeter key={view.id} view={view} />
        ))}
      </ul>
    </Section>
  );
}
