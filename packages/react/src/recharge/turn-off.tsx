import type { Overview } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { WriteFailure } from "../frame/section.tsx";
import { useSaveAutoRecharge } from "../hooks.ts";

/** One press, at once (AR1). It has a right of its own: what stands in the way of turning it on does not matter. */
export function TurnOff({ overview, onSuccess }: { overview: Overview; onSuccess?: () => void }) {
  const { messages } = useBursar();
  const words = messages.recharge;
  const save = useSaveAutoRecharge(onSuccess);
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
