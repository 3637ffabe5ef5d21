/** What an invoice does by itself: the end of its time as a draft, with the first try, and its due date. */
import type { Invoice } from "../../entities/invoice.ts";
import type { EventType } from "../../entities/event.ts";
import type { Sandbox } from "../../sandbox.ts";
import { rememberNotice } from "../notices.ts";
import { updateSubscription } from "../subscriptions/subscription.ts";
import { afterFailedTry, nextAttempt } from "./dunning.ts";
import { collectInvoice } from "./collect.ts";
import { canBeTaxed, finalizeInvoice } from "./finalize.ts";
import { patchInvoice, showInvoice } from "./invoice.ts";

const HOUR = 3_600;
const LONGEST_WAIT = 72 * HOUR;

/** The order in which the events of a paid renewal arrive (observed, not promised). */
const COLLECTION_ORDER: EventType[] = [
  "invoice.finalized",
  "payment_intent.created",
  "charge.succeeded",
  "charge.failed",
  "payment_intent.succeeded",
  "payment_intent.payment_failed",
  "invoice.paid",
  "invoice.payment_succeeded",
  "invoice.payment_failed",
  "invoice.payment_action_required",
  "invoice.updated",
  "customer.subscription.updated",
  "customer.subscription.deleted",
  "invoice_payment.paid",
];

/** A draft's time is over: it is finalized, and charged or sent. Without a place to tax it stays a draft. */
export function advanceDraft(sandbox: Sandbox, draft: Invoice): void {
  sandbox.arrangeEvents(COLLECTION_ORDER);
  if (waitsForWebhooks(sandbox, draft)) {
    const automatically_finalizes_at = sandbox.now(draft.customer) + HOUR;
    patchInvoice(sandbox, draft.id, { automatically_finalizes_at });
    return;
  }
  if (!canBeTaxed(sandbox, draft)) {
    const waiting = patchInvoice(sandbox, draft.id, { automatically_finalizes_at: null });
    sandbox.emit("invoice.finalization_failed", showInvoice(sandbox, waiting));
    return;
  }
  const invoice = finalizeInvoice(sandbox, draft);
  if (invoice.status !== "open") return;
  if (invoice.collection_method === "send_invoice") {
    sandbox.emit("invoice.sent", showInvoice(sandbox, invoice));
    return;
  }
  const next = nextAttempt(sandbox, { attempts: 1, now: sandbox.now(invoice.customer) });
  const collected = collectInvoice(sandbox, invoice, { offSession: true, nextAttempt: next });
  if (collected.outcome !== "paid") afterFailedTry(sandbox, collected.invoice);
}

/** Only on the wall clock: a test clock is faster than any delivery. */
function waitsForWebhooks(sandbox: Sandbox, draft: Invoice): boolean {
  if (!sandbox.account.settings.draftsWaitForWebhooks) return false;
  if (sandbox.store.customers.get(draft.customer)?.test_clock) return false;
  if (sandbox.now(draft.customer) >= draft.created + LONGEST_WAIT) return false;
  for (const { event: id } of sandbox.store.deliveries.values()) {
    const event = sandbox.store.events.get(id);
    if (event?.type === "invoice.created" && event.data.object["id"] === draft.id) return true;
  }
  return false;
}

export function tellWillBeDue(sandbox: Sandbox, invoice: Invoice): void {
  sandbox.emit("invoice.will_be_due", showInvoice(sandbox, invoice));
  rememberDue(sandbox, invoice, "invoice_will_be_due");
}

/** The due date has passed without the money: its subscription is past due. */
export function tellOverdue(sandbox: Sandbox, invoice: Invoice): void {
  sandbox.emit("invoice.overdue", showInvoice(sandbox, invoice));
  rememberDue(sandbox, invoice, "invoice_overdue");
  const subscription = sandbox.store.subscriptions.get(invoice.subscription ?? "");
  if (subscription?.latest_invoice !== invoice.id || subscription.status !== "active") return;
  updateSubscription(sandbox, subscription, { status: "past_due" });
}

function rememberDue(sandbox: Sandbox, { id, due_date }: Invoice, kind: string): void {
  rememberNotice(sandbox, { id, collection: "invoices" }, kind, due_date ?? 0);
}
