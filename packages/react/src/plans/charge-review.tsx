import type { Overview, PlanChoice, PlanOffer, Preview } from "@bursar/client";
import { useId, useMemo, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import type { Format } from "../format/create-format.ts";
import { ActionButton } from "../frame/action.tsx";
import { Heading } from "../frame/heading.tsx";
import { Failure, SkeletonRows } from "../frame/section.tsx";
import { useSaid } from "../frame/voice.tsx";
import { usePlanChange, usePreview } from "./use-plans.ts";
import { BankCheck, bankCheckOf } from "./bank-check.tsx";
import { Back, Confirm } from "./confirm.tsx";
import { deedOf } from "./deed.ts";
import { Done, type Confirmed } from "./done.tsx";
import { isTodays, seatsAreValid, type Choice } from "./plan-choice.ts";
import { PreviewLines } from "./preview-lines.tsx";
import { newsInWords, usePriceNews } from "./price-news.ts";
import { useQuiet } from "./use-quiet.ts";
import { pickerWords } from "../messages/areas/picker.ts";
import { planWords } from "../messages/areas/plan.ts";
import { reviewWords } from "../messages/areas/review.ts";
import { paymentWords } from "../messages/areas/payment.ts";

const QUIET_MS = 400;

const isPriced = ({ prices }: PlanOffer): boolean => prices.month !== null || prices.year !== null;

interface ChargeReviewProps {
  choice: Choice;
  offer: PlanOffer;
  overview: Overview;
  /** What follows the change, said above the button. */
  note?: string | undefined;
  onConfirmed?: (() => void) | undefined;
}

/**
 * What will be charged, from the server, before anything is. There is a button only beside a fresh preview of exactly
 * this choice: a failed preview is an error with a way to try again, never a price.
 */
export function ChargeReview({ choice, offer, overview, note, onConfirmed }: ChargeReviewProps) {
  const { messages, format } = useBursar(pickerWords, reviewWords);
  const headingId = useId();
  const { planId, interval, seats } = choice;
  const wanted = useMemo<PlanChoice>(
    () => ({ planId, interval, ...(offer.perSeat ? { seats } : {}) }),
    [planId, interval, seats, offer.perSeat],
  );
  const [confirmed, setConfirmed] = useState<Confirmed | null>(null);
  const change = usePlanChange();
  const isPending = overview.pendingChange !== null;
  const isToday = isTodays(choice, overview);
  const isDone = confirmed?.wanted === wanted && (isToday || isPending);
  // While it is being done the review stays as it was pressed, though the account may have moved already.
  const isCurrent = !change.isPending && isToday && !isPending && overview.cancelAt === null;
  const isBlocked = !change.isPending && !overview.can.changePlan.allowed;
  const title = messages.review.title(
    offer.name,
    // Free is free at any interval.
    isPriced(offer) ? messages.interval[interval].toLowerCase() : null,
    offer.perSeat && Number.isSafeInteger(seats) ? messages.seats(format.counted(seats)) : null,
  );
  const frame = (content: React.ReactNode, options: { busy?: boolean; short?: boolean } = {}) => (
    <section
      className={`bursar-review ${options.short === true ? "is-short" : ""}`}
      aria-labelledby={headingId}
      aria-busy={options.busy === true ? "true" : undefined}
    >
      <Heading depth={2} id={headingId}>
        {title}
      </Heading>
      {content}
    </section>
  );
  if (isDone) return frame(<Done confirmed={confirmed} overview={overview} />, { short: true });
  if (isBlocked) return frame(<Blocked overview={overview} />, { short: true });
  if (isCurrent) return frame(<Current overview={overview} />, { short: true });
  const isSold = offer.prices[interval] !== null || offer.change === "downgrade";
  const isAskable = isSold && (!offer.perSeat || seatsAreValid(seats, offer));
  return (
    <Priced
      {...{ choice, offer, overview, note, change, frame }}
      setConfirmed={(done) => {
        setConfirmed(done);
        onConfirmed?.();
      }}
      wanted={isAskable ? wanted : null}
      hint={isSold ? messages.review.waiting : messages.picker.notSold}
    />
  );
}

interface PricedProps extends ChargeReviewProps {
  /** `null` while there is nothing that could be priced. */
  wanted: PlanChoice | null;
  hint: string;
  change: ReturnType<typeof usePlanChange>;
  frame: (content: React.ReactNode, options?: { busy?: boolean; short?: boolean }) => React.ReactNode;
  setConfirmed: (confirmed: Confirmed) => void;
}

/** The figures, and beneath them the button; its place is kept while a new price is asked for. */
function Priced(props: PricedProps) {
  const { choice, offer, overview, note, wanted, hint, change, frame, setConfirmed } = props;
  const { messages, format } = useBursar(reviewWords);
  const words = messages.review;
  const quiet = useQuiet(wanted, QUIET_MS);
  const { data, error, isPlaceholderData, isFetching, refetch } = usePreview(quiet);
  const isFresh = wanted !== null && quiet === wanted && !isPlaceholderData && error === null;
  const isBusy = wanted !== null && (quiet !== wanted || (isFetching && !isFresh));
  const preview = wanted === null || error !== null ? undefined : data;
  const news = newsInWords(usePriceNews(wanted, isFresh ? preview : undefined), { messages, format });
  const sum = preview === undefined ? "" : sumOf(preview, format);
  useSaid(isFresh && sum !== "" ? `${news ?? ""} ${words.total(sum)}`.trim() : null);
  if (wanted === null) return frame(<p className="bursar-muted">{hint}</p>);
  if (error !== null && !isBusy)
    return frame(<Failure error={error} retry={() => void refetch()} />, { short: true });
  if (preview === undefined) return frame(<Asking />, { busy: true });
  const deed = deedOf(preview, choice, overview);
  return frame(
    <>
      <PreviewLines {...{ preview, deed, offer, overview }} />
      {news === null || isBusy ? null : <p className="bursar-price-news">{news}</p>}
      {note === undefined ? null : <p>{note}</p>}
      {isFresh ? (
        <Confirm
          {...{ preview, deed, offer, choice, wanted, overview, change, sum }}
          refresh={() => void refetch()}
          onDone={setConfirmed}
        />
      ) : (
        <AskingActions isPaid={deed.kind === "pay"} />
      )}
    </>,
    { busy: isBusy },
  );
}

function sumOf({ dueToday: { tax, total, amountDue, currency } }: Preview, { money }: Format): string {
  return money(tax === null ? total : amountDue, currency);
}

function Asking() {
  const { messages } = useBursar(reviewWords);
  return (
    <>
      <p className="bursar-hidden">{messages.review.busy}</p>
      <SkeletonRows rows={7} />
      <AskingActions isPaid={false} />
    </>
  );
}

/** In the place of what confirms and of its size, so that a new price moves nothing. */
function AskingActions({ isPaid }: { isPaid: boolean }) {
  const { messages } = useBursar(reviewWords);
  const words = messages.review;
  const asking = { permission: { allowed: true }, busy: true, onPress: () => undefined } as const;
  return (
    <>
      {isPaid ? (
        <p className="bursar-muted" aria-hidden="true">
          {"\u00a0"}
        </p>
      ) : null}
      <p className="bursar-actions">
        <ActionButton label={words.busy} {...asking} />
        {isPaid ? <ActionButton label={words.payAnotherWay} {...asking} /> : null}
        <Back quiet />
      </p>
    </>
  );
}

/** Nothing can be changed now: by whom or after what it can, and nothing is asked for in vain. */
function Blocked({ overview }: { overview: Overview }) {
  const { messages } = useBursar(planWords);
  const bank = bankCheckOf(overview);
  if (bank !== null) return <BankCheck href={bank} permission={overview.can.managePayment} />;
  return (
    <p className="bursar-actions">
      <ActionButton
        label={messages.plan.change}
        permission={overview.can.changePlan}
        onPress={() => undefined}
        primary
      />
    </p>
  );
}

function Current({ overview }: { overview: Overview }) {
  const { messages, format } = useBursar(reviewWords, paymentWords);
  const words = messages.review;
  const { nextInvoice, renewsAt } = overview;
  return (
    <>
      <p>{words.current}</p>
      {renewsAt === null || nextInvoice === null ? null : (
        <p className="bursar-muted">
          {words.renewsFor(
            format.date(renewsAt),
            format.money(nextInvoice.total, nextInvoice.currency),
            nextInvoice.taxIncluded ? messages.payment.inclVat : messages.payment.plusVat,
          )}
        </p>
      )}
    </>
  );
}
