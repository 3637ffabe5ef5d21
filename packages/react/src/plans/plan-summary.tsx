import type { Overview } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { ActionLink } from "../frame/action.tsx";
import { FailedSection, Section, SkeletonSection } from "../frame/section.tsx";
import { useOverview } from "../hooks.ts";

/** The plan, its seats and the one date that matters next. */
export function PlanSummary() {
  const { messages, basePath } = useBursar();
  const { data: overview, error, refetch } = useOverview();
  const words = messages.plan;
  if (overview === undefined) {
    if (error !== null)
      return <FailedSection heading={words.heading} error={error} retry={() => void refetch()} />;
    return <SkeletonSection heading={words.heading} rows={4} />;
  }
  return (
    <Section heading={words.heading} className="is-plan">
      <PlanFacts overview={overview} />
      <p className="bursar-actions">
        <ActionLink
          label={words.upgrade}
          permission={overview.can.upgrade}
          href={`${basePath}/plans`}
          primary
        />
      </p>
    </Section>
  );
}

function PlanFacts({ overview }: { overview: Overview }) {
  const { messages, format } = useBursar();
  const words = messages.plan;
  const { plan, interval, seats, renewsAt, cancelAt, pendingChange } = overview;
  return (
    <div className="bursar-facts">
      <p className="bursar-plan-name">
        <strong>{plan.name}</strong>
        {interval === null ? null : <span className="bursar-tag">{messages.interval[interval]}</span>}
        {overview.status === "past_due" ? (
          <span className="bursar-tag is-critical">{words.pastDue}</span>
        ) : null}
      </p>
      {plan.kind === "free" ? (
        <p>{words.free(format.date(overview.usageWindow.end))}</p>
      ) : (
        <p>{words.seats(format.count(seats.purchased), format.count(seats.used))}</p>
      )}
      {renewsAt === null ? null : <Dated at={renewsAt} text={words.renews(format.date(renewsAt))} />}
      {cancelAt === null ? null : <Dated at={cancelAt} text={words.ends(format.date(cancelAt))} />}
      {pendingChange === null ? null : (
        <Dated
          at={pendingChange.effectiveAt}
          text={words.pending(
            format.date(pendingChange.effectiveAt),
            words.pendingChange(pendingChange.planId, format.count(pendingChange.seats)),
          )}
        />
      )}
    </div>
  );
}

function Dated({ at, text }: { at: string; text: string }) {
  return (
    <p>
      <time dateTime={at}>{text}</time>
    </p>
  );
}
