import type { Overview } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { Failure } from "../frame/section.tsx";
import { useResumePlan, useUndoPendingChange } from "../hooks.ts";
import { intentKey, isFinal } from "../leaving.ts";

/** Lifts a cancellation with one press (CA3). */
export function KeepPlan({ overview }: { overview: Overview }) {
  const { messages } = useBursar();
  const resume = useResumePlan();
  const words = messages.plan;
  const press = () => {
    const intent = intentKey(`resume:${overview.cancelAt}`);
    resume.mutate(intent.key, {
      onSuccess: () => intent.forget(),
      onError: (error) => {
        if (isFinal(error)) intent.forget();
      },
    });
  };
  return (
    <>
      <ActionButton
        label={words.keep}
        busyLabel={words.keeping}
        busy={resume.isPending}
        permission={overview.can.resume}
        onPress={press}
      />
      {resume.error === null ? null : <Failure error={resume.error} />}
    </>
  );
}

/** What is scheduled, on every screen where it matters, with its undo (R5, CA1). */
export function PendingChange({ overview }: { overview: Overview }) {
  const { messages, format } = useBursar();
  const undo = useUndoPendingChange();
  const words = messages.plan;
  const { pendingChange } = overview;
  if (pendingChange === null) {
    if (!undo.isSuccess) return null;
    return <p role="status">{words.kept(overview.plan.name)}</p>;
  }
  const { planName, interval, seats, effectiveAt } = pendingChange;
  const changesPlan = pendingChange.planId !== overview.plan.id;
  const seatsText = overview.plan.perSeat || changesPlan ? format.count(seats) : null;
  return (
    <div className="bursar-pending">
      <p>
        <time dateTime={effectiveAt}>
          {words.pending(
            format.date(effectiveAt),
            words.pendingChange(planName, interval === null ? "" : messages.interval[interval], seatsText),
          )}
        </time>
      </p>
      <ActionButton
        label={words.undo}
        busyLabel={words.undoing}
        busy={undo.isPending}
        permission={overview.can.changePlan}
        onPress={() => undo.mutate(undefined)}
      />
      {undo.error === null ? null : <Failure error={undo.error} />}
    </div>
  );
}
