/** Changes of plan in the API's words: previews, answers, and every refusal with what to do. */
import type { z } from "@hono/zod-openapi";
import { findMeter, findPlan, type Catalog, type Losses, type Target } from "@bursar/core";
import type { ChangeOutcome } from "../../subscriptions/change-plan.ts";
import type { PlanCheckoutOutcome } from "../../subscriptions/open-plan-checkout.ts";
import type { Preview, PreviewOutcome } from "../../subscriptions/preview-change.ts";
import { whoIs } from "../../seats/seat-holders.ts";
import { throwCheckoutRefusal } from "../checkout-answer.ts";
import { ProblemError, type ProblemCode } from "../problem.ts";
import type * as schemas from "../schemas/billing.ts";
import { iso } from "../schemas/common.ts";
import { holdersAnswer } from "./member-answer.ts";

type PreviewBody = z.output<typeof schemas.preview>;

export function previewAnswer(preview: Preview, catalog: Catalog): PreviewBody {
  const { change, dueToday, nextInvoice } = preview;
  const later = "later" in change ? change.later : null;
  return {
    quoteId: preview.quoteId,
    expiresAt: iso(preview.expiresAt),
    kind: KINDS[change.kind],
    effectiveAt: iso(preview.effectiveAt),
    dueToday: {
      lines: dueToday.lines.map((line) => ({
        description: line.description,
        amount: line.amountCents,
        proration: line.isProration,
        planName: planNameOf(line, preview, catalog),
        quantity: line.quantity,
        periodStart: iso(line.periodStartsAt),
        periodEnd: iso(line.periodEndsAt),
      })),
      subtotal: dueToday.subtotalCents,
      tax: dueToday.taxCents,
      total: dueToday.totalCents,
      amountDue: dueToday.amountDueCents,
      currency: dueToday.currency,
    },
    nextInvoice: nextInvoice && {
      at: iso(nextInvoice.at),
      total: nextInvoice.totalCents,
      currency: nextInvoice.currency,
      taxIncluded: nextInvoice.isTaxKnown,
    },
    later: later && {
      description: describeTarget(catalog, later.target),
      effectiveAt: iso(later.effectiveAt),
      planName: findPlan(catalog, later.target.planId)?.name ?? later.target.planId,
      perSeat: findPlan(catalog, later.target.planId)?.perSeat === true,
      ...later.target,
    },
    replaces: "replaces" in change ? change.replaces : change.kind === "keep" ? change.undoes : null,
    renewsAt: nextInvoice && iso(nextInvoice.at),
    loses: [...describeAccess(preview), ...describeLosses(catalog, preview.losses)],
    losses: {
      seats: preview.losses.seats,
      limits: preview.losses.limits.map(({ meterId, from, to }) => {
        const meter = findMeter(catalog, meterId);
        return { meter: meterId, name: meter?.name ?? meterId, format: meter?.format ?? "count", from, to };
      }),
    },
    losesAccess: holdersAnswer(preview.access.loses),
    keepsAccess: keepsAnswer(preview.access),
  };
}

/** What is given back is of the plan that was, the rest of the plan that comes. */
function planNameOf(
  line: Preview["dueToday"]["lines"][number],
  { from, change }: Preview,
  catalog: Catalog,
): string | null {
  const isOfBefore = line.isProration && line.amountCents < 0;
  const target = isOfBefore ? from : "now" in change ? change.now : null;
  return target === null ? null : (findPlan(catalog, target.planId)?.name ?? null);
}

function keepsAnswer({ keeps, loses }: Preview["access"]): PreviewBody["keepsAccess"] {
  return keeps === null || loses.length === 0 ? null : (holdersAnswer([keeps])[0] ?? null);
}

const KINDS = {
  first: "upgrade",
  upgrade: "upgrade",
  downgrade: "downgrade",
  cancel: "downgrade",
  keep: "none",
} as const;

/** "Team, 10 seats, monthly" */
function describeTarget(catalog: Catalog, { planId, seats, interval }: Target): string {
  const plan = findPlan(catalog, planId);
  const seatsText = plan?.perSeat === true ? `, ${seats} ${seats === 1 ? "seat" : "seats"}` : "";
  return `${plan?.name ?? planId}${seatsText}, ${interval === "month" ? "monthly" : "annual"}`;
}

const count = new Intl.NumberFormat("en");
const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

function describeLosses(catalog: Catalog, losses: Losses): string[] {
  const limits = losses.limits.map(({ meterId, from, to }) => {
    const meter = findMeter(catalog, meterId);
    const say = (value: number | null) => {
      if (value === null) return "unlimited";
      if (meter?.format !== "bytes") return count.format(value);
      return value % GIB === 0
        ? `${count.format(value / GIB)} GiB`
        : `${count.format(Math.floor(value / MIB))} MiB`;
    };
    return `${meter?.name ?? meterId}: ${say(to)} instead of ${say(from)}`;
  });
  const seats = losses.seats > 0 ? [`${losses.seats} fewer ${losses.seats === 1 ? "seat" : "seats"}`] : [];
  return [...seats, ...limits];
}

/** S4: "Bo, Cy and 4 more lose access on 12 Dec 2026; only Ann keeps it" */
function describeAccess({ access, effectiveAt }: Preview): string[] {
  const { keeps, loses } = access;
  if (loses.length === 0 || keeps === null) return [];
  const verb = loses.length === 1 ? "loses" : "lose";
  return [`${whoIs(loses)} ${verb} access on ${day.format(effectiveAt)}; only ${whoIs([keeps])} keeps it`];
}

const day = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

export function changeAnswer(
  outcome: ChangeOutcome,
  catalog: Catalog,
): z.output<typeof schemas.changeAnswer> {
  switch (outcome.code) {
    case "applied":
      return { status: "applied", effectiveAt: iso(outcome.effectiveAt), invoiceId: outcome.invoiceId };
    case "scheduled":
      return { status: "scheduled", effectiveAt: iso(outcome.effectiveAt), invoiceId: null };
    default:
      return throwRefusal(outcome, catalog);
  }
}

type Refusal =
  | Exclude<ChangeOutcome, { code: "applied" | "scheduled" }>
  | Exclude<PreviewOutcome, Preview>
  | Exclude<PlanCheckoutOutcome, { code: "opened" }>
  | { readonly code: "not_past_due" };

/** One place where what a change can be refused for becomes a problem; `detail` says what to do. */
export function throwRefusal(refusal: Refusal, catalog: Catalog): never {
  switch (refusal.code) {
    case "refused": {
      const { path, detail } = refusal;
      throw new ProblemError("invalid_request", detail, { errors: [{ path, message: detail }] });
    }
    case "quote_changed": {
      const quote = "preview" in refusal ? { preview: previewAnswer(refusal.preview, catalog) } : {};
      throw new ProblemError("quote_changed", SENTENCES.quote_changed[1], { extra: quote });
    }
    case "seats_in_use": {
      const { seats, usedSeats, holders } = refusal;
      const tooMany = usedSeats - seats;
      const text = `${usedSeats} seats are in use: ${whoIs(holders)}. Remove ${tooMany} ${tooMany === 1 ? "person" : "people"} first. Nothing was changed.`;
      throw new ProblemError("seats_in_use", text, {
        errors: [{ path: "seats", message: text }],
        extra: { neededSeats: usedSeats, seats: holdersAnswer(holders) },
      });
    }
    case "payment_failed": {
      const next = refusal.isCard ? "Try another card." : "Look at a new preview to try again.";
      throw new ProblemError("payment_failed", `${refusal.reason} Nothing was changed. ${next}`, {
        extra: refusal.isCard ? {} : { reason: "given_up" },
      });
    }
    case "payment_requires_action":
      throw new ProblemError("payment_requires_action", SENTENCES.bank[1], { extra: { url: refusal.url } });
    case "change_in_progress":
      throw new ProblemError("change_in_progress", SENTENCES.change_in_progress[1], {
        extra: refusal.url === null ? {} : { url: refusal.url },
      });
    case "renewal_near": {
      const at = iso(refusal.renewsAt);
      const text = `Your plan renews at ${at}, in less than two hours. Try again after that. Nothing was changed.`;
      throw new ProblemError("conflict", text, {
        extra: { reason: "renewal_near", renewsAt: at },
        headers: { "retry-after": "7200" },
      });
    }
    case "already_paid":
    case "opened_elsewhere":
      return throwCheckoutRefusal(refusal);
    case "not_in_stripe":
      throw new ProblemError("unavailable", SENTENCES.not_in_stripe[1]);
    default: {
      const [code, detail] = SENTENCES[refusal.code];
      throw new ProblemError(code, detail, { extra: { reason: refusal.code } });
    }
  }
}

const SENTENCES = {
  quote_changed: [
    "quote_changed",
    "The price is another than the one shown. Nothing was charged: look at the new preview.",
  ],
  bank: [
    "payment_requires_action",
    "Your bank asks you to confirm. Your plan has not changed. Open the page at `url`.",
  ],
  change_in_progress: [
    "change_in_progress",
    "Another change of this plan is under way. Nothing was charged again; wait for it, or finish it.",
  ],
  not_in_stripe: ["unavailable", "Stripe does not have the catalogue's prices yet. Run: bursar catalog push"],
  no_change: ["no_change", "This is the plan you have. Nothing was changed."],
  contact_us: [
    "conflict",
    "This plan is arranged with us personally. Contact us to change it. Nothing was changed.",
  ],
  past_due: ["past_due", "A payment is due. Pay it first, then upgrade. Nothing was changed."],
  not_past_due: [
    "conflict",
    "Only a subscription with a failed payment can be ended at once. Cancel at the period's end.",
  ],
  needs_no_payment: [
    "conflict",
    "Nothing is paid for this change: confirm it with POST /api/billing/change.",
  ],
  needs_checkout: [
    "conflict",
    "The first subscription is bought on Stripe's page: POST /api/billing/checkout.",
  ],
  no_saved_payment_method: [
    "no_saved_payment_method",
    "There is no saved card to charge. Nothing was changed. Pay on Stripe's page instead.",
  ],
  in_doubt: [
    "stripe_unavailable",
    "We do not know yet if this went through. Do not pay again: it is being checked and will be finished or undone.",
  ],
} as const satisfies Record<string, readonly [ProblemCode, string]>;
