/** For each kind of thing that falls due, who does it. To be called inside a transaction at its instant. */
import type { Invoice } from "../entities/invoice.ts";
import type { SubscriptionSchedule } from "../entities/subscription-schedule.ts";
import type { Subscription } from "../entities/subscription.ts";
import { expireSession } from "../resources/checkout/routes.ts";
import { advanceDraft, tellOverdue, tellWillBeDue } from "../resources/invoices/advance.ts";
import { retryInvoice } from "../resources/invoices/dunning.ts";
import { tellUpcoming } from "../resources/invoices/upcoming.ts";
import { finishRefund } from "../resources/payments/refunds.ts";
import { moveOn, startSchedule, tellExpiring } from "../resources/schedules/move-on.ts";
import {
  expireIncomplete,
  expirePendingUpdate,
  resumeCollection,
  tellTrialWillEnd,
} from "../resources/subscriptions/by-itself.ts";
import { endAsAgreed, renew } from "../resources/subscriptions/period-end.ts";
import { finishVerification } from "../resources/tax-ids.ts";
import { deleteClock } from "../resources/test-clocks.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Appointment } from "./agenda.ts";
import type { DueKind } from "./due.ts";

type Deed = (sandbox: Sandbox, id: string) => unknown;

const ofInvoice =
  (deed: (sandbox: Sandbox, invoice: Invoice) => void): Deed =>
  (sandbox, id) =>
    deed(sandbox, found(sandbox.store.invoices.get(id), id));

const ofSubscription =
  (deed: (sandbox: Sandbox, subscription: Subscription) => unknown): Deed =>
  (sandbox, id) =>
    deed(sandbox, found(sandbox.store.subscriptions.get(id), id));

const ofSchedule =
  (deed: (sandbox: Sandbox, schedule: SubscriptionSchedule) => unknown): Deed =>
  (sandbox, id) =>
    deed(sandbox, found(sandbox.store.subscriptionSchedules.get(id), id));

const DEEDS: Record<DueKind, Deed> = {
  session_expires: (sandbox, id) => expireSession(sandbox, found(sandbox.store.checkoutSessions.get(id), id)),
  refund_finishes: (sandbox, id) => finishRefund(sandbox, found(sandbox.store.refunds.get(id), id)),
  tax_id_answered: (sandbox, id) => finishVerification(sandbox, found(sandbox.store.taxIds.get(id), id)),
  clock_expires: (sandbox, id) => deleteClock(sandbox, found(sandbox.store.testClocks.get(id), id)),
  subscription_expires: ofSubscription(expireIncomplete),
  pending_update_expires: ofSubscription(expirePendingUpdate),
  trial_will_end: ofSubscription(tellTrialWillEnd),
  collection_resumes: ofSubscription(resumeCollection),
  schedule_starts: ofSchedule(startSchedule),
  schedule_moves_on: ofSchedule(moveOn),
  schedule_expiring: ofSchedule(tellExpiring),
  subscription_cancels: ofSubscription(endAsAgreed),
  subscription_renews: ofSubscription(renew),
  invoice_upcoming: ofSubscription(tellUpcoming),
  invoice_finalizes: ofInvoice(advanceDraft),
  invoice_retried: ofInvoice(retryInvoice),
  invoice_will_be_due: ofInvoice(tellWillBeDue),
  invoice_overdue: ofInvoice(tellOverdue),
};

export function carryOut(sandbox: Sandbox, appointment: Appointment): void {
  DEEDS[appointment.kind](sandbox, appointment.id);
}

function found<T>(object: T | undefined, id: string): T {
  if (object === undefined) throw new Error(`${id} fell due and is gone`);
  return object;
}
