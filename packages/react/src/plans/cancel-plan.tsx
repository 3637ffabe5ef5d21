import type { Overview, PlanOffer } from "@bursar/client";
import { useEffect, useId, useRef, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionButton, ActionLink } from "../frame/action.tsx";
import { Failure, FailedSection, Section, SkeletonSection } from "../frame/section.tsx";
import { useCancelPlan, useOverview, usePlans } from "../hooks.ts";
import { intentKey, isFinal } from "../leaving.ts";
import { KeepPlan } from "./keep-plan.tsx";

/** Cancelling, as easy as buying (R8): what it means, one button, and a way back that weighs the same (CA2). */
export function CancelPlan() {
  const { messages } = useBursar();
  const overview = useOverview();
  const plans = usePlans();
  const error = overview.error ?? plans.error;
  const heading = messages.cancel.heading(overview.data?.plan.name ?? "");
  if (overview.data === undefined || plans.data === undefined) {
    if (error === null) return <SkeletonSection heading={messages.plan.cancel} rows={6} />;
    const retry = () => void Promise.all([overview.refetch(), plans.refetch()]);
    return <FailedSection heading={messages.plan.cancel} error={error} retry={retry} />;
  }
  const { cancelAt } = overview.data;
  if (cancelAt !== null) return <Cancelled overview={overview.data} cancelAt={cancelAt} />;
  if (!overview.data.can.cancel.allowed) {
    return (
      <Section heading={messages.plan.cancel}>
        <p className="bursar-muted">{overview.data.can.cancel.reason}</p>
      </Section>
    );
  }
  const free = plans.data.data.find(({ prices, change }) => isFree(prices) && change !== "contact");
  return (
    <Section heading={heading}>
      <CancelForm overview={overview.data} free={free} />
    </Section>
  );
}

function isFree({ month, year }: PlanOffer["prices"]): boolean {
  return month === null && year === null;
}

function CancelForm({ overview, free }: { overview: Overview; free: PlanOffer | undefined }) {
  const { messages, format, basePath } = useBursar();
  const words = messages.cancel;
  const [reason, setReason] = useState("");
  const cancel = useCancelPlan();
  const reasonId = useId();
  const endsAt = format.date(overview.period.end);
  const isPastDue = overview.status === "past_due";
  const send = (now: boolean) => {
    const intent = intentKey(`cancel:${now}:${overview.period.end}`);
    const request = { ...(reason.trim() === "" ? {} : { reason: reason.trim() }), now };
    cancel.mutate(
      { request, idempotencyKey: intent.key },
      {
        onSuccess: () => intent.forget(),
        onError: (error) => {
          if (isFinal(error)) intent.forget();
        },
      },
    );
  };
  return (
    <>
      <ul className="bursar-points">
        <li>{words.nothing(endsAt)}</li>
        {free === undefined ? null : <li>{words.then(limitsOf(free, format))}</li>}
        <li>
          {overview.credits.balance > 0 ? words.data(format.count(overview.credits.balance)) : words.dataOnly}
        </li>
        {overview.pendingChange === null ? null : <li>{words.pending}</li>}
      </ul>
      <p className="bursar-field">
        <label htmlFor={reasonId}>{words.reason}</label>
        <input
          id={reasonId}
          type="text"
          maxLength={500}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </p>
      <p className="bursar-actions">
        <ActionButton
          label={words.confirm(endsAt)}
          busyLabel={words.working}
          busy={cancel.isPending}
          permission={overview.can.cancel}
          onPress={() => send(false)}
        />
        <ActionLink label={words.keep} permission={{ allowed: true }} href={basePath} />
      </p>
      {isPastDue ? (
        <p className="bursar-actions">
          <ActionButton
            label={words.now}
            busyLabel={words.working}
            busy={cancel.isPending}
            permission={overview.can.cancel}
            onPress={() => send(true)}
          />
          <span className="bursar-muted">{words.nowHint}</span>
        </p>
      ) : null}
      {cancel.error === null ? null : <Failure error={cancel.error} />}
    </>
  );
}

function limitsOf(free: PlanOffer, format: ReturnType<typeof useBursar>["format"]): string {
  return free.limits
    .map(({ name, limit, format: kind }) =>
      limit === null ? name : `${kind === "bytes" ? format.bytes(limit) : format.count(limit)} ${name}`,
    )
    .join(", ");
}

/** The receipt, with the way back beside it. */
function Cancelled({ overview, cancelAt }: { overview: Overview; cancelAt: string }) {
  const { messages, format } = useBursar();
  const news = useRef<HTMLParagraphElement>(null);
  useEffect(() => news.current?.focus(), []);
  return (
    <Section heading={messages.cancel.heading(overview.plan.name)}>
      <p ref={news} tabIndex={-1}>
        {messages.cancel.done(format.date(cancelAt))}
      </p>
      <KeepPlan overview={overview} />
    </Section>
  );
}
