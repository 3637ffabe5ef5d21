export { AttentionList } from "./attention-list.tsx";
export { BillingSettings, type BillingSettingsProps } from "./billing-settings.tsx";
export { BursarProvider, type BursarProviderProps } from "./bursar-provider.tsx";
export { CreditsSummary } from "./credits/credits-summary.tsx";
export { useBursar } from "./bursar-context.ts";
export type { HeadingLevel, LinkComponentProps, Slots } from "./bursar-context.ts";
export { useOverview as useBilling, useOverview } from "./hooks.ts";
export { usePreview } from "./plans/use-plans.ts";
export { PaymentSummary } from "./invoices/payment-summary.tsx";
export { demoWords } from "./messages/areas/demo.ts";
export { settingsWords } from "./messages/areas/settings.ts";
export { english, type Messages } from "./messages/english.ts";
export { languageOf } from "./messages/language-of.ts";
export { loadMessages } from "./messages/load-messages.ts";
export type { MessagesWith } from "./messages/area.ts";
export { createPlural, type Count } from "./messages/plural.ts";
export { useOperation, type Operation, type OperationState } from "./operation.ts";
export {
  AutoRechargeForm,
  AutoRechargeSummary,
  CancelPlan,
  ChargeReview,
  CreditHistory,
  CreditPacks,
  InvoiceTable,
  PlanPicker,
  RechargeLog,
  ReturnFromStripe,
  SeatEditor,
  UsageChart,
} from "./parts.tsx";
export { PendingChange } from "./plans/pending-change.tsx";
export { PlanSummary } from "./plans/plan-summary.tsx";
export { AccountMenu } from "./settings/account-menu.tsx";
export {
  AccountSettings,
  KeysSettings,
  MembersSettings,
  NotificationsSettings,
  WebhooksSettings,
} from "./settings/lazy-settings.tsx";
export { ConfirmEmail, ForgotPassword, JoinAccount, ResetPassword, SignIn } from "./sign-in/lazy-doors.tsx";
export { UsageMeters } from "./usage/usage-meters.tsx";
