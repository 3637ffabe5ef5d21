import type { Overview, PlanChoice, PlanOffer, Preview } from "@bursar/client";
import { useId, useMemo } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { Failure } from "../frame/section.tsx";
import { useCheckout, usePreview } from "../hooks.ts";
import { hostedReturnUrls, intentKey, isFinal, rememberLeaving } from "../leaving.ts";
import { seatsAreValid, writeChoice, type Choice } from "./plan-choice.ts";
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
  const isCurrent = isTodays(choice, overview);
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
      {asked !== null && preview !== undefined && error === null ? <PreviewLines preview={preview} /> : null}
      {isBusy ? <p className="bursar-muted bursar-busy">{words.busy}</p> : null}
      {isFresh && preview !== undefined ? (
        <Pay preview={preview} choice={choice} asked={asked} overview={overview} />
      ) : null}
    </section>
  );
}

function isTodays(choice: Choice, { plan, interval, seats }: Overview): boolean {
  if (choice.planId !== plan.id) return false;
  if (plan.kind === "free") return true;
  return choice.interval === interval && (!plan.perSeat || choice.seats === seats.purchased);
}

interface PayProps {
  preview: Preview;
  choice: Choice;
  asked: PlanChoice;
  overview: Overview;
}

function Pay({ preview, choice, asked, overview }: PayProps) {
  const { messages, basePath, openHostedPage } = useBursar();
  const words = messages.review;
  const checkout = useCheckout();
  if (preview.kind === "none") return <p>{words.current}</p>;
  if (preview.kind === "downgrade") return <p>{words.notHere}</p>;
  const pay = () => {
    const intent = intentKey(`plan:${preview.quoteId}`);
    const urls = hostedReturnUrls(basePath, `${basePath}/plans${writeChoice(choice)}`);
    checkout.mutate(
      { request: { ...asked, quoteId: preview.quoteId, ...urls }, idempotencyKey: intent.key },
      {
        onSuccess: ({ url }) => {
          intent.forget();
          rememberLeaving({ bought: "plan", planId: choice.planId, interval: choice.interval });
          openHostedPage(url);
        },
        onError: (error) => {
          if (isFinal(error)) intent.forget();
        },
      },
    );
  };
  return (
    <>
      <p className="bursar-actions">
        <ActionButton
          label={words.pay}
          busyLabel={words.paying}
          busy={checkout.isPending || checkout.isSuccess}
          permission={overview.can.upgrade}
          onPress={pay}
          primary
        />
      </p>
      {checkout.error === null ? null : <Failure error={checkout.error} />}
    </>
  );
}
