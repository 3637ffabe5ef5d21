import type { Overview, Permission } from "@bursar/client";
import { useId } from "react";
import { isAbsent } from "../arriving.ts";
import { useBursar } from "../bursar-context.ts";
import { withdrawalLabelOf } from "../configured-labels.ts";
import { ActionLink } from "../frame/action.tsx";
import { AwaitedSection, Section } from "../frame/section.tsx";
import { useOverview } from "../hooks.ts";
import { ContactUs } from "./contact-us.tsx";
import { KeepPlan } from "./keep-plan.tsx";
import type { Words } from "../messages/area.ts";
import { planWords } from "../messages/areas/plan.ts";

/** The plan, its seats and the one date that matters next. */
export function PlanSummary() {
  const { messages } = useBursar(planWords);
  const { data: overview, error, refetch } = useOverview();
  const words = messages.plan;
  if (overview === undefined) {
    return <AwaitedSection heading={words.heading} rows={4} error={error} retry={() => void refetch()} />;
  }
  return (
    <Section heading={words.heading} className="is-plan">
      <PlanFacts overview={overview} />
      <PlanActions overview={overview} />
    </Section>
  );
}

function PlanFacts({ overview }: { overview: Overview }) {
  const { messages, format } = useBursar(planWords);
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
        <p>{words.seats(messages.seats(format.counted(seats.purchased)), format.count(seats.used))}</p>
      )}
      <OwnPrice overview={overview} />
      {renewsAt === null ? null : <Dated at={renewsAt} text={words.renews(format.date(renewsAt))} />}
      {cancelAt === null ? null : <Dated at={cancelAt} text={words.ends(format.date(cancelAt))} />}
    </div>
  );
}

/** A price that was agreed with this account, and when it begins or ends. */
function OwnPrice({ overview: { ownPrice, plan, interval } }: { overview: Overview }) {
  const { messages, format } = useBursar(planWords);
  if (ownPrice === null || interval === null) return null;
  const per = messages.per[interval];
  const unit = plan.perSeat ? messages.plan.perSeat(per) : messages.plan.perPlan(per);
  const price = `${format.money(ownPrice.amount, ownPrice.currency)} ${unit}`;
  const { at, state } = ownPrice;
  const words = messages.plan.ownPrice;
  return (
    <p>
      {at === null || state === "in_force" ? words.in_force(price) : words[state](price, format.date(at))}
    </p>
  );
}

interface LinkShown {
  label: string;
  permission: Permission;
  path: string;
  primary?: boolean;
  quiet?: boolean;
}

/** One main action; the others beside it. A reason that refuses them all is said once. */
function PlanActions({ overview }: { overview: Overview }) {
  const { messages, basePath } = useBursar(planWords);
  const words = messages.plan;
  const { can, plan, cancelAt } = overview;
  const reasonId = useId();
  const isPaid = plan.kind === "paid";
  const isTop = isPaid && !can.upgrade.allowed && can.changePlan.allowed && overview.status === "active";
  const links: LinkShown[] = [
    ...(isTop ? [] : [{ label: words.upgrade, permission: can.upgrade, path: "/plans", primary: true }]),
    ...(isPaid
      ? [
          {
            label: words.change,
            permission: can.changePlan,
            path: `/plans?plan=${encodeURIComponent(plan.id)}`,
            // The top plan has no other action before it.
            quiet: !isTop,
          },
        ]
      : []),
    ...(isPaid && plan.perSeat
      ? [{ label: words.manageSeats, permission: can.changeSeats, path: "/seats", quiet: true }]
      : []),
    ...(isPaid && cancelAt === null
      ? [{ label: words.cancel, permission: can.cancel, path: "/cancel", quiet: true }]
      : []),
  ];
  const withdrawal = withdrawLinkOf(overview, messages);
  const offered = links.filter(({ permission }) => !isAbsent(permission));
  const shared = sharedReason(offered.map(({ permission }) => permission));
  const shown = ({ path, ...link }: (typeof offered)[number]) => (
    <ActionLink
      key={path}
      {...link}
      href={`${basePath}${path}`}
      sharedReasonId={shared === null ? undefined : reasonId}
    />
  );
  return (
    <div className="bursar-actions is-ranked">
      {offered.filter(({ quiet }) => quiet !== true).map(shown)}
      {plan.kind === "custom" ? <ContactUs overview={overview} /> : null}
      {cancelAt === null ? null : <KeepPlan overview={overview} />}
      {offered.filter(({ quiet }) => quiet === true).map(shown)}
      {withdrawal === null ? null : (
        <ActionLink label={withdrawal} permission={{ allowed: true }} quiet href={`${basePath}/withdraw`} />
      )}
      {shared === null ? null : (
        <p id={reasonId} className="bursar-reason">
          {shared}
        </p>
      )}
    </div>
  );
}

/** What leads to the withdrawal while it is possible, and to its receipt afterwards; `null`: nothing. */
function withdrawLinkOf(
  { can, page, withdrawal }: Overview,
  { plan: words, language }: Words<"plan">,
): string | null {
  if (can.withdraw.allowed) return withdrawalLabelOf(page, "start", language) ?? words.withdraw;
  return withdrawal === null ? null : words.withdrawn;
}

function sharedReason([first, ...others]: Permission[]): string | null {
  const reason = first?.reason ?? null;
  const isShared = others.length > 0 && others.every((other) => other.reason === reason);
  return isShared ? reason : null;
}

function Dated({ at, text }: { at: string; text: string }) {
  return (
    <p>
      <time dateTime={at}>{text}</time>
    </p>
  );
}
