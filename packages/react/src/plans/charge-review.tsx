import type { Overview, PlanChoice, PlanOffer } from "@bursar/client";
import { useId, useMemo } from "react";
import { useBursar } from "../bursar-context.ts";
import { Failure } from "../frame/section.tsx";
import { usePreview } from "../hooks.ts";
import { Confirm } from "./confirm.tsx";
import { seatsAreValid, type Choice } from "./plan-choice.ts";
import { PreviewLines } from "./preview-lines.tsx";
import { useQuiet } from "./use-quiet.ts";

const QUIET_MS = 400;

interface ChargeReviewProps {
  choice: Choice;
  offer: PlanOffer;
  overview: Overview;
}

/**
 * What will be charged, from the server, before anything is. There is a button only beside a fresh preview of exactly
 * this choice: a failed preview is an error with a way to try again, never a price.
 */
export function ChargeReview({ choice, offer, overview }: ChargeReviewProps) {
  const { messages } = useBursar();
  const words = messages.review;
  const headingId = useId();
  const isCurrent =
    isTodays(choice, overview) && overview.pendingChange === null && overview.cancelAt === null;
  const isAskable =
    !isCurrent &&
    (!offer.perSeat || seatsAreValid(choice.seats, offer)) &&
    offer.prices[choice.interval] !== null;
  const asked = useMemo<PlanChoice | null>(() => {
    if (!isAskable) return null;
    const { planId, interval, seats } = choice;
    return { planId, interval, ...(offer.perSeat ? { seats } : {}) };
  }, [choice, isAskable, offer.perSeat]);
  const quiet = useQuiet(asked, QUIET_MS);
  const { data: preview, error, isPlaceholderData, isFetching, refetch } = usePreview(quiet);
  const isFresh = asked !== null && quiet === asked && !isPlaceholderData && error === null;
  const isBusy = asked !== null && (quiet !== asked || (isFetching && !isFresh));
  return (
    <section className="bursar-review" aria-labelledby={headingId} aria-busy={isBusy ? "true" : undefined}>
      <h3 id={headingId}>{words.title(offer.name, messages.interval[choice.interval].toLowerCase())}</h3>
      {isCurrent ? <p>{words.current}</p> : null}
      {asked !== null && error !== null && !isBusy ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : null}
      {asked !== null && preview !== undefined && error === null ? (
        <PreviewLines preview={preview} planName={overview.plan.name} />
      ) : null}
      {isBusy ? <p className="bursar-muted bursar-busy">{words.busy}</p> : null}
      {isFresh && preview !== undefined ? (
        <Confirm preview={preview} choice={choice} asked={asked} overview={overview} />
      ) : null}
    </section>
  );
}

function isTodays(choice: Choice, { plan, interval, seats }: Overview): boolean {
  if (choice.planId !== plan.id) return false;
  if (plan.kind === "free") return true;
  return choice.interval === interval && (!plan.perSeat || choice.seats === seats.purchased);
}
