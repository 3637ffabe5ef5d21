import type { Interval, PlanOffer } from "@bursar/client";
import { useId, type ReactNode } from "react";
import { useBursar } from "../bursar-context.ts";
import { Icon } from "../frame/icon.tsx";
import { pickerWords } from "../messages/areas/picker.ts";
import { planWords } from "../messages/areas/plan.ts";
import { trendOf } from "./offers.ts";

interface PlanCardProps {
  offer: PlanOffer;
  /** The plan that the account has. */
  now: PlanOffer | undefined;
  interval: Interval;
  checked: boolean;
  onChoose: () => void;
  /** Beside a plan that is arranged. */
  contact: ReactNode;
}

/** The whole card is the label of a radio button, which is named by the plan and described by the rest. */
export function PlanCard({ offer, now, interval, checked, onChoose, contact }: PlanCardProps) {
  const { messages } = useBursar(pickerWords);
  const id = useId();
  const isContact = offer.change === "contact";
  const body = (
    <>
      <span className="bursar-card-head">
        <strong id={`${id}name`}>{offer.name}</strong>
        {offer.change === "current" ? <span className="bursar-tag">{messages.picker.yours}</span> : null}
        {offer.withdrawn ? <span className="bursar-tag">{messages.picker.withdrawn}</span> : null}
      </span>
      <span id={`${id}facts`} className="bursar-card-facts">
        {isContact ? (
          <span className="bursar-muted">{messages.picker.custom}</span>
        ) : (
          <>
            <Price offer={offer} interval={interval} />
            <Limits offer={offer} now={now} />
          </>
        )}
      </span>
    </>
  );
  if (isContact)
    return (
      <div className="bursar-card is-contact">
        {body}
        {contact}
      </div>
    );
  return (
    <label className="bursar-card">
      <input
        type="radio"
        name={`${offer.currency}-plan`}
        checked={checked}
        onChange={onChoose}
        aria-labelledby={`${id}name`}
        aria-describedby={`${id}facts`}
      />
      {body}
    </label>
  );
}

function Price({ offer, interval }: { offer: PlanOffer; interval: Interval }) {
  const { messages, format } = useBursar(pickerWords, planWords);
  const words = messages.picker;
  const price = offer.prices[interval];
  // A plan with no price for any interval, and not one to ask for, is the free one.
  const isFree = Object.values(offer.prices).every((each) => each === null);
  if (isFree) return <span className="bursar-price">{words.freePrice}</span>;
  if (price === null) return <span className="bursar-muted">{words.notSold}</span>;
  const unit = messages.plan[offer.perSeat ? "perSeat" : "perPlan"](messages.per[interval]);
  return (
    <span className="bursar-price">
      {format.money(price, offer.currency)} <small>{unit}</small>
      {offer.ownPrices.includes(interval) ? (
        <small className="bursar-own-price">{words.ownPrice}</small>
      ) : null}
    </span>
  );
}

/** What is included, and whether that is more or less than now. */
function Limits({ offer, now }: Pick<PlanCardProps, "offer" | "now">) {
  const { messages, format } = useBursar(pickerWords);
  return (
    <span className="bursar-limits">
      {offer.limits.map(({ meter, name, format: kind, limit }) => (
        <span key={meter}>
          <span>{name}</span>{" "}
          <span>
            <Trend trend={trendOf(limit, now?.limits.find((each) => each.meter === meter)?.limit)} />
            {limit === null
              ? messages.picker.unlimited
              : kind === "bytes"
                ? format.bytes(limit)
                : format.count(limit)}
          </span>
        </span>
      ))}
    </span>
  );
}

function Trend({ trend }: { trend: ReturnType<typeof trendOf> }) {
  const { messages } = useBursar(pickerWords);
  if (trend === null) return null;
  return (
    <>
      <Icon name={trend} />
      <span className="bursar-hidden">{messages.picker.trend[trend]}</span>{" "}
    </>
  );
}
