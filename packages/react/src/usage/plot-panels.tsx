import type { MeterUsage, UsageDaily } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import type { DayView, Scale } from "./day-view.ts";
import { daysWords } from "../messages/areas/days.ts";

/** Where things lie, in px. Lengths are attributes: a strict content security policy refuses inline styles. */
export interface Frame {
  left: number;
  width: number;
  slotWidth: number;
  height: number;
}

export interface Panel {
  top: number;
  height: number;
  scale: Scale;
  /** `null`: none, or too far above to be drawn. */
  limit: number | null;
  tickOf: (value: number) => string;
}

interface PanelProps {
  frame: Frame;
  panel: Panel;
  days: DayView[];
  usage: MeterUsage;
  projection: UsageDaily["projection"];
}

const yIn = ({ top, height, scale }: Panel, value: number) =>
  round(top + height - (Math.min(value, scale.max) / scale.max) * height);
const centre = (frame: Frame, slot: number) => round(frame.left + (slot + 0.5) * frame.slotWidth);
const round = (px: number) => Math.round(px * 10) / 10;

/** A day each, today's hatched: it is not over. Of a level, what there was at its end, with limit and projection. */
export function BarPanel({
  frame,
  panel,
  days,
  usage,
  projection,
  todayPattern,
}: PanelProps & { todayPattern: string }) {
  const gap = frame.slotWidth > 6 ? 2 : frame.slotWidth > 3 ? 1 : 0;
  const bottom = panel.top + panel.height;
  return (
    <g>
      <Marks frame={frame} panel={panel} />
      {days.map((day, slot) => {
        const y = day.quantity > 0 ? Math.min(yIn(panel, day.quantity), bottom - 1.5) : bottom;
        const place = {
          x: round(frame.left + slot * frame.slotWidth + gap / 2),
          y,
          width: Math.max(1, round(frame.slotWidth - gap)),
          height: round(bottom - y),
        };
        return (
          <g key={day.date}>
            <rect className="bursar-plot-bar" {...place} />
            {day.isToday ? <rect {...place} fill={`url(#${todayPattern})`} /> : null}
          </g>
        );
      })}
      {usage.kind === "level" ? (
        <Projection
          from={days.at(-1)?.quantity ?? 0}
          limit={usage.limit}
          {...{ frame, panel, days, projection }}
        />
      ) : null}
      <LimitLine frame={frame} panel={panel} usage={usage} />
    </g>
  );
}

/** All of the window, day by day, up to the limit. */
export function TotalPanel({ frame, panel, days, usage, projection }: PanelProps) {
  const points = days.map((day, slot) => `${centre(frame, slot)} ${yIn(panel, day.total ?? 0)}`);
  const last = days.length - 1;
  return (
    <g>
      <Marks frame={frame} panel={panel} />
      <Projection from={usage.used} limit={usage.limit} {...{ frame, panel, days, projection }} />
      <path className="bursar-plot-total" d={`M${points.join("L")}`} />
      <circle className="bursar-plot-now" cx={centre(frame, last)} cy={yIn(panel, usage.used)} r="4" />
      <LimitLine frame={frame} panel={panel} usage={usage} />
    </g>
  );
}

function Projection({
  frame,
  panel,
  days,
  projection,
  limit,
  from,
}: Omit<PanelProps, "usage"> & { limit: number | null; from: number }) {
  const slots = Math.round(frame.width / frame.slotWidth);
  if (projection === null || slots <= days.length) return null;
  const now = `${centre(frame, days.length - 1)} ${yIn(panel, from)}`;
  const x = round(frame.left + frame.width);
  const [low, mid, high] = [projection.low, projection.mid, projection.high].map((value) =>
    yIn(panel, value),
  );
  // Where the limit stops use, the way to it is steep and then level.
  const isStopped =
    projection.limitReachedAt !== null && projection.mid === limit && projection.high === limit;
  const bend = isStopped ? `L${slotOf(projection.limitReachedAt, { frame, days })} ${high}` : "";
  return (
    <g>
      <path className="bursar-plot-range" d={`M${now}${bend}L${x} ${high}L${x} ${low}Z`} />
      <path className="bursar-plot-mid" d={`M${now}${bend}L${x} ${mid}`} />
    </g>
  );
}

/** Where an instant lies, in px from the left. */
function slotOf(instant: string | null, { frame, days }: Pick<PanelProps, "frame" | "days">): number {
  const first = Date.parse(days[0]?.date ?? "");
  const day = (Date.parse(instant ?? "") - first) / 86_400_000;
  return round(frame.left + day * frame.slotWidth);
}

function Marks({ frame, panel }: { frame: Frame; panel: Panel }) {
  return (
    <g className="bursar-plot-marks">
      {panel.scale.ticks.map((tick) => (
        <g key={tick}>
          <line x1={frame.left} x2={frame.left + frame.width} y1={yIn(panel, tick)} y2={yIn(panel, tick)} />
          <text x={frame.left - 8} y={yIn(panel, tick) + 4} textAnchor="end">
            {panel.tickOf(tick)}
          </text>
        </g>
      ))}
    </g>
  );
}

function LimitLine({ frame, panel, usage }: { frame: Frame; panel: Panel; usage: MeterUsage }) {
  const { messages, format } = useBursar(daysWords);
  if (panel.limit === null) return null;
  const y = yIn(panel, panel.limit);
  const amount = usage.format === "bytes" ? format.bytes(panel.limit) : format.count(panel.limit);
  return (
    <g className="bursar-plot-limit">
      <line x1={frame.left} x2={frame.left + frame.width} y1={y} y2={y} />
      <text x={frame.left + 6} y={y - 6}>
        {messages.days.perDay.limit(amount)}
      </text>
    </g>
  );
}
