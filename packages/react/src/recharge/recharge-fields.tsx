import type { AutoRecharge, Interval, Pack } from "@bursar/client";
import { useId, type RefObject } from "react";
import { useBursar } from "../bursar-context.ts";
import type { Draft, Read } from "./draft.ts";
import { rechargeWords } from "../messages/areas/recharge.ts";

interface FieldsProps {
  fields: RefObject<HTMLFieldSetElement | null>;
  draft: Draft;
  edit: (draft: Draft) => void;
  packs: Pack[];
  recharge: AutoRecharge;
  interval: Interval;
  mistakes: Read["mistakes"];
}

/** Threshold, pack and limit. What is wrong stands under its field and is read with it. */
export function RechargeFields({ fields, draft, edit, packs, recharge, interval, mistakes }: FieldsProps) {
  const { messages, format } = useBursar(rechargeWords);
  const words = messages.recharge;
  const ids = useId();
  return (
    <fieldset ref={fields} className="bursar-recharge-fields">
      <legend className="bursar-hidden">{words.legend}</legend>
      <div className="bursar-choice">
        <label htmlFor={`${ids}threshold`}>{words.threshold}</label>
        <span className="bursar-with-unit">
          <input
            id={`${ids}threshold`}
            name="threshold"
            inputMode="numeric"
            autoComplete="off"
            value={draft.threshold}
            aria-invalid={mistakes.threshold === undefined ? undefined : true}
            aria-describedby={`${ids}threshold-unit ${ids}threshold-mistake`}
            onChange={({ target }) => edit({ ...draft, threshold: target.value })}
          />
          <span id={`${ids}threshold-unit`}>{words.thresholdUnit}</span>
        </span>
        <Mistake id={`${ids}threshold-mistake`} text={mistakes.threshold} />
      </div>
      <div className="bursar-choice">
        <label htmlFor={`${ids}pack`}>{words.pack}</label>
        <select
          id={`${ids}pack`}
          value={draft.packId}
          onChange={({ target }) => edit({ ...draft, packId: target.value })}
        >
          {packs.map((pack) => (
            <option key={pack.id} value={pack.id}>
              {words.packOption(
                pack.name,
                format.count(pack.tokens),
                format.money(pack.price, pack.currency),
              )}
            </option>
          ))}
        </select>
      </div>
      <div className="bursar-choice">
        <label htmlFor={`${ids}limit`}>{words.limit}</label>
        <span className="bursar-with-unit">
          <input
            id={`${ids}limit`}
            name="limit"
            inputMode="decimal"
            autoComplete="off"
            value={draft.limit}
            aria-invalid={mistakes.limit === undefined ? undefined : true}
            aria-describedby={`${ids}limit-unit ${ids}limit-mistake`}
            onChange={({ target }) => edit({ ...draft, limit: target.value })}
          />
          <span id={`${ids}limit-unit`}>{words.limitUnit[interval](recharge.currency.toUpperCase())}</span>
        </span>
        <Mistake id={`${ids}limit-mistake`} text={mistakes.limit} />
      </div>
    </fieldset>
  );
}

function Mistake({ id, text }: { id: string; text: string | undefined }) {
  return (
    <span id={id} className="bursar-error bursar-mistake">
      {text}
    </span>
  );
}
