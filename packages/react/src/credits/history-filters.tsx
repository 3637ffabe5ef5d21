import type { CreditTransaction } from "@bursar/client";
import { useId } from "react";
import { useBursar } from "../bursar-context.ts";
import { creditsWords } from "../messages/areas/credits.ts";

export interface HistoryFilter {
  type: CreditTransaction["type"] | null;
  /** `null`: from the beginning. */
  days: number | null;
}

const spans = [30, 90] as const;

export function HistoryFilters({
  filter,
  setFilter,
  eachUse,
  setEachUse,
}: {
  filter: HistoryFilter;
  setFilter: (filter: HistoryFilter) => void;
  eachUse: boolean;
  setEachUse: (eachUse: boolean) => void;
}) {
  const { messages, format } = useBursar(creditsWords);
  const words = messages.credits;
  const ids = useId();
  const types = Object.keys(words.type) as CreditTransaction["type"][];
  return (
    <>
      <div className="bursar-choice">
        <label htmlFor={`${ids}type`}>{words.filterType}</label>
        <select
          id={`${ids}type`}
          value={filter.type ?? ""}
          onChange={({ target }) =>
            setFilter({ ...filter, type: types.find((type) => type === target.value) ?? null })
          }
        >
          <option value="">{words.allTypes}</option>
          {types.map((type) => (
            <option key={type} value={type}>
              {words.type[type]}
            </option>
          ))}
        </select>
      </div>
      <div className="bursar-choice">
        <label htmlFor={`${ids}span`}>{words.filterSpan}</label>
        <select
          id={`${ids}span`}
          value={filter.days ?? ""}
          onChange={({ target }) =>
            setFilter({ ...filter, days: target.value === "" ? null : Number(target.value) })
          }
        >
          {spans.map((count) => (
            <option key={count} value={count}>
              {words.lastDays(format.counted(count))}
            </option>
          ))}
          <option value="">{words.allTime}</option>
        </select>
      </div>
      <label className="bursar-check">
        <input type="checkbox" checked={eachUse} onChange={({ target }) => setEachUse(target.checked)} />
        {words.eachUse}
      </label>
    </>
  );
}
