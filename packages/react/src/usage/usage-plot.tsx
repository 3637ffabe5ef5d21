import type { MeterUsage, UsageDaily } from "@bursar/client";
import { useId, useState, type KeyboardEvent, type PointerEvent } from "react";
import { useBursar } from "../bursar-context.ts";
import type { Format } from "../format/create-format.ts";
import type { Words } from "../messages/area.ts";
import { scaleTo, showsLimit, type DayView } from "./day-view.ts";
import { BarPanel, TotalPanel, type Frame, type Panel } from "./plot-panels.tsx";
import { PlotLegend } from "./plot-legend.tsx";
import { useWidth } from "./use-width.ts";
import { daysWords } from "../messages/areas/days.ts";

const TOTAL_PX = 192;
const BARS_PX = 88;
/** One panel alone has the room of both. */
const ALONE_PX = TOTAL_PX + BARS_PX;
const TOP_PX = 24;
const DATES_PX = 24;

export interface UsagePlotProps {
  days: DayView[];
  usage: MeterUsage;
  /** Days from the left edge to the right one; those to come have no figures yet. */
  slots: number;
  projection: UsageDaily["projection"];
}

/**
 * Bars for each day and, in the running window, the total above them with the limit and where it is going. For a reader
 * it is one thing that moves from day to day by arrow keys, and says the day it is on; a pointer points at days.
 */
export function UsagePlot({ days, usage, slots, projection }: UsagePlotProps) {
  const { messages, format } = useBursar(daysWords);
  const words = messages.days.perDay;
  const todayPattern = useId();
  const [box, width] = useWidth<HTMLDivElement>();
  const [chosen, setChosen] = useState<string | null>(null);
  const found = days.findIndex(({ date }) => date === chosen);
  const index = found === -1 ? days.length - 1 : found;
  const day = days[index];
  const amountOf = usage.format === "bytes" ? format.bytes : format.count;
  const frame = frameOf({ width, slots, usage, days, projection, tickOf: tickOf(usage, format) });
  const readout = day === undefined ? "" : readoutOf(day, amountOf, { words, format });

  const onKeyDown = (event: KeyboardEvent) => {
    const next = dayAfter(event.key, index, days.length);
    if (next === null) return;
    event.preventDefault();
    setChosen(days[next]?.date ?? null);
  };
  const onPointer = (event: PointerEvent) => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const slot = Math.floor((left - frame.left) / frame.slotWidth);
    setChosen(days[Math.max(0, Math.min(days.length - 1, slot))]?.date ?? null);
  };
  return (
    <div className="bursar-plot">
      <p className="bursar-readout" aria-hidden="true">
        {readout}
      </p>
      <div
        ref={box}
        role="slider"
        tabIndex={0}
        className="bursar-plot-box"
        aria-label={words.dayInChart(usage.name)}
        aria-description={words.keys}
        aria-valuemin={1}
        aria-valuemax={days.length}
        aria-valuenow={index + 1}
        aria-valuetext={readout}
        onKeyDown={onKeyDown}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
      >
        <svg width={width} height={frame.height} aria-hidden="true" focusable="false">
          <defs>
            <pattern
              id={todayPattern}
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <path d="M3 0v6" className="bursar-plot-hatch" />
            </pattern>
          </defs>
          <rect
            className="bursar-plot-chosen"
            x={frame.left + index * frame.slotWidth}
            y={0}
            width={frame.slotWidth}
            height={frame.height - DATES_PX}
          />
          {frame.total === null ? null : (
            <TotalPanel frame={frame} panel={frame.total} {...{ days, usage, projection }} />
          )}
          <BarPanel frame={frame} panel={frame.bars} {...{ days, usage, projection, todayPattern }} />
          <DateMarks frame={frame} days={days} slots={slots} />
        </svg>
      </div>
      <PlotLegend
        usage={usage}
        hasTotal={frame.total !== null}
        hasProjection={projection !== null && slots > days.length}
        isLimitShown={(frame.total ?? frame.bars).limit !== null}
      />
    </div>
  );
}

/** @returns `null` for a key that is not ours */
function dayAfter(key: string, index: number, count: number): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: index - 1,
    ArrowDown: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index + 1,
    PageDown: index - 7,
    PageUp: index + 7,
    Home: 0,
    End: count - 1,
  };
  const next = steps[key];
  return next === undefined ? null : Math.max(0, Math.min(count - 1, next));
}

function readoutOf(
  day: DayView,
  amountOf: (value: number) => string,
  { words, format }: { words: Words<"days">["days"]["perDay"]; format: Format },
): string {
  const date = day.isToday ? words.soFar(format.date(day.date)) : format.date(day.date);
  const counted = words.readout(date, amountOf(day.quantity));
  return day.total === null ? counted : `${counted} ${words.total(amountOf(day.total))}`;
}

function tickOf(usage: MeterUsage, format: Format): (value: number) => string {
  return usage.format === "bytes" ? format.bytes : format.compact;
}

/** Digits of the marks at the left, about 7 px each. */
const DIGIT_PX = 7.5;

function frameOf({
  width,
  slots,
  usage,
  days,
  projection,
  tickOf,
}: Omit<UsagePlotProps, "slots"> & {
  width: number;
  slots: number;
  tickOf: (value: number) => string;
}): Frame & { total: Panel | null; bars: Panel } {
  const isLevel = usage.kind === "level";
  const hasTotal = days.some(({ total }) => total !== null);
  const mostADay = Math.max(0, ...days.map(({ quantity }) => quantity));
  const mostInAll = Math.max(isLevel ? mostADay : usage.used, projection?.high ?? 0);
  const limit = (isLevel || hasTotal) && showsLimit(usage.limit, mostInAll) ? usage.limit : null;
  const totalScale = scaleTo(Math.max(mostInAll, limit ?? 0), usage.format);
  const barScale = isLevel ? totalScale : scaleTo(mostADay, usage.format);
  const marks = [...barScale.ticks, ...(hasTotal ? totalScale.ticks : [])].map(tickOf);
  const left = Math.ceil(Math.max(...marks.map(({ length }) => length)) * DIGIT_PX) + 10;
  const total = hasTotal
    ? { top: TOP_PX, height: TOTAL_PX - TOP_PX - 22, scale: totalScale, limit, tickOf }
    : null;
  const bars = hasTotal
    ? { top: TOTAL_PX, height: BARS_PX, scale: barScale, limit: null, tickOf }
    : { top: TOP_PX, height: ALONE_PX - TOP_PX, scale: barScale, limit, tickOf };
  const plotWidth = width - left - 2;
  return { left, width: plotWidth, slotWidth: plotWidth / slots, height: ALONE_PX + DATES_PX, total, bars };
}

const DATE_MARK_PX = 76;

/** As many dates as fit, evenly, the first always. */
function DateMarks({ frame, days, slots }: { frame: Frame; days: DayView[]; slots: number }) {
  const { format } = useBursar();
  const first = Date.parse(days[0]?.date ?? "");
  const every = Math.max(1, Math.ceil(DATE_MARK_PX / frame.slotWidth));
  const marked = Array.from({ length: Math.ceil(slots / every) }, (_, index) => index * every);
  return (
    <g className="bursar-plot-marks">
      {marked.map((slot) => {
        const x = frame.left + (slot + 0.5) * frame.slotWidth;
        const isLast = x + DATE_MARK_PX / 2 > frame.left + frame.width;
        return (
          <text
            key={slot}
            x={slot === 0 ? frame.left : isLast ? frame.left + frame.width : x}
            y={frame.height - 6}
            textAnchor={slot === 0 ? "start" : isLast ? "end" : "middle"}
          >
            {format.day(new Date(first + slot * 86_400_000).toISOString())}
          </text>
        );
      })}
    </g>
  );
}
