import { ProblemError, type Overview, type PlanChoice, type PlanOffer, type Preview } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { ActionButton, ActionLink } from "../frame/action.tsx";
import { Link } from "../frame/link.tsx";
import { Doubt, Failure, WriteFailure } from "../frame/section.tsx";
import { useCheckout, type usePlanChange } from "./use-plans.ts";
import { intentKey, isFinal, quotedIntent } from "../intents.ts";
import { hostedReturnUrls, rememberLeaving } from "../leaving.ts";
import type { Deed, DeedHere } from "./deed.ts";
import type { Confirmed } from "./done.tsx";
import { writeChoice, type Choice } from "./plan-choice.ts";
import { PriceHeld } from "./price-held.tsx";
import { paymentWords } from "../messages/areas/payment.ts";
import { reviewWords } from "../messages/areas/review.ts";

interface ConfirmProps {
  preview: Preview;
  deed: Deed;
  offer: PlanOffer;
  choice: Choice;
  wanted: PlanChoice;
  overview: Overview;
  /** Due today, formatted. */
  sum: string;
  change: ReturnType<typeof usePlanChange>;
  refresh: () => void;
  onDone: (confirmed: Confirmed) => void;
}

/** The one button that does it. It says the deed and the sum (R2), and stands only beside a fresh preview (R1). */
export function Confirm(props: ConfirmProps) {
  const { messages, basePath } = useBursar(reviewWords);
  const { deed, overview } = props;
  const words = messages.review;
  if (deed.kind === "cancel") {
    return (
      <>
        <p>{words.toFree}</p>
        <p className="bursar-actions">
          <ActionLink label={words.toCancel} permission={overview.can.cancel} href={`${basePath}/cancel`} />
          <Back quiet />
        </p>
      </>
    );
  }
  if (deed.kind === "checkout") return <PayAtStripe {...props} primary />;
  return <ConfirmHere {...props} deed={deed} />;
}

/** Leaves without doing anything. @param quiet beside a button that does something */
export function Back({ quiet = false }: { quiet?: boolean }) {
  const { messages, basePath } = useBursar(reviewWords);
  return (
    <Link href={basePath} className={`bursar-button ${quiet ? "is-quiet" : ""}`}>
      {messages.review.back}
    </Link>
  );
}

function ConfirmHere(props: ConfirmProps & { deed: DeedHere }) {
  const { preview, wanted, overview, deed, sum, change, refresh, onDone } = props;
  const { messages, format } = useBursar(reviewWords);
  const words = messages.review;
  const confirm = () => {
    // Of what was seen and pressed: after a reload the same press is the same request, under the quote it was made with.
    const { amountDue, currency } = preview.dueToday;
    const seen = `${JSON.stringify(wanted)}:${deed.kind}:${amountDue}:${currency}`;
    const { request: quoteId, ...intent } = quotedIntent(`change:${seen}`, preview);
    change.mutate(
      { request: { ...wanted, quoteId }, intent },
      { onSuccess: (outcome) => onDone({ wanted, outcome, deed: deed.kind, sum }) },
    );
  };
  const isPaid = deed.kind === "pay";
  const isInDoubt = change.error !== null && isInDoubtOf(change.error);
  return (
    <>
      {deed.kind === "keep" ? <p>{words.keepHint[deed.undoes]}</p> : null}
      {isPaid ? <PriceHeld expiresAt={preview.expiresAt} refresh={refresh} /> : null}
      <p className="bursar-actions">
        <ActionButton
          label={isInDoubt ? messages.state.checkAgain : deed.label(messages, format)}
          busyLabel={isPaid ? words.payingNow : words.working}
          busy={change.isPending}
          permission={preview.kind === "upgrade" ? overview.can.upgrade : overview.can.changePlan}
          onPress={confirm}
          primary
        />
        {isPaid ? <PayAtStripe {...props} primary={false} isHeld={change.isPending || isInDoubt} /> : null}
        <Back quiet />
      </p>
      <Doubt of={change} />
      {change.error === null || change.isPending ? null : <Refused error={change.error} />}
    </>
  );
}

/** Nobody knows what became of it; pressed again, the same request asks. */
function isInDoubtOf(error: Error): boolean {
  return !isFinal(error) && !(error instanceof ProblemError && error.problem.status === 429);
}

interface PaidElsewhere {
  primary: boolean;
  /** While nobody knows whether the saved card has paid, no other way to pay is open. */
  isHeld?: boolean;
}

/** Stripe's page: for a first subscription, where no card is saved, and for who wants to pay with another. */
function PayAtStripe(props: ConfirmProps & PaidElsewhere) {
  const { preview, offer, choice, wanted, overview, sum, primary, isHeld = false } = props;
  const { messages, basePath, openHostedPage } = useBursar(reviewWords, paymentWords);
  const words = messages.review;
  const checkout = useCheckout();
  const pay = () => {
    const intent = intentKey(`plan:${preview.quoteId}`);
    const urls = hostedReturnUrls(basePath, `${basePath}/plans${writeChoice(choice)}`);
    checkout.mutate(
      { request: { ...wanted, quoteId: preview.quoteId, ...urls }, idempotencyKey: intent.key },
      {
        onSuccess: ({ url }) => {
          intent.forget();
          rememberLeaving({
            bought: "plan",
            planId: choice.planId,
            planName: offer.name,
            interval: choice.interval,
          });
          openHostedPage(url);
        },
        onError: (error) => {
          if (isFinal(error)) intent.forget();
        },
      },
    );
  };
  // The sum on Stripe's page is higher where the tax is not known yet: the button must not promise this one.
  const about = preview.dueToday.tax === null ? `${sum} ${messages.payment.plusVat}` : sum;
  const label = primary ? words.pay(about) : words.payAnotherWay;
  const button = (
    <ActionButton
      label={label}
      busyLabel={isHeld ? label : words.paying}
      busy={isHeld || checkout.isPending || checkout.isSuccess}
      permission={overview.can.upgrade}
      onPress={pay}
      primary={primary}
    />
  );
  const failure = checkout.error === null ? null : <Failure error={checkout.error} />;
  if (!primary) {
    return (
      <>
        {button}
        {failure}
      </>
    );
  }
  return (
    <>
      <p className="bursar-actions">
        {button}
        <Back quiet />
      </p>
      {failure}
    </>
  );
}

/**
 * A refusal in words. What the bank asks is shown from the overview, which says it on every visit; a changed price says
 * by itself what it was and is.
 */
function Refused({ error }: { error: Error }) {
  const { messages } = useBursar(reviewWords);
  const code = error instanceof ProblemError ? error.problem.code : null;
  if (code === "payment_requires_action") return null;
  if (code === "quote_changed") return <p role="alert">{messages.review.priceChanged}</p>;
  return <WriteFailure error={error} />;
}
