import type { Overview } from "@bursar/client";
import { Suspense, type ReactNode } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionLink } from "../frame/action.tsx";
import { Icon } from "../frame/icon.tsx";
import { later } from "../frame/later.tsx";
import { AwaitedSection, Section } from "../frame/section.tsx";
import { useOverview } from "../hooks.ts";
import { balanceWords } from "../messages/areas/balance.ts";

const Pace = later(() => import("./pace-line.tsx").then(({ PaceLine }) => PaceLine));

/** The balance; on the overview with the way to more of it, on its own screen with how long it lasts. */
export function CreditsSummary({ withAction = true }: { withAction?: boolean }) {
  const { messages, basePath } = useBursar(balanceWords);
  const { data: overview, error, refetch } = useOverview();
  const words = messages.balance;
  if (overview === undefined) {
    return <AwaitedSection heading={words.heading} rows={2} error={error} retry={() => void refetch()} />;
  }
  return (
    <Section heading={words.heading} className="is-credits">
      <Balance overview={overview}>
        {withAction ? (
          <Recharge overview={overview} />
        ) : (
          <Suspense fallback={null}>
            <Pace overview={overview} />
          </Suspense>
        )}
      </Balance>
      {withAction ? (
        <p className="bursar-actions">
          <ActionLink label={words.buy} permission={overview.can.buyCredits} href={`${basePath}/credits`} />
        </p>
      ) : null}
    </Section>
  );
}

function Balance({ overview, children }: { overview: Overview; children: ReactNode }) {
  const { messages, format } = useBursar(balanceWords);
  const words = messages.balance;
  const { credits, plan, usageWindow } = overview;
  const next = format.date(usageWindow.end);
  return (
    <div className="bursar-facts">
      <p className="bursar-balance">
        <strong>{words.tokens(format.count(credits.balance))}</strong>
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

/** Whether something is bought without a press, and how much of it there was. Free, which has none, says nothing. */
function Recharge({ overview: { credits, plan } }: { overview: Overview }) {
  const { messages, format } = useBursar(balanceWords);
  const words = messages.balance.recharge;
  const { state, spentThisPeriod, spendingLimit, currency } = credits.autoRecharge;
  if (state === "off") return plan.kind === "free" ? null : <p>{words.off}</p>;
  if (state === "paused") return <p>{words.paused}</p>;
  return <p>{words.on(format.money(spentThisPeriod, currency), format.money(spendingLimit, currency))}</p>;
}
