import type { Interval, Overview, PlanOffer } from "@bursar/client";
import { useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { AwaitedSection, Section } from "../frame/section.tsx";
import { useOverview } from "../hooks.ts";
import { usePlans } from "./use-plans.ts";
import { ChargeReview } from "./charge-review.tsx";
import { ContactUs } from "./contact-us.tsx";
import { annualSavingOf } from "./offers.ts";
import { PlanCard } from "./plan-card.tsx";
import { completeChoice, readChoice, writeChoice, type Choice } from "./plan-choice.ts";
import { SeatField } from "../seats/seat-field.tsx";
import { pickerWords } from "../messages/areas/picker.ts";

/** Choosing a plan: what there is, how much of it, and what it costs before anything is paid. */
export function PlanPicker({ search }: { search: string }) {
  const { messages } = useBursar(pickerWords);
  const plans = usePlans();
  const overview = useOverview();
  const { heading, none } = messages.picker;
  const error = plans.error ?? overview.error;
  if (plans.data === undefined || overview.data === undefined) {
    const retry = () => void Promise.all([plans.refetch(), overview.refetch()]);
    return <AwaitedSection heading={heading} rows={9} error={error} retry={retry} />;
  }
  const start = completeChoice(readChoice(search), plans.data.data, overview.data);
  return (
    <Section heading={heading} aside={messages.picker.limits} className="is-picker">
      {start === null ? (
        <p className="bursar-muted">{none}</p>
      ) : (
        <PlanForm start={start} offers={plans.data.data} overview={overview.data} />
      )}
    </Section>
  );
}

function PlanForm({ start, offers, overview }: { start: Choice; offers: PlanOffer[]; overview: Overview }) {
  const { messages, format, basePath, navigate } = useBursar(pickerWords);
  const words = messages.picker;
  const [choice, setChoice] = useState(start);
  const offer = offers.find(({ id }) => id === choice.planId);
  const now = offers.find(({ change }) => change === "current");
  const saving = annualSavingOf(offers);
  const choose = (change: Partial<Choice>) => {
    const next = { ...choice, ...change };
    setChoice(next);
    if (Number.isSafeInteger(next.seats))
      navigate(`${basePath}/plans${writeChoice(next)}`, { replace: true });
  };
  const choosePlan = ({ id, perSeat, minSeats, maxSeats }: PlanOffer) => {
    // From a plan without seats one comes back to the seats one has.
    const last = offer?.perSeat === true ? choice.seats || 0 : overview.seats.purchased;
    const wanted = Math.max(minSeats, overview.seats.used, last);
    choose({ planId: id, seats: perSeat ? Math.min(maxSeats, wanted) : 1 });
  };
  return (
    <form className="bursar-picker" onSubmit={(event) => event.preventDefault()}>
      <fieldset className="bursar-segments">
        <legend>{words.interval}</legend>
        {(["month", "year"] satisfies Interval[]).map((interval) => (
          <label key={interval}>
            <input
              type="radio"
              name="interval"
              checked={choice.interval === interval}
              onChange={() => choose({ interval })}
            />
            <span>
              {messages.interval[interval]}{" "}
              {interval === "month" || saving === null ? null : (
                <small>
                  {"months" in saving
                    ? words.monthsFree(format.counted(saving.months))
                    : words.percentLess(format.count(saving.percent))}
                </small>
              )}
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend className="bursar-hidden">{words.plan}</legend>
        <div className="bursar-cards">
          {offers.map((one) => (
            <PlanCard
              key={one.id}
              offer={one}
              now={now}
              interval={choice.interval}
              checked={one.id === choice.planId}
              onChoose={() => choosePlan(one)}
              contact={<ContactUs overview={overview} />}
            />
          ))}
        </div>
      </fieldset>
      {offer?.perSeat === true ? (
        <SeatField
          label={words.seats}
          offer={offer}
          seats={choice.seats}
          inUse={overview.seats.used}
          onChange={(seats) => choose({ seats })}
        />
      ) : null}
      {offer === undefined ? null : <ChargeReview choice={choice} offer={offer} overview={overview} />}
    </form>
  );
}
