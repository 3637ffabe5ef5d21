import type { Overview } from "@bursar/client";
import { useId, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { dayCounts, firstOf, nameOf, ownSpan, type SpanChoice } from "./span.ts";
import { daysWords } from "../messages/areas/days.ts";

/** Which meter and which days. What is chosen goes to the address at once; dates when both are there. */
export function SpanFields({
  overview,
  choice,
  choose,
}: {
  overview: Overview;
  choice: SpanChoice;
  choose: (change: Partial<SpanChoice>) => void;
}) {
  const { messages, format } = useBursar(daysWords);
  const words = messages.days.perDay;
  const ids = useId();
  const { now, usageWindow } = overview;
  const named = nameOf(choice, now);
  const [isOwn, setIsOwn] = useState(named === "own");
  const shown = isOwn ? "own" : named;
  const chooseSpan = (value: string) => {
    setIsOwn(value === "own");
    if (value === "window") choose({ from: null, to: null });
    const count = dayCounts.find((each) => String(each) === value);
    if (count !== undefined) choose({ from: firstOf(count, now), to: null });
  };
  return (
    <>
      <div className="bursar-choice">
        <label htmlFor={`${ids}meter`}>{words.meter}</label>
        <select
          id={`${ids}meter`}
          value={choice.meter}
          onChange={(event) => choose({ meter: event.target.value })}
        >
          {Object.values(overview.usage).map(({ meter, name }) => (
            <option key={meter} value={meter}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div className="bursar-choice">
        <label htmlFor={`${ids}span`}>{words.span}</label>
        <select id={`${ids}span`} value={String(shown)} onChange={(event) => chooseSpan(event.target.value)}>
          <option value="window">
            {words.spans.window(format.range(usageWindow.start, usageWindow.end))}
          </option>
          {dayCounts.map((count) => (
            <option key={count} value={count}>
              {words.spans.days(format.counted(count))}
            </option>
          ))}
          <option value="own">{words.spans.own}</option>
        </select>
      </div>
      {shown === "own" ? <OwnDays key={choice.meter} {...{ overview, choice, choose, ids }} /> : null}
    </>
  );
}

function OwnDays({
  overview,
  choice,
  choose,
  ids,
}: {
  overview: Overview;
  choice: SpanChoice;
  choose: (change: Partial<SpanChoice>) => void;
  ids: string;
}) {
  const { messages } = useBursar(daysWords);
  const words = messages.days.perDay;
  const today = overview.now.slice(0, 10);
  const [from, setFrom] = useState(choice.from ?? overview.usageWindow.start.slice(0, 10));
  const [to, setTo] = useState(choice.to ?? today);
  const change = (next: { from: string; to: string }) => {
    setFrom(next.from);
    setTo(next.to);
    const span = ownSpan(next.from, next.to);
    if (span !== null) choose(span);
  };
  return (
    <>
      <div className="bursar-choice">
        <label htmlFor={`${ids}from`}>{words.from}</label>
        <input
          id={`${ids}from`}
          type="date"
          value={from}
          max={to}
          onChange={(event) => change({ from: event.target.value, to })}
        />
      </div>
      <div className="bursar-choice">
        <label htmlFor={`${ids}to`}>{words.to}</label>
        <input
          id={`${ids}to`}
          type="date"
          value={to}
          min={from}
          max={today}
          onChange={(event) => change({ from, to: event.target.value })}
        />
      </div>
    </>
  );
}
