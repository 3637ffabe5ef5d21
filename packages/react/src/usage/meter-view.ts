import type { MeterUsage } from "@bursar/client";
import type { Format } from "../format/create-format.ts";
import type { Words } from "../messages/area.ts";

/** One row of usage in words and lengths, derived from the server's figures. */
export interface MeterView {
  id: string;
  name: string;
  tone: "ok" | "warning" | "critical";
  /** "8,412 of 10,000". */
  amount: string;
  /** "84 %"; `null` when unlimited or without data. */
  percent: string | null;
  /** "Approaching limit" and its like; `null` below 80 %. */
  state: string | null;
  limitSentence: string | null;
  reset: string;
  /** When the newest event that counts here came in. */
  lastEvent: string | null;
  /** `null`: words only, no bar. */
  bar: { value: number; max: number; fillPercent: number; text: string } | null;
}

const tones = {
  ok: "ok",
  unlimited: "ok",
  warning: "warning",
  reached: "critical",
  over: "critical",
} as const;

export function meterView(usage: MeterUsage, format: Format, messages: Words<"usage">): MeterView {
  const words = messages.usage;
  const amountOf = usage.format === "bytes" ? format.bytes : format.count;
  const state = stateWords(usage, amountOf, messages);
  const hasData = usage.asOf !== null || usage.used !== 0;
  const row = {
    id: usage.meter,
    name: usage.name,
    state,
    reset: usage.resetsAt === null ? words.noReset : words.resets(format.date(usage.resetsAt)),
    lastEvent: usage.asOf === null ? null : words.lastEvent(format.moment(usage.asOf)),
  };
  if (usage.limit === null || usage.percent === null) {
    const amount = hasData ? `${amountOf(usage.used)}, ${words.unlimited.toLowerCase()}` : words.unlimited;
    return { ...row, tone: "ok", amount, percent: null, limitSentence: null, bar: null };
  }
  const amount = words.of(amountOf(usage.used), amountOf(usage.limit));
  const isBelowOne = usage.percent === 0 && usage.used > 0;
  const percentWords = words.percentWords(isBelowOne ? words.underOneWords : String(usage.percent));
  const counted = usage.format === "bytes" ? amount : words.counted(amount, usage.unit, usage.limit);
  const spoken = `${counted}, ${percentWords}`;
  return {
    ...row,
    tone: tones[usage.state],
    // Nothing was told yet, which is not the same as nothing used.
    amount: hasData ? amount : words.noDataOf(amountOf(usage.limit)),
    percent: hasData ? words.percent(isBelowOne ? words.underOne : String(usage.percent)) : null,
    limitSentence:
      state === null || usage.state === "warning" ? words.atLimit(usage.limitSentence) : usage.limitSentence,
    bar: {
      value: Math.max(0, Math.min(usage.used, usage.limit)),
      max: usage.limit,
      fillPercent: fillPercent(usage.used, usage.limit),
      text: hasData ? (state === null ? spoken : words.spoken(spoken, state)) : words.noData,
    },
  };
}

/** The bar ends at the limit; a little use shows as a sliver and not as nothing. */
function fillPercent(used: number, limit: number): number {
  if (used <= 0) return 0;
  if (used >= limit) return 100;
  return Math.max(1, Math.floor((used / limit) * 1_000) / 10);
}

function stateWords(
  usage: MeterUsage,
  amountOf: (value: number) => string,
  { usage: words }: Words<"usage">,
): string | null {
  switch (usage.state) {
    case "ok":
    case "unlimited":
      return null;
    case "warning":
      return words.warning;
    case "reached":
      return words.reached;
    case "over": {
      const over = amountOf(usage.used - (usage.limit ?? 0));
      return usage.onCredits ? words.overOnCredits(over) : words.over(over);
    }
  }
}
