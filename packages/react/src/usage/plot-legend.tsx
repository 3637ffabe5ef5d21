import type { MeterUsage } from "@bursar/client";
import type { ReactNode } from "react";
import { useBursar } from "../bursar-context.ts";
import { daysWords } from "../messages/areas/days.ts";

/** What each kind of mark means, with the mark beside its word. */
export function PlotLegend({
  usage,
  hasTotal,
  hasProjection,
  isLimitShown,
}: {
  usage: MeterUsage;
  hasTotal: boolean;
  hasProjection: boolean;
  isLimitShown: boolean;
}) {
  const { messages } = useBursar(daysWords);
  const words = messages.days.perDay.legend;
  return (
    <ul className="bursar-legend" aria-hidden="true">
      {hasTotal ? (
        <Entry mark={<path d="M1 8h18" className="bursar-plot-total" />} word={words.total} />
      ) : null}
      <Entry
        mark={<rect x="5" y="3" width="10" height="11" className="bursar-plot-bar" />}
        word={usage.kind === "level" ? words.level : words.day}
      />
      {hasProjection ? (
        <Entry
          mark={
            <>
              <path d="M1 13 19 2v11Z" className="bursar-plot-range" />
              <path d="M1 13 19 8" className="bursar-plot-mid" />
            </>
          }
          word={words.projection}
        />
      ) : null}
      {isLimitShown ? (
        <Entry
          mark={
            <g className="bursar-plot-limit">
              <line x1="1" x2="19" y1="8" y2="8" />
            </g>
          }
          word={words.limit}
        />
      ) : null}
    </ul>
  );
}

function Entry({ mark, word }: { mark: ReactNode; word: string }) {
  return (
    <li>
      <svg width="20" height="16" focusable="false">
        {mark}
      </svg>
      {word}
    </li>
  );
}
