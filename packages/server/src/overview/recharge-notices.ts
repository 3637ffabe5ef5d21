import { moneyText, type Instant, type PauseReason } from "@bursar/core";
import type { RechargeView } from "../recharge/describe-recharge.ts";
import { isoOf, type Notice } from "./notice.ts";

const HREF = "/settings/billing/credits/auto-recharge";

/** What auto-recharge needs somebody for, or what they should know of it (AR5, AR6). */
export function rechargeNotices(view: RechargeView): Notice[] {
  switch (view.state) {
    case "paused":
      return [pausedNotice(view)];
    case "needs_authentication":
      return [bankNotice(view)];
    case "declined":
      return [declinedNotice(view)];
    case "limit_reached":
      return [limitNotice(view)];
    case "off":
    case "idle":
    case "due":
    case "charging":
      return view.isOften ? [oftenNotice(view)] : [];
  }
}

const WHY: Record<PauseReason, string> = {
  declined: "Your card was declined 3 times.",
  authentication: "Your bank's question was not answered within 24 hours.",
  refund: "A credit pack was refunded.",
  dispute: "A payment of a credit pack is disputed.",
  no_payment_method: "There is no saved card any more.",
  pack_withdrawn: "Its pack is no longer sold at the price you agreed to.",
};

function pausedNotice({ pausedReason }: RechargeView): Notice {
  const why = pausedReason === null ? "" : `${WHY[pausedReason]} `;
  return {
    id: "recharge_paused",
    severity: "critical",
    title: "Auto-recharge is paused",
    detail: `${why}Nothing more will be charged until you turn it on again.`,
    facts: { code: "recharge_paused", reason: pausedReason },
    action: { kind: "turn_on_again", label: "Turn on again", href: HREF },
  };
}

function bankNotice({ open, chargeCents, currency }: RechargeView): Notice {
  const charge = { amount: open?.amountCents ?? chargeCents, currency: open?.currency ?? currency };
  const sum = moneyText(charge.amount, charge.currency);
  return {
    id: "recharge_bank_check",
    severity: "critical",
    title: `Your bank asks you to confirm ${sum} for auto-recharge`,
    detail: "Nothing was charged yet. Confirm within 24 hours, or auto-recharge is paused.",
    facts: { code: "recharge_bank_check", ...charge },
    action:
      open?.invoiceUrl == null
        ? null
        : { kind: "confirm", label: "Confirm with your bank", href: open.invoiceUrl },
  };
}

function declinedNotice({ open }: RechargeView): Notice {
  const next = open?.retryAt == null ? "" : ` It is tried again at ${minute(open.retryAt)}.`;
  return {
    id: "recharge_declined",
    severity: "warning",
    title: "Auto-recharge could not charge your card",
    detail: `${open?.failure ?? "The card was declined."} Nothing was charged.${next}`,
    facts: { code: "recharge_declined", retryAt: open?.retryAt == null ? null : isoOf(open.retryAt) },
    action: { kind: "see_recharge", label: "See auto-recharge", href: HREF },
  };
}

function limitNotice({ window, spentCents, limitCents, currency }: RechargeView): Notice {
  const [spent, limit] = [moneyText(spentCents, currency), moneyText(limitCents, currency)];
  return {
    id: "recharge_limit",
    severity: "warning",
    title: "Auto-recharge has reached its spending limit",
    detail: `${spent} of ${limit} are spent. No more recharges until ${minute(window.endsAt)}; after your balance is used up, paid use stops.`,
    facts: {
      code: "recharge_limit",
      spent: spentCents,
      limit: limitCents,
      currency,
      endsAt: isoOf(window.endsAt),
    },
    action: { kind: "raise_limit", label: "Raise limit", href: `${HREF}#limit` },
  };
}

function oftenNotice({ window, spentCents, limitCents, currency }: RechargeView): Notice {
  const [spent, limit] = [moneyText(spentCents, currency), moneyText(limitCents, currency)];
  return {
    id: "recharged_often",
    severity: "warning",
    title: "Three or more recharges within 24 hours",
    detail: `Credits are used faster than usual: ${spent} of ${limit} are spent in this period. At least ten minutes lie between one recharge and the next now.`,
    facts: {
      code: "recharged_often",
      spent: spentCents,
      limit: limitCents,
      currency,
      endsAt: isoOf(window.endsAt),
    },
    action: { kind: "see_recharge", label: "See auto-recharge", href: HREF },
  };
}

/** "10 Apr 2027, 09:00 UTC" */
function minute(at: Instant): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "UTC",
  });
  return `${format.format(at)} UTC`;
}
