import { ProblemError, type Overview, type Pack } from "@bursar/client";
import { useRef } from "react";
import { useBursar } from "../bursar-context.ts";
import { payLabelOf } from "../configured-labels.ts";
import { cardName } from "../format/brand.ts";
import { ActionButton } from "../frame/action.tsx";
import { Doubt, Failure } from "../frame/section.tsx";
import { News } from "../frame/voice.tsx";
import { useCreditsCheckout, usePurchasePack } from "./use-credits.ts";
import { intentKey, isFinal } from "../intents.ts";
import { hostedReturnUrls, rememberLeaving } from "../leaving.ts";
import { creditsWords } from "../messages/areas/credits.ts";
import { paymentWords } from "../messages/areas/payment.ts";

interface PaymentProps {
  pack: Pack;
  overview: Overview;
}

/** How the chosen pack is paid: one press with the saved card, or Stripe's page. */
export function PackPayment(props: PaymentProps) {
  return props.overview.paymentMethod === null ? <AtStripe {...props} primary /> : <SavedCard {...props} />;
}

function SavedCard({ pack, overview }: PaymentProps) {
  const { messages, format } = useBursar(creditsWords);
  const words = messages.credits;
  const purchase = usePurchasePack();
  const card = overview.paymentMethod;
  const problem = purchase.error instanceof ProblemError ? purchase.error.problem : null;
  // Whoever was told another total agrees to that one with the next press (R3).
  const total = problem?.code === "quote_changed" && problem.total !== undefined ? problem.total : pack.price;
  const isInDoubt = purchase.error !== null && !isFinal(purchase.error);
  const pay = () => {
    const intent = intentKey(`purchase:${pack.id}:${total}`);
    purchase.mutate({ request: { packId: pack.id, expectedTotal: total }, intent });
  };
  const actions = useRef<HTMLParagraphElement>(null);
  const price = format.money(total, pack.currency);
  const label =
    payLabelOf(overview.page, messages.language, price) ?? words.purchase(format.count(pack.tokens), price);
  return (
    <>
      <dl className="bursar-lines bursar-pay-line">
        <div className="is-total">
          <dt>{words.today(card === null ? "" : cardName(card))}</dt>
          <dd>{words.inclVat(price)}</dd>
        </div>
      </dl>
      <p ref={actions} className="bursar-actions">
        <ActionButton
          label={isInDoubt ? messages.state.checkAgain : label}
          busyLabel={words.paying}
          busy={purchase.isPending}
          permission={overview.can.buyCredits}
          onPress={pay}
          primary={problem?.code !== "payment_requires_action"}
        />
        <AtStripe pack={pack} overview={overview} primary={false} isHeld={purchase.isPending || isInDoubt} />
      </p>
      <Doubt of={purchase} />
      {purchase.error === null || purchase.isPending ? null : (
        <Refused error={purchase.error} before={format.money(pack.price, pack.currency)} after={price} />
      )}
      {purchase.data === undefined ? null : (
        <News
          className="bursar-pay-news"
          pressed={actions}
          sentence={words.bought(format.count(pack.tokens), format.count(purchase.data.balance))}
        />
      )}
    </>
  );
}

function Refused({ error, before, after }: { error: Error; before: string; after: string }) {
  const { messages, openHostedPage } = useBursar(creditsWords);
  const words = messages.credits;
  const problem = error instanceof ProblemError ? error.problem : null;
  const url = problem?.code === "payment_requires_action" ? problem.url : undefined;
  if (url !== undefined)
    return (
      <div className="bursar-pay-news" role="alert">
        <p>{words.bank}</p>
        <p className="bursar-actions">
          <button type="button" className="bursar-button is-primary" onClick={() => openHostedPage(url)}>
            {words.bankAction}
          </button>
        </p>
      </div>
    );
  if (problem?.code === "quote_changed")
    return (
      <p className="bursar-pay-news" role="alert">
        {words.changed(before, after)}
      </p>
    );
  if (problem === null)
    return (
      <p className="bursar-pay-news" role="alert">
        {messages.state.inDoubt}
      </p>
    );
  return <Failure error={error} />;
}

interface PaidElsewhere {
  primary: boolean;
  /** While nobody knows whether the saved card has paid, no other way to pay is open. */
  isHeld?: boolean;
}

function AtStripe({ pack, overview, primary, isHeld = false }: PaymentProps & PaidElsewhere) {
  const { messages, format, basePath, openHostedPage } = useBursar(paymentWords, creditsWords);
  const words = messages.credits;
  const checkout = useCreditsCheckout();
  const leave = () => {
    const balanceBefore = overview.credits.balance;
    const intent = intentKey(`credits:${pack.id}`);
    const request = { packId: pack.id, ...hostedReturnUrls(basePath, `${basePath}/credits`) };
    checkout.mutate(
      { request, idempotencyKey: intent.key },
      {
        onSuccess: ({ url }) => {
          intent.forget();
          rememberLeaving({ bought: "credits", balanceBefore });
          openHostedPage(url);
        },
        onError: (error) => {
          if (isFinal(error)) intent.forget();
        },
      },
    );
  };
  const price = format.money(pack.price, pack.currency);
  const label = primary ? words.purchase(format.count(pack.tokens), price) : words.anotherWay;
  const button = (
    <ActionButton
      label={label}
      busyLabel={isHeld ? label : messages.payment.opening}
      busy={isHeld || checkout.isPending || checkout.isSuccess}
      permission={primary ? overview.can.buyCredits : { allowed: overview.can.buyCredits.allowed }}
      onPress={leave}
      primary={primary}
    />
  );
  const failure = checkout.error === null ? null : <Failure error={checkout.error} />;
  if (!primary)
    return (
      <>
        {overview.can.buyCredits.allowed ? button : null}
        {failure}
      </>
    );
  return (
    <>
      <p className="bursar-actions">{button}</p>
      <p className="bursar-muted bursar-pay-news">{words.atStripe}</p>
      {failure}
    </>
  );
}
