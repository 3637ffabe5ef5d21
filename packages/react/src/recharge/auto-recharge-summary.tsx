import { useBursar } from "../bursar-context.ts";
import { Link } from "../frame/link.tsx";
import { AwaitedSection, Section } from "../frame/section.tsx";
import { usePacks } from "../credits/use-credits.ts";
import { useOverview } from "../hooks.ts";
import { CapMeter, RechargeState } from "./recharge-state.tsx";
import { TurnOff } from "./turn-off.tsx";
import { rechargeWords } from "../messages/areas/recharge.ts";

/** On the credits screen: how it stands, off in one press, and the way to its form. */
export function AutoRechargeSummary() {
  const { messages, basePath } = useBursar(rechargeWords);
  const { data: overview, error, refetch } = useOverview();
  const { data: packs } = usePacks();
  const words = messages.recharge;
  if (overview === undefined) {
    return <AwaitedSection heading={words.heading} rows={3} error={error} retry={() => void refetch()} />;
  }
  const recharge = overview.credits.autoRecharge;
  return (
    <Section heading={words.heading} className="is-recharge">
      <RechargeState recharge={recharge} packs={packs?.data ?? []} permission={overview.can.autoRecharge} />
      {recharge.enabled ? <CapMeter recharge={recharge} /> : null}
      <p className="bursar-actions">
        <Link href={`${basePath}/credits/auto-recharge`} className="bursar-button">
          {recharge.enabled ? words.change : words.setUp}
        </Link>
        <TurnOff overview={overview} />
      </p>
    </Section>
  );
}
