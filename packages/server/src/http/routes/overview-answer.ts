import type { z } from "@hono/zod-openapi";
import { findPlan, type Catalog } from "@bursar/core";
import type { Caller } from "../../accounts/credentials.ts";
import type { MemberRow } from "../../accounts/store.ts";
import { atLimitOf, limitSentenceNow } from "../../overview/limit-sentence.ts";
import { noticesOf } from "../../overview/notices.ts";
import type { MeterReading, Overview } from "../../overview/overview.ts";
import { changersOf, permissionsOf, withdrawalRightOf } from "../../overview/permissions.ts";
import { isActiveMember } from "../../seats/active-members.ts";
import type { meterUsage, overview as overviewSchema } from "../schemas/billing.ts";
import { autoRechargeAnswer } from "./auto-recharge-answer.ts";
import { withdrawalAnswer } from "./withdrawal-answer.ts";
import { iso, isoOrNull } from "../schemas/common.ts";

type OverviewAnswer = z.output<typeof overviewSchema>;

/** `ai_tokens` is written `aiTokens` where it is a key (api.md). */
export const camelCase = (meterId: string): string =>
  meterId.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());

/** The page shows names at a glance; who wants them all asks for the list of members. */
const MEMBERS_SHOWN_MAX = 100;

/** Puts the overview into the API's words. */
export function overviewAnswer(
  catalog: Catalog,
  overview: Overview,
  { caller, isTestMode }: { caller: Caller; isTestMode: boolean },
): OverviewAnswer {
  const { account, plan, subscription, view, nextInvoice, card } = overview;
  const { available, entitlement } = view;
  const viewer = overview.members.find((member) => member.memberId === caller.memberId);
  const { role } = caller;
  const isActive = ({ memberId }: MemberRow) => isActiveMember(plan, overview.members, memberId);
  const cancelAt = subscription?.cancelAt ?? null;
  return {
    account: { id: account.accountId, name: account.name, email: account.email },
    viewer:
      viewer === undefined
        ? { name: null, email: null, role }
        : { name: viewer.name, email: viewer.email, role },
    plan: { id: plan.id, name: plan.name, kind: plan.kind, perSeat: plan.perSeat },
    interval: overview.interval,
    seats: { purchased: overview.seats, used: overview.usedSeats },
    status: subscription?.status === "past_due" ? "past_due" : "active",
    period: { start: iso(overview.period.startsAt), end: iso(overview.period.endsAt) },
    renewsAt: isoOrNull(subscription === null || cancelAt !== null ? null : subscription.periodEndsAt),
    cancelAt: isoOrNull(cancelAt),
    pendingChange: pendingAnswer(catalog, overview),
    nextInvoice: nextInvoice && {
      at: iso(nextInvoice.at),
      total: nextInvoice.totalCents,
      currency: nextInvoice.currency,
      taxIncluded: nextInvoice.isTaxKnown,
    },
    ownPrice: ownPriceAnswer(overview),
    paymentMethod: card && {
      brand: card.brand,
      last4: card.last4,
      expMonth: card.expMonth,
      expYear: card.expYear,
    },
    usageWindow: { start: iso(entitlement.window.startsAt), end: iso(entitlement.window.endsAt) },
    usage: Object.fromEntries(
      overview.meters.map((reading) => [
        camelCase(reading.meter.id),
        meterAnswer(reading, available.credits),
      ]),
    ),
    credits: {
      balance: available.balance,
      held: available.heldCredits,
      available: Math.max(0, available.credits),
      allocationLeft: Number.isFinite(available.allocationLeft) ? available.allocationLeft : null,
      autoRecharge: autoRechargeAnswer(overview.recharge, overview.members),
    },
    notices: noticesAnswer(overview),
    // Whoever is not active reads, like a member (S4).
    can: canAnswer(overview, viewer === undefined || isActive(viewer) ? role : "member"),
    withdrawal: overview.withdrawal && withdrawalAnswer(catalog, overview.withdrawal),
    members: overview.members.slice(0, MEMBERS_SHOWN_MAX).map((member) => ({
      id: member.memberId,
      name: member.name,
      email: member.email,
      role: member.role,
      active: isActive(member),
    })),
    contacts: changersOf(overview).map(({ name, email, role }) => ({ name, email, role })),
    page: { ...catalog.page },
    mode: isTestMode ? "test" : "live",
    now: iso(overview.now),
  };
}

function canAnswer(overview: Overview, role: string): OverviewAnswer["can"] {
  const can = permissionsOf(overview, role);
  const right = withdrawalRightOf(overview);
  if (right.code !== "may_withdraw" || !can.withdraw.allowed)
    return { ...can, withdraw: { ...can.withdraw, until: null, refund: null } };
  const { refundCents: amount, creditCents: credit } = overview.owedForWithdrawal;
  const refund = { amount, credit, currency: overview.catalog.currency };
  return { ...can, withdraw: { ...can.withdraw, until: iso(right.until), refund } };
}

function noticesAnswer(overview: Overview): OverviewAnswer["notices"] {
  return noticesOf(overview).map(({ facts, action, ...notice }) => ({
    ...notice,
    facts: { ...facts },
    action: action === null ? null : { ...action },
  }));
}

function pendingAnswer(
  catalog: Catalog,
  { subscription }: Overview,
): z.output<typeof overviewSchema>["pendingChange"] {
  const pending = subscription?.pending ?? null;
  if (pending === null) return null;
  const { planId, interval, seats } = pending.target;
  const planName = findPlan(catalog, planId)?.name ?? planId;
  return { planId, planName, interval, seats, effectiveAt: iso(pending.effectiveAt) };
}

/** An own price begins and ends with a renewal; a cancelled plan has none. */
function ownPriceAnswer({
  catalog,
  plan,
  interval,
  account,
  subscription,
}: Overview): OverviewAnswer["ownPrice"] {
  if (interval === null || subscription === null) return null;
  const own = account.overrides.prices?.[plan.id]?.[interval];
  const { isOwnPrice, nextPrice, pending, cancelAt, periodEndsAt } = subscription;
  const changes = nextPrice !== null && pending === null && cancelAt === null;
  const at = changes ? iso(periodEndsAt) : null;
  const { currency } = catalog;
  if (own !== undefined && (isOwnPrice || changes)) {
    return { state: changes ? "starts" : "in_force", amount: own, currency, at };
  }
  const follows = plan.priceCents[interval];
  if (!isOwnPrice || !changes || follows === undefined) return null;
  return { state: "ends", amount: follows, currency, at };
}

function meterAnswer(
  { meter, used, limit, standing, resetsAt, newestReceivedAt }: MeterReading,
  availableCredits: number,
): z.output<typeof meterUsage> {
  const { id, name, unit, kind, format, groupBy } = meter;
  return {
    meter: id,
    name,
    unit,
    kind,
    format,
    used,
    limit,
    ...standing,
    limitSentence: limitSentenceNow(meter, availableCredits),
    atLimit: atLimitOf(meter, availableCredits),
    onCredits: meter.pastLimit === "credits" && availableCredits > 0,
    resetsAt: isoOrNull(resetsAt),
    asOf: isoOrNull(newestReceivedAt),
    groupBy: groupBy && { ...groupBy },
  };
}
