import { ProblemError } from "@bursar/client";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useBursar } from "../bursar-context.ts";
import { WriteFailure } from "../frame/section.tsx";
import { useSaid } from "../frame/voice.tsx";
import { retry, useWrite } from "../hooks.ts";
import * as queryKeys from "../query-keys.ts";
import { daysWords } from "../messages/areas/days.ts";

/**
 * Mails about one meter, on or off for the person who looks (US2). What is shown is what the server has, also while it is changed (R6).
 */
export function MeterAlerts({ meter, name }: { meter: string; name: string }) {
  const { client, messages } = useBursar(daysWords);
  const words = messages.days.alerts;
  const hintId = useId();
  const { data } = useQuery({ queryKey: queryKeys.notifications, queryFn: client.notifications.read, retry });
  const save = useWrite((mail: boolean) => client.notifications.save({ meters: { [meter]: mail } }));
  useSaid(save.isSuccess ? words.saved : null);
  const wished = data?.meters.find((each) => each.meter === meter);
  if (data === undefined) return <Place label={words.label(name)} />;
  if (wished === undefined) return null;
  const areAllOff = data.data.some(({ category, mail }) => category === "usage" && !mail);
  const isOff = save.isPending || areAllOff;
  return (
    <div className="bursar-alerts">
      <label className="bursar-check">
        <input
          type="checkbox"
          checked={wished.mail && !areAllOff}
          aria-disabled={isOff ? "true" : undefined}
          aria-describedby={hintId}
          onChange={isOff ? () => undefined : ({ target }) => save.mutate(target.checked)}
        />
        {words.label(name)}
      </label>
      <p id={hintId} className="bursar-muted">
        {areAllOff ? words.allOff : save.isPending ? words.saving : save.isSuccess ? words.saved : null}
      </p>
      {save.error === null || save.isPending ? null : <AlertFailure error={save.error} />}
    </div>
  );
}

/** Where the choice will stand and as large, so that nothing moves when it does. */
function Place({ label }: { label: string }) {
  return (
    <div className="bursar-alerts is-coming" aria-hidden="true">
      <span className="bursar-check">{label}</span>
    </div>
  );
}

/** It says what shall be, so a lost answer leaves no doubt worth a warning of money: the box shows what there is. */
function AlertFailure({ error }: { error: Error }) {
  const { messages } = useBursar(daysWords);
  return error instanceof ProblemError ? (
    <WriteFailure error={error} />
  ) : (
    <p role="alert">{messages.days.alerts.failed}</p>
  );
}
