import type { Overview, Withdrawal } from "@bursar/client";
import { useEffect, useRef } from "react";
import { useBursar } from "../bursar-context.ts";
import { withdrawalLabelOf } from "../configured-labels.ts";
import { ActionButton, ActionLink } from "../frame/action.tsx";
import { Icon } from "../frame/icon.tsx";
import { AwaitedSection, Doubt, Section, WriteFailure } from "../frame/section.tsx";
import { useOverview } from "../hooks.ts";
import { intentKey } from "../intents.ts";
import { withdrawalWords } from "../messages/areas/withdrawal.ts";
import { Field, textsOf } from "../sign-in/field.tsx";
import { Back } from "./confirm.tsx";
import { useWithdraw } from "./use-plans.ts";

/** Withdrawing as a consumer (CA4): what it means and one button, which declares it; then the receipt, which stays. */
export function WithdrawFromContract() {
  const { messages } = useBursar(withdrawalWords);
  const { data: overview, error, refetch } = useOverview();
  const withdraw = useWithdraw();
  const { heading } = messages.withdrawal;
  if (overview === undefined) {
    return <AwaitedSection heading={heading} rows={6} error={error} retry={() => void refetch()} />;
  }
  const isOpen = overview.can.withdraw.allowed || withdraw.isPending;
  const content = () => {
    if (isOpen) return <WithdrawForm overview={overview} withdraw={withdraw} />;
    if (overview.withdrawal !== null)
      return <Receipt withdrawal={overview.withdrawal} isNew={withdraw.isSuccess} />;
    return <Refused overview={overview} />;
  };
  return <Section heading={heading}>{content()}</Section>;
}

function Refused({ overview }: { overview: Overview }) {
  const { messages } = useBursar(withdrawalWords);
  return (
    <>
      <p>{overview.can.withdraw.reason ?? messages.withdrawal.none}</p>
      <p className="bursar-actions">
        <Back />
      </p>
    </>
  );
}

interface WithdrawFormProps {
  overview: Overview;
  withdraw: ReturnType<typeof useWithdraw>;
}

function WithdrawForm({ overview, withdraw }: WithdrawFormProps) {
  const { messages, format, basePath } = useBursar(withdrawalWords);
  const words = messages.withdrawal;
  const form = useRef<HTMLFormElement>(null);
  const { plan, can, viewer, page } = overview;
  const { until, refund } = can.withdraw;
  const send = () => {
    if (form.current === null || !form.current.reportValidity()) return;
    const { name = "", email = "" } = textsOf(form.current);
    withdraw.mutate({ request: { name, email }, intent: intentKey(`withdraw:${until}:${name}:${email}`) });
  };
  return (
    <form
      ref={form}
      className="bursar-withdraw"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <ul className="bursar-points" role="list">
        {until === null ? null : <li>{words.until(format.moment(until))}</li>}
        <li>{words.ends}</li>
        {refund === null ? null : (
          <li>
            {refund.amount === 0
              ? words.noRefund
              : words.refund(format.money(refund.amount, refund.currency))}
          </li>
        )}
        {refund === null || refund.credit === 0 ? null : (
          <li>{words.credit(format.money(refund.credit, refund.currency))}</li>
        )}
        <li>{words.kept}</li>
      </ul>
      <p>{words.declaration(plan.name)}</p>
      <Field
        label={words.name}
        name="name"
        autoComplete="name"
        defaultValue={viewer.name ?? ""}
        error={withdraw.error}
      />
      <Field
        label={words.email}
        name="email"
        type="email"
        autoComplete="email"
        defaultValue={viewer.email ?? ""}
        error={withdraw.error}
      />
      <p className="bursar-actions">
        <ActionButton
          label={withdrawalLabelOf(page, "confirm", messages.language) ?? words.confirm}
          busyLabel={words.working}
          busy={withdraw.isPending}
          permission={can.withdraw.allowed ? can.withdraw : { allowed: true }}
          onPress={send}
        />
        <ActionLink label={words.back} permission={{ allowed: true }} href={basePath} />
      </p>
      <Doubt of={withdraw} />
      {withdraw.error === null || withdraw.isPending ? null : <WriteFailure error={withdraw.error} />}
    </form>
  );
}

/** What the law calls a durable medium is the mail; this is the same for who looks, prints or saves. */
function Receipt({ withdrawal, isNew }: { withdrawal: Withdrawal; isNew: boolean }) {
  const { messages, format } = useBursar(withdrawalWords);
  const words = messages.withdrawal;
  const line = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (isNew) line.current?.focus();
  }, [isNew]);
  const { id, planName, name, email, concludedAt, declaredAt, endsAt, refund } = withdrawal;
  const { amount, credit, currency, state } = refund;
  const money = amount === 0 ? words.noRefund : words.state[state](format.money(amount, currency));
  const rows = [
    [words.number, id],
    [words.received, format.moment(declaredAt)],
    [words.declared, `${words.declaration(planName)} ${words.contract(planName, format.date(concludedAt))}`],
    [words.by, name],
    [words.sentTo, email],
    [words.planEnd, endsAt === null ? words.ending : format.moment(endsAt)],
    [words.money, credit === 0 ? money : `${money} ${words.credit(format.money(credit, currency))}`],
  ] as const;
  return (
    <>
      <p ref={line} tabIndex={-1} className="bursar-done">
        <Icon name="good" /> {words.done(format.moment(declaredAt))}
      </p>
      <dl className="bursar-lines is-sentences">
        {rows.map(([term, text]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p className="bursar-actions">
        <ActionButton label={words.print} permission={{ allowed: true }} onPress={() => window.print()} />
        <Back quiet />
      </p>
    </>
  );
}
