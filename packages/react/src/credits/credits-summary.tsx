import type { Overview } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { ActionLink } from "../frame/action.tsx";
import { FailedSection, Section, SkeletonSection } from "../frame/section.tsx";
import { useOverview } from "../hooks.ts";

/** The balance, on the overview with the way to more of it. */
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
      <Balance credits={overview.credits} />
      {withAction ? (
        <p className="bursar-actions">
          <ActionLink label={words.buy} permission={overview.can.buyCredits} href={`${basePath}/credits`} />
        </p>
      ) : null}
    </Section>
  );
}

function Balance({ credits }: { credits: Overview["credits"] }) {
  const { messages, format } = useBursar();
  const words = messages.credits;
  return (
    <div className="bursar-facts">
      <p className="bursar-balance">
        <strong>{words.balance(format.count(credits.balance))}</strong>
      </p>
      {credits.balance < 0 ? <p>{words.negative}</p> : null}
      {credits.held > 0 ? <p>{words.held(format.count(credits.held))}</p> : null}
      <p className="bursar-muted">{words.never}</p>
    </div>
  );
}
