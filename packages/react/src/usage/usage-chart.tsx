import type { MeterUsage, Overview } from "@bursar/client";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionLink } from "../frame/action.tsx";
import { ExportButton } from "../frame/export-button.tsx";
import { AwaitedSection, Failure, Section, SkeletonRows } from "../frame/section.tsx";
import { useOverview } from "../hooks.ts";
import { useUsageDaily } from "./use-usage-daily.ts";
import { dayViews, useBefore } from "./day-view.ts";
import { MeterAlerts } from "./meter-alerts.tsx";
import { projectionWords } from "./projection-words.ts";
import { nameOf, queryOf, searchOf, spanOf, windowDays, type SpanChoice } from "./span.ts";
import { SpanFields } from "./span-fields.tsx";
import { UsageDaysTable } from "./usage-days-table.tsx";
import { UsageGroupsTable } from "./usage-groups-table.tsx";
import { daysWords } from "../messages/areas/days.ts";
import { usageWords } from "../messages/areas/usage.ts";

/** Who never opens the screen does not load it. */
const loadPlot = () => import("./usage-plot.tsx").then(({ UsagePlot }) => ({ default: UsagePlot }));
const UsagePlot = lazy(loadPlot);

/** What a meter counted each day, as a chart and as a table, and where it is going (US1, US2). */
export function UsageChart({ search = "" }: { search?: string }) {
  const { messages } = useBursar(usageWords, daysWords);
  const { data: overview, error, refetch } = useOverview();
  const words = messages.days.perDay;
  if (overview === undefined) {
    return <AwaitedSection heading={words.heading} rows={12} error={error} retry={() => void refetch()} />;
  }
  const choice = spanOf(
    search,
    Object.values(overview.usage).map(({ meter }) => meter),
  );
  const usage = Object.values(overview.usage).find(({ meter }) => meter === choice.meter);
  if (usage === undefined)
    return (
      <Section heading={words.heading}>
        <p className="bursar-muted">{messages.usage.empty}</p>
      </Section>
    );
  return <ChosenMeter {...{ overview, usage, choice }} />;
}

interface Chosen {
  overview: Overview;
  usage: MeterUsage;
  choice: SpanChoice;
}

function ChosenMeter({ overview, usage, choice }: Chosen) {
  const { client, messages, basePath, navigate } = useBursar(daysWords);
  const words = messages.days.perDay;
  const [isTable, setIsTable] = useState(false);
  // Beside the figures and not after them.
  useEffect(() => void loadPlot(), []);
  const query = queryOf(choice, usage.groupBy);
  const { data, error, refetch, isPlaceholderData } = useUsageDaily(query);
  const latest = useRef(choice);
  const address = searchOf(choice);
  // The screen follows the address a moment later, and the next choice goes on from this one before that.
  useEffect(() => {
    latest.current = choice;
  }, [address]);
  const choose = (change: Partial<SpanChoice>) => {
    latest.current = { ...latest.current, ...change };
    navigate(`${basePath}/usage${searchOf(latest.current)}`, { replace: true });
  };
  return (
    <Section
      heading={words.heading}
      className="is-usage-days"
      busy={error === null && (data === undefined || isPlaceholderData)}
    >
      <div className="bursar-toolbar">
        <SpanFields {...{ overview, choice, choose }} />
        <fieldset className="bursar-segments">
          <legend>{words.shownAs}</legend>
          {[false, true].map((each) => (
            <label key={String(each)}>
              <input type="radio" checked={isTable === each} onChange={() => setIsTable(each)} />
              <span>{each ? words.table : words.chart}</span>
            </label>
          ))}
        </fieldset>
        <ExportButton fetchCsv={() => client.usageDailyCsv(query)} />
      </div>
      {error !== null && data === undefined ? <Failure error={error} retry={() => void refetch()} /> : null}
      {error === null && data === undefined ? <PlotSkeleton /> : null}
      {data === undefined ? null : <Days {...{ overview, usage, choice, data, isTable }} />}
      {data === undefined || usage.limit === null || overview.viewer.name === null ? null : (
        // A key or token of no member is nobody whom a mail could reach.
        <MeterAlerts key={usage.meter} meter={usage.meter} name={usage.name} />
      )}
    </Section>
  );
}

function Days({
  overview,
  usage,
  choice,
  data,
  isTable,
}: Chosen & { data: NonNullable<ReturnType<typeof useUsageDaily>["data"]>; isTable: boolean }) {
  const { messages, format, basePath } = useBursar(usageWords, daysWords);
  const words = messages.usage;
  const { now, usageWindow } = overview;
  const isWindow = nameOf(choice, now) === "window";
  const days = dayViews(data, { usage, now, isWindow });
  const isEmpty = days.every(({ quantity }) => quantity === 0);
  const before = isWindow ? useBefore(days, usageWindow.start) : 0;
  const amountOf = usage.format === "bytes" ? format.bytes : format.count;
  const isProjected = isWindow && overview.page.projection;
  const sentences = isProjected
    ? projectionWords(data.projection, { usage, windowEndsAt: usageWindow.end }, { format, messages })
    : [];
  return (
    <>
      {isEmpty ? (
        <div className="bursar-plot-space is-empty">
          <p>
            <strong>{messages.days.perDay.nothing}</strong>
          </p>
          <p className="bursar-muted">{messages.days.perDay.nothingHint}</p>
        </div>
      ) : isTable ? (
        <UsageDaysTable {...{ days, usage }} />
      ) : (
        <Suspense fallback={<PlotSkeleton />}>
          <UsagePlot
            {...{ days, usage }}
            slots={isWindow ? windowDays(overview) : days.length}
            projection={isWindow ? data.projection : null}
          />
        </Suspense>
      )}
      {before === 0 ? null : (
        <p className="bursar-muted bursar-days-note">
          {messages.days.perDay.before(format.date(usageWindow.start), amountOf(before))}
        </p>
      )}
      {isWindow && !isEmpty ? (
        <div className="bursar-projection">
          <p>
            {sentences.map((sentence, index) => (
              <span
                key={sentence}
                className={index > 0 && index === sentences.length - 1 ? "bursar-muted" : ""}
              >
                {sentence}{" "}
              </span>
            ))}
            {usage.asOf === null ? null : (
              <span className="bursar-muted">{words.lastEvent(format.moment(usage.asOf))}.</span>
            )}
          </p>
          {data.projection?.limitReachedAt == null ? null : (
            <ActionLink
              label={messages.days.projection.seePlans}
              permission={overview.can.changePlan}
              href={`${basePath}/plans`}
            />
          )}
        </div>
      ) : null}
      {isEmpty || usage.groupBy === null || data.groups === undefined ? null : (
        <UsageGroupsTable {...{ usage }} groups={data.groups} name={usage.groupBy.name} />
      )}
    </>
  );
}

function PlotSkeleton() {
  const { messages } = useBursar();
  return (
    <div className="bursar-plot-space">
      <p className="bursar-hidden">{messages.state.loading}</p>
      <SkeletonRows rows={10} />
    </div>
  );
}
