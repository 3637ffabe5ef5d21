import type { Overview, PlanOffer } from "@bursar/client";
import { useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { FailedSection, Section, SkeletonSection } from "../frame/section.tsx";
import { useOverview, usePlans } from "../hooks.ts";
import { ChargeReview } from "./charge-review.tsx";
import { Back } from "./confirm.tsx";
import { SeatField } from "./seat-field.tsx";

/** More or fewer seats on today's plan: the same review as any change of plan. */
export function SeatEditor() {
  const { messages } = useBursar();
  const plans = usePlans();
  const overview = useOverview();
  const words = messages.seatsScreen;
  const error = plans.error ?? overview.error;
  if (plans.data === undefined || overview.data === undefined) {
    const heading = messages.picker.seats;
    if (error === null) return <SkeletonSection heading={heading} rows={5} />;
    const retry = () => void Promise.all([plans.refetch(), overview.refetch()]);
    return <FailedSection heading={heading} error={error} retry={retry} />;
  }
  const { plan, interval, can } = overview.data;
  const offer = plans.data.data.find(({ id }) => id === plan.id);
  if (offer === undefined || !plan.perSeat || interval === null) {
    return (
      <Section heading={messages.picker.seats}>
        <p>{can.changeSeats.reason ?? words.none}</p>
        <p className="bursar-actions">
          <Back />
        </p>
      </Section>
    );
  }
  return <SeatForm key={plan.id} overview={overview.data} offer={offer} interval={interval} />;
}

function SeatForm({
  overview,
  offer,
  interval,
}: {
  overview: Overview;
  offer: PlanOffer;
  interval: "month" | "year";
}) {
  const { messages, format } = useBursar();
  const words = messages.seatsScreen;
  const { seats, pendingChange } = overview;
  const [wanted, setWanted] = useState(
    pendingChange?.planId === offer.id && pendingChange.interval === interval
      ? pendingChange.seats
      : seats.purchased,
  );
  const choice = { planId: offer.id, interval, seats: wanted };
  return (
    <Section
      heading={words.heading(`${offer.name}, ${messages.interval[interval].toLowerCase()}`)}
      aside={words.facts(format.count(seats.purchased), format.count(seats.used))}
      className="is-picker"
    >
      <form className="bursar-picker" onSubmit={(event) => event.preventDefault()}>
        <SeatField
          label={words.number}
          offer={offer}
          seats={wanted}
          inUse={seats.used}
          onChange={setWanted}
        />
        <ChargeReview choice={choice} offer={offer} overview={overview} />
      </form>
    </Section>
  );
}
