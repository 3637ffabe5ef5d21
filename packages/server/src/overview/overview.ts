import {
  findPlan,
  liveSubscription,
  owedForWithdrawal,
  usageStanding,
  withOwnPrices,
  type AccountId,
  type AccountView,
  type BookContext,
  type Catalog,
  type Instant,
  type Interval,
  type Meter,
  type Plan,
  type Subscription,
  type UsageStanding,
} from "@bursar/core";
import { PAST_DUE_GRACE_MS } from "../invoices/grace.ts";
import { hasGivenUpInvoice, findUnpaidInvoice, listBillsOf } from "../invoices/store.ts";
import type { RechargeContext } from "../recharge/context.ts";
import { describeRecharge, type RechargeView } from "../recharge/describe-recharge.ts";
import type { InvoiceFact } from "../stripe/facts.ts";
import { findOpenChange, type PlanChangeRow } from "../subscriptions/store-changes.ts";
import { findAccount, listMembers, type AccountRow, type MemberRow } from "../accounts/store.ts";
import { readAccount } from "../book/read-account.ts";
import type { Database, Queryable } from "../db/open-database.ts";
import type { Card } from "../stripe/facts.ts";
import { listOpenInvitations } from "../seats/store.ts";
import { findStripeCustomer } from "../stripe/store-customers.ts";
import { findNextInvoice, listSubscriptions, type NextInvoice } from "../subscriptions/store.ts";
import { findNewestWithdrawal, type WithdrawalRow } from "../withdrawals/store.ts";

export interface MeterReading {
  readonly meter: Meter;
  readonly used: number;
  readonly limit: number | null;
  readonly standing: UsageStanding;
  readonly resetsAt: Instant | null;
  readonly newestReceivedAt: Instant | null;
}

/** A bill that was tried and not paid (S6). */
interface UnpaidBill {
  readonly invoice: InvoiceFact;
  readonly failedAt: Instant;
  /** The day the plan stops, unless it is paid before. */
  readonly endsAt: Instant;
}

/** Everything that the first screen says about an account, before it is put into words. */
export interface Overview {
  readonly account: AccountRow;
  readonly members: readonly MemberRow[];
  /** Members and open invitations. */
  readonly usedSeats: number;
  /** As this account is offered it, with its own prices. */
  readonly catalog: Catalog;
  readonly plan: Plan;
  readonly interval: Interval | null;
  readonly seats: number;
  readonly subscription: Subscription | null;
  /** The billing period; on Free the usage window. */
  readonly period: { readonly startsAt: Instant; readonly endsAt: Instant };
  readonly view: AccountView;
  readonly meters: readonly MeterReading[];
  readonly card: Card | null;
  /** What the next renewal comes to, as Stripe last previewed it. */
  readonly nextInvoice: NextInvoice | null;
  /** A change that was confirmed and is not done: it waits for the bank, or for Stripe. */
  readonly openChange: PlanChangeRow | null;
  /** The bill whose payment failed, while past due. */
  readonly unpaid: UnpaidBill | null;
  /** The plan that ended because it was not paid, for some days after; nothing is owed of it. */
  readonly endedUnpaid: { readonly planName: string; readonly endedAt: Instant } | null;
  readonly recharge: RechargeView;
  /** The newest; `null` too where withdrawals are not offered. */
  readonly withdrawal: WithdrawalRow | null;
  /** What a withdrawal would give back; nothing where none is offered. */
  readonly owedForWithdrawal: { readonly refundCents: number; readonly creditCents: number };
  readonly now: Instant;
}

/** Reads the overview from our own database; nothing is asked of Stripe on this way. `null`: no such account. */
export async function readOverview(
  context: { database: Database; bookContext: BookContext } & Pick<RechargeContext, "isPastDue">,
  accountId: AccountId,
  now: Instant,
): Promise<Overview | null> {
  const { bookContext } = context;
  const { kysely } = context.database;
  const [account, members, invitations, subscriptions, customer, view, openChange] = await Promise.all([
    findAccount(kysely, accountId),
    listMembers(kysely, accountId),
    listOpenInvitations(kysely, accountId, now),
    listSubscriptions(kysely, accountId),
    findStripeCustomer(kysely, accountId),
    readAccount(kysely, bookContext, { accountId, now }),
    findOpenChange(kysely, accountId),
  ]);
  if (account === null || view === null) return null;
  const subscription = liveSubscription(subscriptions) ?? null;
  const { slice, window } = view.entitlement;
  const catalog = withOwnPrices(bookContext.catalog, account.overrides.prices);
  const withdrawal = catalog.page.withdrawal === null ? null : await findNewestWithdrawal(kysely, accountId);
  const recharge = await describeRecharge(context, accountId, { now, window });
  const [nextInvoice, unpaid] =
    subscription === null
      ? [null, null]
      : await Promise.all([
          findNextInvoice(kysely, accountId, subscription.subscriptionId),
          findUnpaid(kysely, accountId, subscription),
        ]);
  return {
    account,
    members,
    usedSeats: members.length + invitations.length,
    catalog,
    plan: planOf(catalog, slice.planId),
    interval: slice.interval,
    seats: slice.seats,
    subscription,
    period:
      subscription === null
        ? window
        : { startsAt: subscription.periodStartsAt, endsAt: subscription.periodEndsAt },
    view,
    meters: bookContext.catalog.meters.map((meter) => readMeter(meter, view)),
    card: customer?.card ?? null,
    nextInvoice,
    openChange,
    unpaid,
    endedUnpaid:
      subscription === null
        ? await findEndedUnpaid(kysely, accountId, { subscriptions, catalog, now })
        : null,
    recharge,
    withdrawal,
    owedForWithdrawal:
      subscription === null || catalog.page.withdrawal === null
        ? { refundCents: 0, creditCents: 0 }
        : await readOwed(kysely, accountId, subscription),
    now,
  };
}

async function readOwed(db: Queryable, accountId: AccountId, { subscriptionId }: Subscription) {
  return owedForWithdrawal(await listBillsOf(db, accountId, subscriptionId), subscriptionId);
}

async function findUnpaid(
  db: Queryable,
  accountId: AccountId,
  { subscriptionId, status }: Subscription,
): Promise<UnpaidBill | null> {
  if (status !== "past_due") return null;
  const invoice = await findUnpaidInvoice(db, accountId, subscriptionId);
  if (invoice === null) return null;
  const failedAt = invoice.finalizedAt ?? invoice.createdAt;
  return { invoice, failedAt, endsAt: failedAt + PAST_DUE_GRACE_MS };
}

/** As long as the grace time was: who was away finds out why the plan is gone. */
const ENDED_TOLD_MS = PAST_DUE_GRACE_MS;

async function findEndedUnpaid(
  db: Queryable,
  accountId: AccountId,
  { subscriptions, catalog, now }: { subscriptions: readonly Subscription[]; catalog: Catalog; now: Instant },
): Promise<Overview["endedUnpaid"]> {
  const [last] = subscriptions
    .flatMap((each) => (each.endedAt === null ? [] : [{ ...each, endedAt: each.endedAt }]))
    .sort((a, b) => b.endedAt - a.endedAt);
  if (last === undefined || now - last.endedAt > ENDED_TOLD_MS) return null;
  if (!(await hasGivenUpInvoice(db, accountId, last.subscriptionId))) return null;
  return { planName: findPlan(catalog, last.planId)?.name ?? last.planId, endedAt: last.endedAt };
}

/** A plan that the catalogue no longer has counts as the free one, as its limits do. */
function planOf(catalog: Catalog, planId: string): Plan {
  return findPlan(catalog, planId) ?? findPlan(catalog, catalog.freePlanId)!;
}

function readMeter(meter: Meter, view: AccountView): MeterReading {
  const reading = view.meters.find((each) => each.meterId === meter.id)!;
  const { used, limit, resetsAt, newestReceivedAt } = reading;
  return { meter, used, limit, standing: usageStanding(used, limit), resetsAt, newestReceivedAt };
}
