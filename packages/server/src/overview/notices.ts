import { DAY_MS, findPlan, moneyText } from "@bursar/core";
import { isoOf, type Notice } from "./notice.ts";
import type { MeterReading, Overview } from "./overview.ts";
import { atLimitOf, isRefusedAtLimit, limitSentenceNow } from "./limit-sentence.ts";
import { rechargeNotices } from "./recharge-notices.ts";

const SEE_PLANS = { kind: "see_plans", label: "See plans", href: "/settings/billing/plans" } as const;
const BUY_CREDITS = { kind: "buy_credits", label: "Buy credits", href: "/settings/billing/credits" } as const;

const count = new Intl.NumberFormat("en");

/**
 * What needs attention, in OV1's order: a failed payment, a question of the bank, what is over its limit, a plan that ends
 * soon, auto-recharge, a card that expires, what comes near its limit.
 */
export function noticesOf(overview: Overview): Notice[] {
  const { meters, view, recharge } = overview;
  const recharges = rechargeNotices(recharge);
  const isBank = ({ id }: Notice) => id === "recharge_bank_check";
  const atLimit = meters.filter(
    ({ standing, used }) => used > 0 && (standing.state === "reached" || standing.state === "over"),
  );
  const near = meters.filter(({ standing }) => standing.state === "warning");
  return [
    ...pastDueNotices(overview),
    ...bankNotices(overview),
    ...recharges.filter(isBank),
    ...(view.available.balance < 0 ? [owedNotice(overview)] : []),
    ...atLimit.map((reading) => limitNotice(overview, reading)),
    ...endingNotices(overview),
    ...recharges.filter((notice) => !isBank(notice)),
    ...cardNotices(overview),
    ...near.map((reading) => limitNotice(overview, reading)),
  ];
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
    facts: {
      code: "credits_owed",
      tokens: -view.available.balance,
      resetsAt: isoOf(view.entitlement.window.endsAt),
    },
    action: plan.kind === "free" ? SEE_PLANS : BUY_CREDITS,
  };
}

const day = (at: number): string =>
  new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  }).format(at);

/** A failed payment, while it is tried again; and for a while that the plan has ended for it. */
function pastDueNotices({ unpaid, subscription, endedUnpaid, catalog }: Overview): Notice[] {
  if (endedUnpaid !== null) {
    const free = findPlan(catalog, catalog.freePlanId)?.name ?? "Free";
    return [
      {
        id: "ended_unpaid",
        severity: "critical",
        title: `${endedUnpaid.planName} ended on ${day(endedUnpaid.endedAt)}, as its payment failed`,
        detail: `Nothing more is owed. You are on ${free} with its limits, and packs need a paid plan. Your data and your credits are kept.`,
        facts: {
          code: "ended_unpaid",
          plan: endedUnpaid.planName,
          free,
          endedAt: isoOf(endedUnpaid.endedAt),
        },
        action: SEE_PLANS,
      },
    ];
  }
  if (subscription?.status !== "past_due" || unpaid === null) return [];
  const { invoice, failedAt, endsAt } = unpaid;
  const sum = moneyText(invoice.amountDueCents, invoice.currency);
  const next =
    invoice.nextAttemptAt === null
      ? "It was the last try."
      : `We try again on ${day(invoice.nextAttemptAt)}.`;
  return [
    {
      id: "past_due",
      severity: "critical",
      title: `Payment of ${sum} failed on ${day(failedAt)}`,
      detail: `${next} Your plan stays until ${day(endsAt)}. A new card is charged ${sum} at once.`,
      facts: {
        code: "past_due",
        amount: invoice.amountDueCents,
        currency: invoice.currency,
        failedAt: isoOf(failedAt),
        nextAttemptAt: invoice.nextAttemptAt === null ? null : isoOf(invoice.nextAttemptAt),
        endsAt: isoOf(endsAt),
      },
      action:
        invoice.hostedUrl === null ? null : { kind: "pay", label: `Pay ${sum} now`, href: invoice.hostedUrl },
    },
  ];
}

function bankNotices({ openChange }: Overview): Notice[] {
  if (openChange?.state !== "awaiting_bank" || openChange.invoiceUrl === null) return [];
  return [
    {
      id: "bank_check",
      severity: "critical",
      title: "Your bank asks you to confirm a payment",
      detail:
        "Your plan has not changed yet. Confirm within an hour, or the change is given up and nothing is charged.",
      facts: { code: "bank_check" },
      action: { kind: "confirm", label: "Confirm with your bank", href: openChange.invoiceUrl },
    },
  ];
}

function endingNotices({ subscription, now, plan }: Overview): Notice[] {
  const cancelAt = subscription?.cancelAt ?? null;
  if (cancelAt === null || cancelAt - now > ENDS_SOON_MS) return [];
  return [
    {
      id: "ends_soon",
      severity: "warning",
      title: `${plan.name} ends on ${day(cancelAt)}`,
      detail: "Then the account is on Free. Your data and your credits are kept.",
      facts: { code: "ends_soon", plan: plan.name, endsAt: isoOf(cancelAt) },
      action: { kind: "keep_plan", label: "Keep the plan", href: "/settings/billing/cancel" },
    },
  ];
}

function cardNotices({ subscription, card }: Overview): Notice[] {
  if (subscription === null || card === null || subscription.cancelAt !== null) return [];
  // A card is good until the last day of its month.
  const expiresAt = Date.UTC(card.expYear, card.expMonth, 1);
  if (expiresAt > subscription.periodEndsAt) return [];
  return [
    {
      id: "card_expires",
      severity: "warning",
      title: `Your card ending in ${card.last4} expires before the next payment`,
      detail: `The next payment is due on ${day(subscription.periodEndsAt)}. Add a current card before.`,
      facts: { code: "card_expires", last4: card.last4, dueAt: isoOf(subscription.periodEndsAt) },
      action: { kind: "update_card", label: "Update card", href: "/settings/billing/invoices" },
    },
  ];
}

/** A week before the end of a cancelled plan is soon. */
const ENDS_SOON_MS = 7 * DAY_MS;

function limitNotice(overview: Overview, reading: MeterReading): Notice {
  const { meter, used, limit, standing } = reading;
  const credits = overview.view.available.credits;
  const isNear = standing.state === "warning";
  const isRefused = isRefusedAtLimit(meter, credits);
  return {
    id: `limit:${meter.id}`,
    severity: !isNear && isRefused ? "critical" : "warning",
    title: `${meter.name}: ${standingWords(reading, isRefused)}`,
    detail: `${quantity(meter.format, used)} of ${quantity(meter.format, limit ?? 0)} used. ${limitSentenceNow(meter, credits)}${isNear ? " at the limit" : ""}.`,
    facts: {
      code: "limit",
      meter: meter.id,
      name: meter.name,
      format: meter.format,
      used,
      limit: limit ?? 0,
      state: standing.state === "warning" || standing.state === "over" ? standing.state : "reached",
      atLimit: atLimitOf(meter, credits),
    },
    action: moreOf(overview, reading),
  };
}

/** M1, the same words as beside the bar. */
function standingWords({ meter, used, limit, standing }: MeterReading, isRefused: boolean): string {
  if (standing.state === "warning") return "Approaching limit";
  if (standing.state !== "over") return "Limit reached";
  const over = quantity(meter.format, used - (limit ?? 0));
  return meter.pastLimit === "credits" && !isRefused ? `${over} over, on credits` : `Over limit by ${over}`;
}

/** Where there is more: credits for what they pay for, else a higher plan; what was arranged is not sold here. */
function moreOf({ plan, catalog }: Overview, { meter }: MeterReading): Notice["action"] {
  if (plan.kind === "custom") return null;
  const sellsCredits = plan.kind === "paid" && catalog.packs.length > 0;
  if (meter.pastLimit === "credits" && sellsCredits) {
    return BUY_CREDITS;
  }
  return SEE_PLANS;
}

const MIB = 1024 * 1024;

function quantity(format: "count" | "bytes", value: number): string {
  return format === "count" ? count.format(value) : `${count.format(Math.floor(value / MIB))} MiB`;
}
