import type { Overview } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { Failure } from "../frame/section.tsx";
import { useSaveAutoRecharge } from "../hooks.ts";

/** One press, at once (AR1). Who may change billing at all may do it, whatever stands in the way of turning it on. */
export function TurnOff({ overview, onSuccess }: { overview: Overview; onSuccess?: () => void }) {
  const { messages } = useBursar();
  const words = messages.recharge;
  const save = useSaveAutoRecharge(onSuccess);
  const isReader = overview.viewer.role === "member";
  return (
    <>
      <ActionButton
        label={words.turnOff}
        busyLabel={words.turningOff}
        busy={save.isPending}
        permission={isReader ? overview.can.autoRecharge : { allowed: true }}
        onPress={() => save.mutate({ enabled: false })}
      />
      {save.error === null ? null : <Failure error={save.error} />}
    </>
  );
}
