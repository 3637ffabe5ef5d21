import type { PlanChoice } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { AwaitedSection, Section } from "../frame/section.tsx";
import { useOverview } from "../hooks.ts";
import { usePlans } from "./use-plans.ts";
import { ChargeReview as Review } from "./charge-review.tsx";
import { completeChoice } from "./plan-choice.ts";
import { pickerWords } from "../messages/areas/picker.ts";

/** The review of one choice, for a host with plan cards of its own: what it costs, and the one button that does it. */
export function ChargeReview({ planId, interval, seats }: PlanChoice) {
  const { messages } = useBursar(pickerWords);
  const plans = usePlans();
  const overview = useOverview();
  const { heading, none } = messages.picker;
  const error = plans.error ?? overview.error;
  if (plans.data === undefined || overview.data === undefined) {
    const retry = () => void Promise.all([plans.refetch(), overview.refetch()]);
    return <AwaitedSection heading={heading} rows={7} error={error} retry={retry} />;
  }
  const wanted = {
    ...(planId === undefined ? {} : { planId }),
    ...(interval === undefined ? {} : { interval }),
    ...(seats === undefined ? {} : { seats }),
  };
  const choice = completeChoice(wanted, plans.data.data, overview.data);
  const offer = plans.data.data.find(({ id }) => id === choice?.planId);
  if (choice === null || offer === undefined)
    return (
      <Section heading={heading}>
        <p className="bursar-muted">{none}</p>
      </Section>
    );
  return <Review choice={choice} offer={offer} overview={overview.data} />;
}
