/** A cancellation that somebody asks for, now: by the API, or with a schedule. Its last invoice is collected at once. */
import type { CancellationDetails, Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { billNow } from "../invoices/bill-now.ts";
import { finalizeInvoice } from "../invoices/finalize.ts";
import { cancelByRequest } from "./cancel.ts";

export function cancelAndBill(
  sandbox: Sandbox,
  subscription: Subscription,
  given: { details?: Partial<CancellationDetails>; isProrated: boolean; isInvoiced: boolean },
): Subscription {
  const { subscription: canceled, draft } = cancelByRequest(sandbox, subscription, { details: {}, ...given });
  if (draft === null) return canceled;
  if (draft.total > 0 && draft.collection_method === "charge_automatically") {
    billNow(sandbox, draft, { behavior: "allow_incomplete", offSession: true, mayLackCard: true });
  } else finalizeInvoice(sandbox, draft);
  return canceled;
}
