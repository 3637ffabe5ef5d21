import type { Overview, PlanOffer } from "@bursar/client";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { withdrawalLabelOf } from "../configured-labels.ts";
import { ActionButton, ActionLink } from "../frame/action.tsx";
import { AwaitedSection, Doubt, Section, WriteFailure } from "../frame/section.tsx";
import { News } from "../frame/voice.tsx";
import { retry, useOverview } from "../hooks.ts";
import * as queryKeys from "../query-keys.ts";
import { useCancelPlan, usePlans, usePreview } from "./use-plans.ts";
import { intentKey } from "../intents.ts";
import { BankCheck, bankCheckOf } from "./bank-check.tsx";
import { Back } from "./confirm.tsx";
import { ContactUs } from "./contact-us.tsx";
import { KeepPlan } from "./keep-plan.tsx";
import { cancelWords } from "../messages/areas/cancel.ts";
import { paymentWords } from "../messages/areas/payment.ts";
import { planWords } from "../messages/areas/plan.ts";

/** Cancelling, as easy as buying (R8): what it means, one button, and a way back that weighs the same (CA2). */
export function CancelPlan() {
  const { messages } = useBursar(planWords, cancelWords);
  const overview = useOverview();
  const plans = usePlans();
  const cancel = useCancelPlan();
  const [isKept, setIsKept] = useState(false);
  const error = overview.error ?? plans.error;
  if (overview.data === undefined || plans.data === undefined) {
    const retry = () => void Promise.all([overview.refetch(), plans.refetch()]);
    return <AwaitedSection heading={messages.plan.cancel} rows={6} error={error} retry={retry} />;
  }
  const { cancelAt, can, plan } = overview.data;
  const content = () => {
    if (cancelAt !== null) {
      return <Cancelled overview={overview.data} cancelAt={cancelAt} onKept={() => setIsKept(true)} />;
    }
    if (isKept) return <Kept overview={overview.data} />;
    if (cancel.data !== undefined) return <News sentence={messages.cancel.doneNow} />;
    if (!can.cancel.allowed && !cancel.isPending) return <Refused overview={overview.data} />;
    const free = plans.data.data.find(isFree);
    return <CancelForm overview={overview.data} free={free} cancel={cancel} />;
  };
  const heading = plan.kind === "free" ? messages.plan.cancel : messages.cancel.heading(plan.name);
  return <Section heading={heading}>{content()}</Section>;
}

function isFree({ prices: { month, year }, change }: PlanOffer): boolean {
  return month === null && year === null && change !== "contact";
}

function Refused({ overview }: { overview: Overview }) {
  const bank = bankCheckOf(overview);
  if (bank !== null) return <BankCheck href={bank} permission={overview.can.managePayment} />;
  return (
    <>
      <p>{overview.can.cancel.reason}</p>
      <p className="bursar-actions">
        {overview.plan.kind === "custom" ? <ContactUs overview={overview} /> : null}
        <Back />
      </p>
    </>
  );
}

interface CancelFormProps {
  overview: Overview;
  free: PlanOffer | undefined;
  cancel: ReturnType<typeof useCancelPlan>;
}

function CancelForm({ overview, free, cancel }: CancelFormProps) {
  const { messages, format, basePath } = useBursar(planWords, cancelWords);
  const words = messages.cancel;
  const [reason, setReason] = useState("");
  const reasonId = useId();
  const { end } = overview.period;
  const send = (now: boolean) => {
    const request = { ...(reason.trim() === "" ? {} : { reason: reason.trim() }), now };
    cancel.mutate({ request, intent: intentKey(`cancel:${now}:${end}`) });
  };
  const isSending = (now: boolean) => cancel.isPending && cancel.variables.request.now === now;
  return (
    <>
      <Consequences overview={overview} free={free} />
      <p className="bursar-field">
        <label htmlFor={reasonId}>{words.reason}</label>
        <input
          id={reasonId}
          type="text"
          maxLength={500}
          autoComplete="off"
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </p>
      <p className="bursar-actions">
        <ActionButton
          label={words.confirm(format.date(end))}
          busyLabel={words.working}
          busy={isSending(false)}
          permission={overview.can.cancel}
          onPress={() => send(false)}
        />
        <ActionLink label={words.keep} permission={{ allowed: true }} href={basePath} />
        {overview.can.withdraw.allowed ? (
          <ActionLink
            label={withdrawalLabelOf(overview.page, "start", messages.language) ?? messages.plan.withdraw}
            permission={overview.can.withdraw}
            quiet
            href={`${basePath}/withdraw`}
          />
        ) : null}
      </p>
      {overview.status === "past_due" ? (
        <div className="bursar-cancel-now">
          <ActionButton
            label={words.now}
            busyLabel={words.working}
            busy={isSending(true)}
            permission={overview.can.cancel}
            onPress={() => send(true)}
          />
          <p className="bursar-muted">{words.nowHint}</p>
        </div>
      ) : null}
      <Doubt of={cancel} />
      {cancel.error === null ? null : <WriteFailure error={cancel.error} />}
      <Receipt />
    </>
  );
}

function Consequences({ overview, free }: { overview: Overview; free: PlanOffer | undefined }) {
  const { messages, format } = useBursar(cancelWords);
  const words = messages.cancel;
  const limits = (free?.limits ?? []).flatMap(({ name, limit, format: kind }) => {
    if (limit === null) return [];
    return [words.limit(kind === "bytes" ? format.bytes(limit) : format.count(limit), name)];
  });
  const { balance, autoRecharge } = overview.credits;
  // Whoever is alone has nobody to lose; the others are named before it is confirmed (S4).
  const preview = usePreview(free === undefined || overview.seats.used < 2 ? null : { planId: free.id });
  const losers = (preview.data?.losesAccess ?? []).map(({ name, email }) => name ?? email);
  return (
    <ul className="bursar-points" role="list">
      <li>
        {overview.status === "past_due"
          ? words.stillDue(format.date(overview.period.end))
          : words.nothing(format.date(overview.period.end))}
      </li>
      {losers.length === 0 ? null : <li>{words.access(losers, format.date(overview.period.end))}</li>}
      {limits.length === 0 ? null : <li>{words.then(limits.join(", "))}</li>}
      <li>{balance > 0 ? words.credits(format.count(balance)) : words.data}</li>
      {autoRecharge.enabled ? <li>{words.autoRecharge(format.date(overview.period.end))}</li> : null}
      {overview.pendingChange === null ? null : <li>{words.pending}</li>}
    </ul>
  );
}

/** The receipt, with the way back beside it and what that would cost (CA3). */
function Cancelled({
  overview,
  cancelAt,
  onKept,
}: {
  overview: Overview;
  cancelAt: string;
  onKept: () => void;
}) {
  const { messages, format } = useBursar(paymentWords, cancelWords);
  const words = messages.cancel;
  const { plan, interval, seats } = overview;
  const today = { planId: plan.id, ...(plan.perSeat ? { seats: seats.purchased } : {}) };
  const { data } = usePreview(interval === null ? null : { ...today, interval });
  const next = data?.nextInvoice ?? null;
  return (
    <>
      <News sentence={words.done(format.date(cancelAt))} />
      <p className="bursar-muted bursar-line">
        {next === null
          ? "\u00a0"
          : words.keepFor(
              format.date(next.at),
              format.money(next.total, next.currency),
              next.taxIncluded ? messages.payment.inclVat : messages.payment.plusVat,
            )}
      </p>
      <p className="bursar-actions">
        <KeepPlan overview={overview} onKept={onKept} />
        <Back quiet />
      </p>
      <Receipt />
    </>
  );
}

function Kept({ overview }: { overview: Overview }) {
  const { messages, format } = useBursar(paymentWords, cancelWords);
  const words = messages.cancel;
  const { nextInvoice, plan } = overview;
  return (
    <>
      <News
        sentence={
          nextInvoice === null
            ? words.kept(plan.name)
            : words.keptUntil(
                plan.name,
                format.date(nextInvoice.at),
                format.money(nextInvoice.total, nextInvoice.currency),
                nextInvoice.taxIncluded ? messages.payment.inclVat : messages.payment.plusVat,
              )
        }
      />
      <p className="bursar-actions">
        <Back />
      </p>
    </>
  );
}

/**
 * Where the receipt goes (CA2). Absent where none is mailed: to nobody's key, without a mail server, or turned off. Below
 * all else, because it comes by an answer of its own.
 */
function Receipt() {
  const { client, messages } = useBursar(cancelWords);
  const { data } = useQuery({ queryKey: queryKeys.notifications, queryFn: client.notifications.read, retry });
  const isMailed = data?.data.some(({ category, mail }) => category === "payments" && mail) ?? false;
  if (data === undefined || data.sending === "none" || !isMailed) return null;
  return <p className="bursar-muted bursar-receipt">{messages.cancel.receipt(data.email)}</p>;
}
