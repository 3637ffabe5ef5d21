import { DAY_MS, moneyText } from "@bursar/core";
import type { Notice } from "./notice.ts";
import type { MeterReading, Overview } from "./overview.ts";
import { isRefusedAtLimit, limitSentenceNow } from "./limit-sentence.ts";
import { rechargeNotices } from "./recharge-notices.ts";

const count = new Intl.NumberFormat("en");

/** What needs attention, the most urgent first (OV1): payments, credits that are owed, reached limits, those that come near. */
export function noticesOf(overview: Overview): Notice[] {
  const notices: Notice[] = [];
  notices.push(...paymentNotices(overview));
  notices.push(...rechargeNotices(overview.recharge));
  if (overview.view.available.balance < 0) notices.push(owedNotice(overview));
  const atLimit = overview.meters.filter(
    ({ standing, used }) => used > 0 && (standing.state === "reached" || standing.state === "over"),
  );
  const near = overview.meters.filter(({ standing }) => standing.state === "warning");
  notices.push(...atLimit.map((reading) => limitNotice(overview, reading, "Limit reached")));
  notices.push(...near.map((reading) => limitNotice(overview, reading, "Approaching limit")));
  return notices;
}

/**
 * K3: more was used than there was, or a refund or dispute took back what had been used. What asks first is refused until
 * something enters; what is done is recorded.
 */
function owedNotice({ view, plan }: Overview): Notice {
  const resetsAt = new Date(view.entitlement.window.endsAt).toISOString().slice(0, 10);
  return {
    id: "credits_owed",
    severity: "critical",
    title: "Your credits are below zero",
    detail: `${count.format(-view.available.balance)} tokens more were used, or taken back with a refund, than there were. New AI processing is refused until a purchase, or the allocation of ${resetsAt}, has cleared them.`,
    action:
      plan.kind === "free"
        ? { label: "See plans", href: "/settings/billing/plans" }
        : { label: "Buy credits", href: "/settings/billing/credits" },
  };
}

const day = (at: number): string =>
  new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  }).format(at);

/** OV1: a failed payment first, then a question of the bank, then a plan that ends soon. */
function paymentNotices({ unpaid, openChange, subscription, now, plan, card }: Overview): Notice[] {
  const notices: Notice[] = [];
  if (subscription?.status === "past_due" && unpaid !== null) {
    const { invoice, failedAt, endsAt } = unpaid;
    const sum = moneyText(invoice.amountDueCents, invoice.currency);
    const next =
      invoice.nextAttemptAt === null
        ? "It was the last try."
        : `We try again on ${day(invoice.nextAttemptAt)}.`;
    notices.push({
      id: "past_due",
      severity: "critical",
      title: `Payment of ${sum} failed on ${day(failedAt)}`,
      detail: `${next} Your plan stays until ${day(endsAt)}. A new card is charged ${sum} at once.`,
      action: invoice.hostedUrl === null ? null : { label: `Pay ${sum} now`, href: invoice.hostedUrl },
    });
  }
  if (openChange?.state === "awaiting_bank" && openChange.invoiceUrl !== null) {
    notices.push({
      id: "bank_check",
      severity: "critical",
      title: "Your bank asks you to confirm a payment",
      detail:
        "Your plan has not changed yet. Confirm within an hour, or the change is given up and nothing is charged.",
      action: { label: "Confirm with your bank", href: openChange.invoiceUrl },
    });
  }
  const cancelAt = subscription?.cancelAt ?? null;
  if (cancelAt !== null && cancelAt - now <= ENDS_SOON_MS) {
    notices.push({
      id: "ends_soon",
      severity: "warning",
      title: `${plan.name} ends on ${day(cancelAt)}`,
      detail: "Then the account is on Free. Your data and your credits are kept.",
      action: { label: "Keep the plan", href: "/settings/billing/cancel" },
    });
  }
  if (subscription !== null && card !== null && cancelAt === null) {
    // A card is good until the last day of its month.
    const expiresAt = Date.UTC(card.expYear, card.expMonth, 1);
    if (expiresAt <= subscription.periodEndsAt) {
      notices.push({
        id: "card_expires",
        severity: "warning",
        title: `Your card ending in ${card.last4} expires before the next payment`,
        detail: `The next payment is due on ${day(subscription.periodEndsAt)}. Add a current card before.`,
        action: { label: "Update card", href: "/settings/billing/invoices" },
      });
    }
  }
  return notices;
}

/** A week before the end of a cancelled plan is soon. */
const ENDS_SOON_MS = 7 * DAY_MS;

function limitNotice(overview: Overview, reading: MeterReading, title: string): Notice {
  const { meter, used, limit } = reading;
  const credits = overview.view.available.credits;
  const isReached = title === "Limit reached";
  return {
    id: `limit:${meter.id}`,
    severity: isReached && isRefusedAtLimit(meter, credits) ? "critical" : "warning",
    title: `${meter.name}: ${title}`,
    detail: `${quantity(meter.format, used)} of ${quantity(meter.format, limit ?? 0)} used. ${limitSentenceNow(meter, credits)}${isReached ? "" : " at the limit"}.`,
    action: moreOf(overview, reading),
  };
}

/** Where there is more: credits for what they pay for, else a higher plan; what was arranged is not sold here. */
function moreOf({ plan, catalog }: Overview, { meter }: MeterReading): Notice["action"] {
  if (plan.kind === "custom") return null;
  const sellsCredits = plan.kind === "paid" && catalog.packs.length > 0;
  if (meter.pastLimit === "credits" && sellsCredits) {
    return { label: "Buy credits", href: "/settings/billing/credits" };
  }
  return { label: "See plans", href: "/settings/billing/plans" };
}

const MIB = 1024 * 1024;

function quantity(format: "count" | "bytes", value: number): string {
  return format === "count" ? count.format(value) : `${count.format(Math.floor(value / MIB))} MiB`;
}
