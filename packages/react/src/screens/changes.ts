/* The screens of a change: plans, seats and cancelling share most of what they need, so they are one file. */
export { CancelPlan } from "../plans/cancel-plan.tsx";
export { PlanPicker } from "../plans/plan-picker.tsx";
export { WithdrawFromContract } from "../plans/withdraw.tsx";
export { SeatEditor } from "../seats/seat-editor.tsx";
