import type { PlanOffer } from "@bursar/client";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import { useBursar } from "../bursar-context.ts";
import { seatsAreValid } from "../plans/plan-choice.ts";
import { pickerWords } from "../messages/areas/picker.ts";

/** Of PgUp and PgDn (SE1); the arrow keys step by one, which is the browser's own. */
const PAGE_STEP = 5;

interface SeatFieldProps {
  label: string;
  offer: PlanOffer;
  seats: number;
  inUse: number;
  /** Takes the focus whenever this becomes another thing. */
  focusOn?: unknown;
  onChange: (seats: number) => void;
}

/** Typed text is kept as it was typed, also while it is no number yet; NaN tells the price to wait. */
export function SeatField({ label, offer, seats, inUse, focusOn = null, onChange }: SeatFieldProps) {
  const { messages, format } = useBursar(pickerWords);
  const words = messages.picker;
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const isValid = seatsAreValid(seats, offer);
  const step = (by: number) => {
    const from = Number.isSafeInteger(seats) ? seats : offer.minSeats;
    setTyped(null);
    onChange(Math.min(offer.maxSeats, Math.max(offer.minSeats, from + by)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "PageUp" && event.key !== "PageDown") return;
    event.preventDefault();
    step(event.key === "PageUp" ? PAGE_STEP : -PAGE_STEP);
  };
  const input = useRef<HTMLInputElement>(null);
  useStillWheel(input);
  useEffect(() => {
    if (focusOn !== null) input.current?.focus();
  }, [focusOn]);
  return (
    <div className="bursar-seats">
      <label htmlFor={`${id}seats`}>{label}</label>
      <div className="bursar-stepper">
        <button type="button" className="bursar-button" aria-label={words.fewer} onClick={() => step(-1)}>
          {"\u2212"}
        </button>
        <input
          ref={input}
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
          onKeyDown={onKeyDown}
          onBlur={() => setTyped(null)}
        />
        <button type="button" className="bursar-button" aria-label={words.more} onClick={() => step(1)}>
          +
        </button>
      </div>
      <p id={`${id}hint`} className={isValid ? "bursar-muted" : "bursar-error"}>
        {isValid
          ? words.fewest(offer.name, format.counted(offer.minSeats), format.count(inUse))
          : words.seatRange(format.count(offer.minSeats), format.count(offer.maxSeats))}
      </p>
    </div>
  );
}

/** A wheel over the focused field must not buy seats. React listens passively, which could not stop the browser. */
function useStillWheel(input: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const field = input.current;
    const still = (event: WheelEvent) => {
      if (document.activeElement === field) event.preventDefault();
    };
    field?.addEventListener("wheel", still, { passive: false });
    return () => field?.removeEventListener("wheel", still);
  }, [input]);
}
