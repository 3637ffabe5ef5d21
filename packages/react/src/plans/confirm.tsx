import { ProblemError, type Overview, type PlanChoice, type Preview } from "@bursar/client";
import { useEffect, useRef } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionButton, ActionLink } from "../frame/action.tsx";
import { Icon } from "../frame/icon.tsx";
import { Link } from "../frame/link.tsx";
import { Failure } from "../frame/section.tsx";
import { useCheckout, usePlanChange } from "../hooks.ts";
import { brandName } from "../format/brand.ts";
import { hostedReturnUrls, intentKey, isFinal, rememberLeaving } from "../leaving.ts";
import { deedOf, type DeedHere } from "./deed.ts";
import { writeChoice, type Choice } from "./plan-choice.ts";

interface ConfirmProps {
  preview: Preview;
  choice: Choice;
  asked: PlanChoice;
  overview: Overview;
}

/** The one button that does it. It says the deed and the sum (R2), and stands only beside a fresh preview (R1). */
export function Confirm({ preview, choice, asked, overview }: ConfirmProps) {
  const { messages, basePath } = useBursar();
  const deed = deedOf(preview, choice, overview);
  const words = messages.review;
  if (deed.kind === "cancel") {
    return (
      <>
        <p>{words.toFree}</p>
        <p className="bursar-actions">
          <ActionLink label={words.toCancel} permission={overview.can.cancel} href={`${basePath}/cancel`} />
        </p>
      </>
    );
  }
  if (deed.kind === "checkout") return <PayAtStripe {...{ preview, choice, asked, overview }} primary />;
  return <ConfirmHere {...{ preview, choice, asked, overview, deed }} />;
}

function ConfirmHere({ preview, choice, asked, overview, deed }: ConfirmProps & { deed: DeedHere }) {
  const { messages, format } = useBursar();
  const words = messages.review;
  const change = usePlanChange();
  const confirm = () => {
    const intent = intentKey(`change:${preview.quoteId}`);
    change.mutate(
      { request: { ...asked, quoteId: preview.quoteId }, idempotencyKey: intent.key },
      {
        onSuccess: () => intent.forget(),
        onError: (error) => {
          if (isFinal(error)) intent.forget();
        },
      },
    );
  };
  const card = overview.paymentMethod;
  const permission = preview.kind === "upgrade" ? overview.can.upgrade : overview.can.changePlan;
  if (change.data !== undefined) return <Done outcome={change.data} overview={overview} />;
  return (
    <>
      {deed.kind === "pay" && card !== null ? (
        <p className="bursar-muted">{words.card(brandName(card.brand), card.last4)}</p>
      ) : null}
      {deed.kind === "keep" ? <p>{words.keepHint[deed.undoes]}</p> : null}
      <p className="bursar-actions">
        <ActionButton
          label={deed.label(messages, format)}
          busyLabel={deed.kind === "pay" ? words.payingNow : words.working}
          busy={change.isPending}
          permission={permission}
          onPress={confirm}
          primary
        />
        {deed.kind === "pay" ? <PayAtStripe {...{ preview, choice, asked, overview }} primary={false} /> : null}
      </p>
      {change.isPending && change.failureCount > 0 ? <p role="status">{words.inDoubt}</p> : null}
      {change.error === null ? null : <Refused error={change.error} />}
    </>
  );
}

/** Stripe's page: for a first subscription, where no card is saved, and for who wants to pay with another. */
function PayAtStripe({ preview, choice, asked, overview, primary }: ConfirmProps & { primary: boolean }) {
  const { messages, basePath, openHostedPage } = useBursar();
  const words = messages.review;
  const checkout = useCheckout();
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
  const button = (
    <ActionButton
      label={primary ? words.pay : words.payAnotherWay}
      busyLabel={words.paying}
      busy={checkout.isPending || checkout.isSuccess}
      permission={overview.can.upgrade}
      onPress={pay}
      primary={primary}
    />
  );
  return (
    <>
      {primary ? <p className="bursar-actions">{button}</p> : button}
      {checkout.error === null ? null : <Failure error={checkout.error} />}
    </>
  );
}

/** A refusal in words; the bank's question with the way to answer it, a changed price as what it is. */
function Refused({ error }: { error: Error }) {
  const { messages } = useBursar();
  const words = messages.review;
  const problem = error instanceof ProblemError ? error.problem : null;
  if (problem?.code === "quote_changed") return <p role="alert">{words.priceChanged}</p>;
  const { url } = (problem ?? {}) as { url?: unknown };
  if (problem?.code === "payment_requires_action" && typeof url === "string") {
    return (
      <div className="bursar-failure" role="alert">
        <p>{words.bank}</p>
        <Link href={url} className="bursar-button">
          {words.bankAction}
        </Link>
      </div>
    );
  }
  return <Failure error={error} />;
}

function Done({
  outcome,
  overview,
}: {
  outcome: { status: "applied" | "scheduled"; effectiveAt: string };
  overview: Overview;
}) {
  const { messages, format } = useBursar();
  const words = messages.review;
  const heading = useRef<HTMLParagraphElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="bursar-news is-good">
      <Icon name="good" />
      <p ref={heading} tabIndex={-1}>
        {outcome.status === "applied"
          ? words.applied(overview.plan.name)
          : words.scheduled(format.date(outcome.effectiveAt))}
      </p>
    </div>
  );
}
