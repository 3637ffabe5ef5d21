import type { Overview } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { WriteFailure } from "../frame/section.tsx";
import { useResumePlan } from "../hooks.ts";
import { intentKey } from "../intents.ts";
import { planWords } from "../messages/areas/plan.ts";

/** Lifts a cancellation with one press (CA3). @param onKept tells whoever is left on screen: this button is not */
export function KeepPlan({ overview, onKept }: { overview: Overview; onKept?: () => void }) {
  const { messages } = useBursar(planWords);
  const resume = useResumePlan(onKept);
  const words = messages.plan;
  return (
    <>
      <ActionButton
        label={words.keep}
        busyLabel={words.keeping}
        busy={resume.isPending}
        permission={overview.can.resume}
        onPress={() => resume.mutate(intentKey(`resume:${overview.cancelAt}`))}
      />
      {resume.error === null ? null : <WriteFailure error={resume.error} />}
    </>
  );
}
