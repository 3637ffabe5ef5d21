import type { Overview } from "@bursar/client";
import type { ReactNode } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionLink } from "../frame/action.tsx";
import { Icon } from "../frame/icon.tsx";
import { FailedSection, Section, SkeletonSection } from "../frame/section.tsx";
import { useOverview, useUsageDaily } from "../hooks.ts";
import { dateOf } from "../usage/span.ts";
import { daysLeft, PACE_DAYS } from "./pace.ts";

/** The balance; on the overview with the way to more of it, on its own screen with how long it lasts. */
export function CreditsSummary({ withAction = true }: { withAction?: boolean }) {
  const { messages, basePath } = useBursar();
  const { data: overview, error, refetch } = useOverview();
  const words = messages.credits;
  if (overview === undefined) {
    if (error !== null)
      return <FailedSection heading={words.heading} error={error} retry={() => void refetch()} />;
    return <SkeletonSection heading={words.heading} rows={2} />;
  }
  return (
    <Section heading={words.heading} className="is-credits">
      <Balance overview={overview}>{withAction ? null : <Pace overview={overview} />}</Balance>
      {withAction ? (
        <p className="bursar-actions">
          <ActionLink label={words.buy} permission={overview.can.buyCredits} href={`${basePath}/credits`} />
        </p>
      ) : null}
    </Section>
  );
}

function Balance({ overview, children }: { overview: Overview; children: ReactNode }) {
  const { messages, format } = useBursar();
  const words = messages.credits;
  const { credits, plan, usageWindow } = overview;
  const next = format.date(usageWindow.end);
  return (
    <div className="bursar-facts">
      <p className="bursar-balance">
        <strong>{words.balance(format.count(credits.balance))}</strong>
      </p>
      {credits.balance < 0 ? (
        <p className="bursar-below-zero">
          <Icon name="critical" /> {plan.kind === "free" ? words.negativeOnFree(next) : words.negative(next)}
        </p>
      ) : null}
      {credits.held > 0 ? <p>{words.held(format.count(credits.held))}</p> : null}
      {children}
      <p className="bursar-muted">{words.never}</p>
    </div>
  );
}

/** How long allocation and credits last, from the last days. Without use there is nothing to say. */
function Pace({ overview }: { overview: Overview }) {
  const { messages, format } = useBursar();
  const meter = Object.values(overview.usage).find(({ kind }) => kind === "tokens")?.meter;
  const today = overview.now.slice(0, 10);
  const from = dateOf(Date.parse(today) - PACE_DAYS * 86_400_000);
  const { data } = useUsageDaily(meter === undefined ? null : { meter, from, to: today });
  const days = data === undefined ? null : daysLeft(overview.credits, data, today);
  return days === null ? null : <p>{messages.credits.pace(format.counted(days))}</p>;
}
