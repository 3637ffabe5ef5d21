/**
 * A withdrawal on its way through Stripe. Each state is a promise that survives a crash: whoever comes next (the request,
 * the sweep, the sync after a webhook) carries it on from where it stands, and several at once do nothing twice.
 *
 *   ending     declared and acknowledged; the subscription may or may not have ended at Stripe
 *   refunding  it has ended and its open bills are void, so nothing more is charged; not all that was paid is given back
 *   done       everything was given back; a refund that a bank sends back begins `refunding` anew
 *   failed     for a month Stripe has refused a refund; the operator was told, who finds another way
 *
 * It ends first and gives back then: a change of plan that was under way is either paid before the end, and given back
 * with the rest, or refused by Stripe after it.
 */
import { DAY_MS } from "@bursar/core";
import { touchAccount } from "../accounts/store.ts";
import { BURSAR } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import { endUnpaid } from "../invoices/end-unpaid.ts";
import { writeNotice } from "../outbox/store.ts";
import { StripeUnavailableError } from "../stripe/gateway.ts";
import type { SubscriptionsContext } from "../subscriptions/context.ts";
import {
  findWithdrawalOf,
  moveWithdrawal,
  type WithdrawalRow,
  type WithdrawalState,
  type WithdrawalStep,
} from "./store.ts";

/** As long as a card's bank may take to refuse a refund. */
const TRIED_FOR_MS = 30 * DAY_MS;

/** @returns the row as it stands then */
export async function carryOutWithdrawal(
  context: SubscriptionsContext,
  row: WithdrawalRow,
): Promise<WithdrawalRow> {
  try {
    return await step(context, row);
  } catch (error) {
    if (!(error instanceof StripeUnavailableError)) throw error;
    return (await findWithdrawalOf(context.database.kysely, row.accountId, row.subscriptionId)) ?? row;
  }
}

async function step(context: SubscriptionsContext, row: WithdrawalRow): Promise<WithdrawalRow> {
  switch (row.state) {
    case "ending":
      return end(context, row);
    case "refunding":
      return refund(context, row);
    case "done":
    case "failed":
      return row;
  }
}

async function end(context: SubscriptionsContext, row: WithdrawalRow): Promise<WithdrawalRow> {
  const { accountId, customerId, subscriptionId } = row;
  await endUnpaid(context, { customerId, subscriptionId });
  const moved = await move(context, row, { to: "refunding", endedAt: context.clock.now(accountId) });
  return step(context, moved);
}

async function refund(context: SubscriptionsContext, row: WithdrawalRow): Promise<WithdrawalRow> {
  const { accountId, customerId, subscriptionId, withdrawalId } = row;
  const given = await context.gateway.refundContract({ subscriptionId, customerId, withdrawalId });
  const { owedCents: refundCents, creditCents, refundedCents, failedRefunds, failure } = given;
  const facts = { refund: { refundCents, creditCents, refundedCents, failedRefunds }, failure };
  if (failure === null) {
    const done = await move(context, row, { to: "done", ...facts });
    await context.syncCustomer(customerId);
    return done;
  }
  if (failure !== row.failure) {
    context.report(accountId, `The withdrawal ${withdrawalId} could not be refunded: ${failure}`);
  }
  const isOver = context.clock.now(accountId) >= row.declaredAt + TRIED_FOR_MS;
  if (isOver)
    context.report(accountId, `The withdrawal ${withdrawalId} is refunded no more: pay it another way.`);
  const to: WithdrawalState = isOver ? "failed" : "refunding";
  return move(context, row, { to, ...facts });
}

/** With all that is told of it, in one transaction. Where somebody else moved it, as they left it. */
async function move(
  { database, clock }: SubscriptionsContext,
  row: WithdrawalRow,
  to: Omit<WithdrawalStep, "from" | "now">,
): Promise<WithdrawalRow> {
  const moved = await database.kysely.transaction().execute(async (db) => {
    const next = await moveWithdrawal(db, row, { ...to, from: row.state, now: clock.now() });
    if (next === null) return null;
    await touchAccount(db, row.accountId);
    if (next.state === "done") await tellRefunded(db, next, clock.now(row.accountId));
    return next;
  });
  return moved ?? (await findWithdrawalOf(database.kysely, row.accountId, row.subscriptionId)) ?? row;
}

async function tellRefunded(
  db: Parameters<typeof writeNotice>[0],
  row: WithdrawalRow,
  at: number,
): Promise<void> {
  const { accountId, withdrawalId, subscriptionId, planId, email, currency } = row;
  const { refundedCents: refunded, creditCents: credit } = row;
  const isNew = await writeNotice(db, {
    ...{ accountId, type: "withdrawal.refunded", at, key: `withdrawal.refunded:${subscriptionId}` },
    data: { withdrawalId, subscriptionId, planId, email, refunded, credit, currency },
  });
  if (!isNew) return;
  await writeAudit(db, BURSAR, {
    ...{ accountId, action: "withdrawal.refunded", subject: withdrawalId, before: null, at },
    after: { refunded, credit, currency },
  });
}
