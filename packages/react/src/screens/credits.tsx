import { CreditHistory } from "../credits/credit-history.tsx";
import { CreditPacks } from "../credits/credit-packs.tsx";
import { CreditsSummary } from "../credits/credits-summary.tsx";
import { AutoRechargeForm } from "../recharge/auto-recharge-form.tsx";
import { AutoRechargeSummary } from "../recharge/auto-recharge-summary.tsx";
import { RechargeLog } from "../recharge/recharge-log.tsx";

export function Credits() {
  return (
    <>
      <CreditsSummary withAction={false} />
      <CreditPacks />
      <AutoRechargeSummary />
      <CreditHistory />
    </>
  );
}

export function AutoRecharge() {
  return (
    <>
      <AutoRechargeForm />
      <RechargeLog />
    </>
  );
}
