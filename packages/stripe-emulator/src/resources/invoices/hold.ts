/**
 * Invoices of a subscription whose collection is paused: they stay drafts, or are void or written off as soon as they are
 * made. That holds for renewals and for changes that are billed at once alike.
 */
import type { Invoice } from "../../entities/invoice.ts";
import type { Sandbox } from "../../sandbox.ts";
import { markUncollectible, voidInvoice } from "./end.ts";
import { finalizeInvoice } from "./finalize.ts";
import { patchInvoice } from "./invoice.ts";

/** The invoice as the pause leaves it; null when collection is not paused. */
export function heldBack(sandbox: Sandbox, draft: Invoice): Invoice | null {
  const pause = sandbox.store.subscriptions.get(draft.subscription ?? "")?.pause_collection ?? null;
  if (pause === null) return null;
  if (pause.behavior === "keep_as_draft") {
    return patchInvoice(sandbox, draft.id, { auto_advance: false, automatically_finalizes_at: null });
  }
  const invoice = finalizeInvoice(sandbox, draft);
  if (invoice.status !== "open") return invoice;
  if (pause.behavior === "void") return voidInvoice(sandbox, invoice);
  return markUncollectible(sandbox, invoice, "user_forgiven");
}
