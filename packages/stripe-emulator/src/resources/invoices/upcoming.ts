/** `invoice.upcoming`: days before a renewal, the invoice as the renewal would make it now. */
import type { Subscription } from "../../entities/subscription.ts";
import type { Sandbox } from "../../sandbox.ts";
import { rememberNotice } from "../notices.ts";
import { itemsOf } from "../subscriptions/subscription.ts";
import { previewRenewal } from "./preview.ts";

/** Its object has an id that finds nothing, for the invoice does not exist yet. */
export function tellUpcoming(sandbox: Sandbox, subscription: Subscription): void {
  const upcoming = previewRenewal(sandbox, subscription);
  if (upcoming !== null) sandbox.emit("invoice.upcoming", upcoming);
  const { id } = subscription;
  const end = Math.min(...itemsOf(sandbox, id).map((item) => item.current_period_end));
  rememberNotice(sandbox, { id, collection: "subscriptions" }, "invoice_upcoming", end);
}
