import type { Overview } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { ActionLink } from "../frame/action.tsx";
import { FailedSection, Section, SkeletonSection } from "../frame/section.tsx";
import { useOverview } from "../hooks.ts";
import { KeepPlan, PendingChange } from "./keep-plan.tsx";

/** The plan, its seats and the one date that matters next. */
export function PlanSummary() {
  const { messages } = useBursar();
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
      <PlanActions overview={overview} />
    </Section>
  );
}

function PlanFacts({ overview }: { overview: Overview }) {
  const { messages, format } = useBursar();
  const words = messages.plan;
  const { plan, interval, seats, renewsAt, cancelAt } = overview;
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
      <PendingChange overview={overview} />
    </div>
  );
}

/** One main action; the others beside it, each with its reason where it is refused. */
function PlanActions({ overview }: { overview: Overview }) {
  const { messages, basePath } = useBursar();
  const words = messages.plan;
  const { can, plan, cancelAt } = overview;
  const isPaid = plan.kind === "paid";
  return (
    <p className="bursar-actions">
      {isPaid && !can.upgrade.allowed && can.changePlan.allowed && overview.status === "active" ? null : (
        <ActionLink label={words.upgrade} permission={can.upgrade} href={`${basePath}/plans`} primary />
      )}
      {isPaid ? (
        <ActionLink
          label={words.change}
          permission={can.changePlan}
          href={`${basePath}/plans?plan=${encodeURIComponent(plan.id)}`}
        />
      ) : null}
      {isPaid && plan.perSeat ? (
        <ActionLink label={words.manageSeats} permission={can.changeSeats} href={`${basePath}/seats`} />
      ) : null}
      {cancelAt !== null ? <KeepPlan overview={overview} /> : null}
      {isPaid && cancelAt === null ? (
        <ActionLink label={words.cancel} permission={can.cancel} href={`${basePath}/cancel`} />
      ) : null}
    </p>
  );
}

function Dated({ at, text }: { at: string; text: string }) {
  return (
    <p>
      <time dateTime={at}>{text}</time>
    </p>
  );
}
