import type { PlanOffer } from "@bursar/client";
import { useId, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { seatsAreValid } from "./plan-choice.ts";

interface SeatFieldProps {
  offer: PlanOffer;
  seats: number;
  inUse: number;
  onChange: (seats: number) => void;
}

/** Typed text is kept as it was typed, also while it is no number yet; NaN tells the price to wait. */
export function SeatField({ offer, seats, inUse, onChange }: SeatFieldProps) {
  const { messages, format } = useBursar();
  const words = messages.picker;
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const isValid = seatsAreValid(seats, offer);
  const step = (by: number) => {
    const from = Number.isSafeInteger(seats) ? seats : offer.minSeats;
    setTyped(null);
    onChange(Math.min(offer.maxSeats, Math.max(offer.minSeats, from + by)));
  };
  return (
    <div className="bursar-seats">
      <label htmlFor={`${id}seats`}>{words.seats}</label>
      <div className="bursar-stepper">
        <button type="button" className="bursar-button" aria-label={words.fewer} onClick={() => step(-1)}>
          {"\u2212"}
        </button>
        <input
          id={`${id}seats`}
          type="number"
          inputMode="numeric"
          min={offer.minSeats}
          max={offer.maxSeats}
          step={1}
          value={typed ?? (Number.isSafeInteger(seats) ? seats : "")}
          aria-invalid={isValid ? undefined : true}
          aria-describedby={`${id}hint`}
          onChange={({ target }) => {
            setTyped(target.value);
            onChange(target.value === "" ? Number.NaN : Number(target.value));
          }}
          onBlur={() => setTyped(null)}
        />
        <button type="button" className="bursar-button" aria-label={words.more} onClick={() => step(1)}>
          +
        </button>
      </div>
      <p id={`${id}hint`} className={isValid ? "bursar-muted" : "bursar-error"}>
        {isValid
          ? words.fewest(offer.name, format.count(offer.minSeats), format.count(inUse))
          : words.seatRange(format.count(offer.minSeats), format.count(offer.maxSeats))}
      </p>
    </div>
  );
}
