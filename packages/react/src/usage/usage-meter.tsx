import { useId } from "react";
import { Icon } from "../frame/icon.tsx";
import type { MeterView } from "./meter-view.ts";

/** One meter: its words, and a bar that repeats them. */
export function UsageMeter({ view }: { view: MeterView }) {
  const { bar } = view;
  return (
    <li className={`bursar-meter is-${view.tone}`}>
      <div className="bursar-meter-line">
        <span className="bursar-meter-name">{view.name}</span>
        <span className="bursar-meter-figures">
          <span>{view.amount}</span>
          {view.percent === null ? null : <span className="bursar-meter-percent">{view.percent}</span>}
        </span>
      </div>
      {bar === null ? null : (
        <div
          role="meter"
          aria-label={view.name}
          aria-valuemin={0}
          aria-valuemax={bar.max}
          aria-valuenow={bar.value}
          aria-valuetext={bar.text}
        >
          <Bar fillPercent={bar.fillPercent} tone={view.tone} />
        </div>
      )}
      <p className="bursar-meter-notes">
        {view.state === null ? null : (
          <strong className="bursar-meter-state">
            <Icon name={view.tone === "warning" ? "warning" : "critical"} /> {view.state}
          </strong>
        )}
        {view.limitSentence === null ? null : <span>{view.limitSentence}</span>}
        <span>{view.reset}</span>
      </p>
    </li>
  );
}

/** Lengths are attributes and not styles, because a strict content security policy refuses inline styles. */
export function Bar({ fillPercent, tone }: { fillPercent: number; tone: MeterView["tone"] }) {
  const id = useId();
  return (
    <svg className="bursar-bar" width="100%" height="10" aria-hidden="true" focusable="false">
      <defs>
        <clipPath id={`${id}clip`}>
          <rect width="100%" height="10" rx="5" />
        </clipPath>
        <pattern
          id={`${id}hatch`}
          width="8"
          height="8"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path d={tone === "critical" ? "M0 4h8M4 0v8" : "M4 0v8"} className="bursar-bar-hatch" />
        </pattern>
      </defs>
      <g clipPath={`url(#${id}clip)`}>
        <rect className="bursar-bar-track" width="100%" height="10" />
        <rect className="bursar-bar-fill" width={`${fillPercent}%`} height="10" rx="5" />
        {tone === "ok" ? null : (
          <rect width={`${fillPercent}%`} height="10" rx="5" fill={`url(#${id}hatch)`} />
        )}
        <line className="bursar-bar-tick" x1="80%" x2="80%" y1="0" y2="10" />
      </g>
    </svg>
  );
}
