import type { Overview } from "@bursar/client";
import { useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { Icon } from "../frame/icon.tsx";
import { WriteFailure } from "../frame/section.tsx";
import { useNews } from "../frame/voice.tsx";
import { useOverview, useUndoPendingChange } from "../hooks.ts";
import { KeepPlan } from "./keep-plan.tsx";
import { planWords } from "../messages/areas/plan.ts";

type Pending = NonNullable<Overview["pendingChange"]>;

/**
 * What will change later, with its date and the way back, for the head of every billing screen (R5).
 * @param withCancellation false where the screen tells of a cancellation by itself
 */
export function PendingChange({ withCancellation = true }: { withCancellation?: boolean }) {
  const { data: overview } = useOverview();
  const { messages, format } = useBursar(planWords);
  const [kept, setKept] = useState<Overview | null>(null);
  if (overview === undefined) return null;
  const { pendingChange, cancelAt, plan } = overview;
  const stays = () => setKept(overview);
  if (pendingChange !== null)
    return <Scheduled overview={overview} pending={pendingChange} onUndone={stays} />;
  if (cancelAt !== null && withCancellation) {
    return (
      <div className="bursar-pending">
        <Icon name="info" />
        <p>
          <time dateTime={cancelAt}>{messages.plan.endsNamed(plan.name, format.date(cancelAt))}</time>
        </p>
        <KeepPlan overview={overview} onKept={stays} />
      </div>
    );
  }
  return kept !== null && cancelAt === null && isAsKept(kept, overview) ? <Kept overview={overview} /> : null;
}

/** Undone by one press, without a question (CA1). A failure keeps the line and says why. */
function Scheduled({
  overview,
  pending,
  onUndone,
}: {
  overview: Overview;
  pending: Pending;
  onUndone: () => void;
}) {
  const { messages, format } = useBursar(planWords);
  const undo = useUndoPendingChange(onUndone);
  const words = messages.plan;
  const date = format.date(pending.effectiveAt);
  return (
    <div className="bursar-pending">
      <Icon name="info" />
      <p>
        <time dateTime={pending.effectiveAt}>{words.pending(date, usePendingWords(overview, pending))}</time>
      </p>
      <ActionButton
        label={words.undo}
        busyLabel={words.undoing}
        busy={undo.isPending}
        permission={overview.can.changePlan}
        onPress={() => undo.mutate(undefined)}
      />
      {undo.error === null ? null : <WriteFailure error={undo.error} />}
    </div>
  );
}

/** Only what changes is told: fewer seats, or another plan with what belongs to it. */
function usePendingWords({ plan, interval, seats }: Overview, pending: Pending): string {
  const { messages, format } = useBursar(planWords);
  const words = messages.plan;
  if (pending.planId === plan.id && pending.interval === interval)
    return words.pendingSeats(
      plan.name,
      format.count(seats.purchased),
      messages.seats(format.counted(pending.seats)),
    );
  const isPerSeat = pending.planId === plan.id ? plan.perSeat : pending.seats > 1;
  return words.pendingPlan(
    plan.name,
    [
      pending.planName,
      ...(isPerSeat ? [messages.seats(format.counted(pending.seats))] : []),
      ...(pending.interval === null ? [] : [messages.interval[pending.interval].toLowerCase()]),
    ].join(", "),
  );
}

/** That it stays is no news of another plan, of more seats or of a later period. */
const isAsKept = (kept: Overview, now: Overview): boolean =>
  now.plan.id === kept.plan.id &&
  now.seats.purchased === kept.seats.purchased &&
  now.period.start === kept.period.start;

function Kept({ overview: { plan, seats } }: { overview: Overview }) {
  const { messages, format } = useBursar(planWords);
  const text = plan.perSeat
    ? messages.plan.keptSeats(plan.name, messages.seats(format.counted(seats.purchased)))
    : messages.plan.kept(plan.name);
  const line = useNews<HTMLParagraphElement>(text);
  return (
    <div className="bursar-pending is-good">
      <Icon name="good" />
      <p ref={line} tabIndex={-1}>
        {text}
      </p>
    </div>
  );
}
