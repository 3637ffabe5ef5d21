import type { Overview } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { WriteFailure } from "../frame/section.tsx";
import { useNews } from "../frame/voice.tsx";
import { useSaveAutoRecharge } from "./use-recharge.ts";
import { rechargeWords } from "../messages/areas/recharge.ts";

/** One press, at once (AR1). It has a right of its own: what stands in the way of turning it on does not matter. */
export function TurnOff({ overview, onSuccess }: { overview: Overview; onSuccess?: () => void }) {
  const { messages } = useBursar(rechargeWords);
  const words = messages.recharge;
  const save = useSaveAutoRecharge(onSuccess);
  if (!overview.credits.autoRecharge.enabled && !save.isPending) return save.isSuccess ? <TurnedOff /> : null;
  return (
    <>
      <ActionButton
        label={words.turnOff}
        busyLabel={words.turningOff}
        busy={save.isPending}
        permission={overview.can.autoRechargeOff}
        onPress={() => save.mutate({ enabled: false })}
      />
      {save.error === null ? null : <WriteFailure error={save.error} />}
    </>
  );
}

/** Stands where the button was. */
function TurnedOff() {
  const { savedOff } = useBursar(rechargeWords).messages.recharge;
  const text = useNews<HTMLSpanElement>(savedOff);
  return (
    <span ref={text} tabIndex={-1} className="bursar-done">
      {savedOff}
    </span>
  );
}
