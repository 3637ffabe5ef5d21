import type { Overview, Preview } from "@bursar/client";
import { payLabelOf } from "../configured-labels.ts";
import type { Format } from "../format/create-format.ts";
import type { Words } from "../messages/area.ts";
import type { Choice } from "./plan-choice.ts";

type Label = (messages: Words<"review">, format: Format) => string;

/** What the button of a review does, and what it therefore says (R2). */
export type Deed =
  /** On Stripe's page: a first subscription, or no card to charge. */
  | { readonly kind: "checkout" }
  /** Now, with the saved card. */
  | { readonly kind: "pay"; readonly label: Label }
  /** Now, and nothing is due. */
  | { readonly kind: "apply"; readonly label: Label }
  | { readonly kind: "schedule"; readonly label: Label }
  /** Today's plan again, which undoes something. */
  | { readonly kind: "keep"; readonly undoes: "pending_change" | "cancellation"; readonly label: Label }
  /** Free is reached by cancelling, on its own screen. */
  | { readonly kind: "cancel" };

/** Deeds that are done here, with a button of their own. */
export type DeedHere = Extract<Deed, { label: Label }>;

export function deedOf(preview: Preview, choice: Choice, overview: Overview): Deed {
  const { kind, replaces, dueToday } = preview;
  if (kind === "none") {
    const undoes = replaces ?? "pending_change";
    return { kind: "keep", undoes, label: (messages) => messages.review.keep(overview.plan.name) };
  }
  if (kind === "downgrade") {
    // A plan that nothing is billed for is the free one.
    if (preview.nextInvoice === null) return { kind: "cancel" };
    return {
      kind: "schedule",
      label: ({ review }, format) => review.schedule(format.date(preview.effectiveAt)),
    };
  }
  if (overview.plan.kind === "free") return { kind: "checkout" };
  if (dueToday.amountDue === 0) return { kind: "apply", label: ({ review }) => review.upgradeFree };
  if (overview.paymentMethod === null) return { kind: "checkout" };
  const sum = (format: Format) => format.money(dueToday.amountDue, dueToday.currency);
  const pay = (own: Label): Deed => ({
    kind: "pay",
    label: (messages, format) =>
      payLabelOf(overview.page, messages.language, sum(format)) ?? own(messages, format),
  });
  const added = choice.seats - overview.seats.purchased;
  const addsSeatsOnly =
    choice.planId === overview.plan.id && choice.interval === overview.interval && added > 0;
  if (addsSeatsOnly) {
    return pay(({ review, seats }, format) => review.payNowSeats(sum(format), seats(format.counted(added))));
  }
  const goesAnnual = choice.planId === overview.plan.id && choice.interval === "year";
  return pay(({ review }, format) => (goesAnnual ? review.payNowAnnual : review.payNow)(sum(format)));
}
