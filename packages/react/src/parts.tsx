import { Suspense, type ComponentType } from "react";
import { CreditHistory as CreditHistoryPart } from "./credits/credit-history.tsx";
import { CreditPacks as CreditPacksPart } from "./credits/credit-packs.tsx";
import { PartSkeleton } from "./frame/section.tsx";
import { InvoiceTable as InvoiceTablePart } from "./invoices/invoice-table.tsx";
import { CancelPlan as CancelPlanPart } from "./plans/cancel-plan.tsx";
import { ChargeReview as ChargeReviewPart } from "./plans/charge-review-part.tsx";
import { PlanPicker as PlanPickerPart } from "./plans/plan-picker.tsx";
import { AutoRechargeForm as AutoRechargeFormPart } from "./recharge/auto-recharge-form.tsx";
import { AutoRechargeSummary as AutoRechargeSummaryPart } from "./recharge/auto-recharge-summary.tsx";
import { RechargeLog as RechargeLogPart } from "./recharge/recharge-log.tsx";
import { ReturnFromStripe as ReturnFromStripePart } from "./return-from-stripe.tsx";
import { SeatEditor as SeatEditorPart } from "./seats/seat-editor.tsx";
import { UsageChart as UsageChartPart } from "./usage/usage-chart.tsx";

/*
 * Parts as a host places them. Words of another language than English may still be on their way when a part is shown; it
 * waits for them in its own place, so that nothing of the host's page goes away meanwhile.
 */
function inPlace<Props extends object>(Part: ComponentType<Props>): (props: Props) => React.ReactNode {
  return function PartInPlace(props) {
    return (
      <Suspense fallback={<PartSkeleton />}>
        <Part {...props} />
      </Suspense>
    );
  };
}

export const PlanPicker = /* @__PURE__ */ inPlace(PlanPickerPart);
export const ChargeReview = /* @__PURE__ */ inPlace(ChargeReviewPart);
export const SeatEditor = /* @__PURE__ */ inPlace(SeatEditorPart);
export const CancelPlan = /* @__PURE__ */ inPlace(CancelPlanPart);
export const UsageChart = /* @__PURE__ */ inPlace(UsageChartPart);
export const CreditPacks = /* @__PURE__ */ inPlace(CreditPacksPart);
export const CreditHistory = /* @__PURE__ */ inPlace(CreditHistoryPart);
export const AutoRechargeForm = /* @__PURE__ */ inPlace(AutoRechargeFormPart);
export const AutoRechargeSummary = /* @__PURE__ */ inPlace(AutoRechargeSummaryPart);
export const RechargeLog = /* @__PURE__ */ inPlace(RechargeLogPart);
export const InvoiceTable = /* @__PURE__ */ inPlace(InvoiceTablePart);
export const ReturnFromStripe = /* @__PURE__ */ inPlace(ReturnFromStripePart);
