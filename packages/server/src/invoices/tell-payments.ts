/**
 * What is told of bills (S6): each failed try of a renewal, that it was paid after all, and every invoice that is paid.
 * All of it has a key, so it does not matter how often, or in which order, the same facts are seen.
 */
import { DAY_MS, isLive, type AccountId, type Instant, type Subscription } from "@bursar/core";
import type { Queryable } from "../db/open-database.ts";
import { wasTold, writeNotice } from "../outbox/store.ts";
import type { InvoiceFact } from "../stripe/facts.ts";
import { PAST_DUE_GRACE_MS } from "./grace.ts";

/** What was paid before is history to a database that sees it for the first time, and no news. */
const NEWS_FOR_MS = 35 * DAY_MS;

interface Facts {
  readonly invoices: readonly InvoiceFact[];
  readonly subscriptions: readonly Subscription[];
  readonly now: Instant;
}

/** @param hadPaid the invoices that we had as paid already */
export async function tellPayments(
  db: Queryable,
  accountId: AccountId,
  { hadPaid, invoices, subscriptions, now }: Facts & { hadPaid: ReadonlySet<string> },
): Promise<void> {
  for (const invoice of invoices) {
    if (invoice.status !== "paid" || hadPaid.has(invoice.invoiceId)) continue;
    if (now - invoice.createdAt < NEWS_FOR_MS) await tellPaid(db, accountId, { invoice, now });
  }
  const unpaid = unpaidRenewal({ invoices, subscriptions });
  if (unpaid !== null) await tellFailed(db, accountId, { invoice: unpaid, now });
}

async function tellPaid(
  db: Queryable,
  accountId: AccountId,
  { invoice, now: at }: { invoice: InvoiceFact; now: Instant },
): Promise<void> {
  const { invoiceId, subscriptionId, totalCents: total } = invoice;
  const data = { ...billOf(invoice), total };
  await writeNotice(db, {
    accountId,
    type: "invoice.paid",
    data: { ...data, subscriptionId },
    at,
    key: `invoice.paid:${invoiceId}`,
  });
  // Only who heard that it failed hears that it is well again.
  if (!(await wasTold(db, accountId, `payment.failed:${invoiceId}:`))) return;
  await writeNotice(db, {
    accountId,
    type: "payment.recovered",
    data,
    at,
    key: `payment.recovered:${invoiceId}`,
  });
}

/**
 * The bill that the customer owes. An invoice of an upgrade may stand open for a moment too; but then the subscription
 * is not past due, and nobody owes anything. The oldest counts, as its first try began the grace time.
 */
function unpaidRenewal({ invoices, subscriptions }: Omit<Facts, "now">): InvoiceFact | null {
  const owing = subscriptions.find((each) => isLive(each) && each.status === "past_due");
  const unpaid = invoices.filter(
    (each) => each.status === "open" && each.attempts > 0 && each.subscriptionId === owing?.subscriptionId,
  );
  return unpaid.sort((one, other) => one.createdAt - other.createdAt)[0] ?? null;
}

async function tellFailed(
  db: Queryable,
  accountId: AccountId,
  { invoice, now: at }: { invoice: InvoiceFact; now: Instant },
): Promise<void> {
  const { invoiceId, attempts, nextAttemptAt, amountDueCents: amountDue } = invoice;
  const graceEndsAt = (invoice.finalizedAt ?? invoice.createdAt) + PAST_DUE_GRACE_MS;
  const isLast = nextAttemptAt === null || nextAttemptAt >= graceEndsAt;
  await writeNotice(db, {
    accountId,
    type: "payment.failed",
    data: {
      ...billOf(invoice),
      amountDue,
      attempt: attempts,
      step: attempts === 1 ? "first" : isLast ? "last" : "retry",
      nextAttemptAt: isLast ? null : iso(nextAttemptAt),
      graceEndsAt: iso(graceEndsAt),
    },
    at,
    key: `payment.failed:${invoiceId}:${attempts}`,
  });
}

/** Two days are time to find another card. */
const GRACE_ENDING_MS = 2 * DAY_MS;

/** Says once, two days before, that the plan ends. */
export async function tellGraceEnding(
  db: Queryable,
  accountId: AccountId,
  { invoice, endsAt, now: at }: { invoice: InvoiceFact; endsAt: Instant; now: Instant },
): Promise<void> {
  if (at < endsAt - GRACE_ENDING_MS) return;
  await writeNotice(db, {
    accountId,
    type: "payment.grace_ending",
    data: { ...billOf(invoice), amountDue: invoice.amountDueCents, graceEndsAt: iso(endsAt) },
    at,
    key: `payment.grace_ending:${invoice.invoiceId}`,
  });
}

function billOf({ invoiceId, number, currency, hostedUrl }: InvoiceFact) {
  return { invoiceId, number, currency, hostedUrl };
}

const iso = (at: Instant): string => new Date(at).toISOString();
