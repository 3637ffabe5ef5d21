/** The declaration of a withdrawal (CA4): written down and acknowledged first, then carried out. */
import {
  decideWithdrawal,
  liveSubscription,
  owedForWithdrawal,
  type AccountId,
  type Instant,
  type WithdrawalRight,
} from "@bursar/core";
import { lockAccount, touchAccount } from "../accounts/store.ts";
import { requesterOf, type Actor } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import type { Queryable } from "../db/open-database.ts";
import { listBillsOf } from "../invoices/store.ts";
import { writeNotice } from "../outbox/store.ts";
import { findStripeCustomer } from "../stripe/store-customers.ts";
import type { SubscriptionsContext } from "../subscriptions/context.ts";
import { listSubscriptions } from "../subscriptions/store.ts";
import { carryOutWithdrawal } from "./carry-out.ts";
import { findNewestWithdrawal, findWithdrawalOf, insertWithdrawal, type WithdrawalRow } from "./store.ts";

export interface Declaration {
  readonly name: string;
  /** Where the acknowledgement goes. */
  readonly email: string;
  readonly actor: Actor;
}

export type WithdrawOutcome =
  | { readonly code: "withdrawn"; readonly withdrawal: WithdrawalRow }
  | Exclude<WithdrawalRight, { code: "may_withdraw" }>;

/**
 * Takes the declaration from our own rows alone: it counts from the moment that it was sent, whether Stripe answers or
 * not. Pressed again it is the same, and is answered as it was declared first.
 */
export async function withdraw(
  context: SubscriptionsContext,
  accountId: AccountId,
  declaration: Declaration,
): Promise<WithdrawOutcome> {
  const { database, clock } = context;
  const declared = await database.kysely.transaction().execute(async (db) => {
    await lockAccount(db, accountId);
    return declare(context, db, { accountId, declaration, now: clock.now(accountId) });
  });
  if (declared.code !== "withdrawn") return declared;
  return { code: "withdrawn", withdrawal: await carryOutWithdrawal(context, declared.withdrawal) };
}

async function declare(
  { catalog, ids, clock }: SubscriptionsContext,
  db: Queryable,
  { accountId, declaration, now }: { accountId: AccountId; declaration: Declaration; now: Instant },
): Promise<WithdrawOutcome> {
  const live = liveSubscription(await listSubscriptions(db, accountId));
  const before =
    live === undefined
      ? await findNewestWithdrawal(db, accountId)
      : await findWithdrawalOf(db, accountId, live.subscriptionId);
  if (before !== null) return { code: "withdrawn", withdrawal: before };
  const right = decideWithdrawal(live, { days: catalog.page.withdrawal?.days ?? null, now });
  if (right.code !== "may_withdraw") return right;
  const customer = await findStripeCustomer(db, accountId);
  if (customer === null) return { code: "nothing_to_withdraw" };
  const { subscriptionId, planId, interval, seats, startedAt } = right.subscription;
  const owed = owedForWithdrawal(await listBillsOf(db, accountId, subscriptionId), subscriptionId);
  const row: WithdrawalRow = {
    ...{ accountId, subscriptionId, planId, interval, seats, ...owed },
    withdrawalId: ids.next("wdr_"),
    customerId: customer.customerId,
    state: "ending",
    name: declaration.name,
    email: declaration.email,
    concludedAt: startedAt,
    declaredAt: now,
    refundedCents: 0,
    failedRefunds: 0,
    currency: catalog.currency,
    endedAt: null,
    failure: null,
  };
  const { actor } = declaration;
  const times = { requestedBy: requesterOf(actor), updatedAt: clock.now() };
  if (!(await insertWithdrawal(db, { ...row, ...times }))) throw new Error("The account's lock is held.");
  await tellDeclared(db, row, actor);
  await touchAccount(db, accountId);
  return { code: "withdrawn", withdrawal: row };
}

async function tellDeclared(db: Queryable, row: WithdrawalRow, actor: Actor): Promise<void> {
  const { accountId, withdrawalId, subscriptionId, planId, interval, seats, declaredAt: at } = row;
  const { refundCents: refund, creditCents: credit, currency, name, email } = row;
  await writeAudit(db, actor, {
    ...{ accountId, action: "withdrawal.declared", subject: withdrawalId, before: null, at },
    after: { subscriptionId, planId, interval, seats, refund, credit, currency },
  });
  await writeNotice(db, {
    ...{ accountId, type: "withdrawal.declared", at, key: `withdrawal.declared:${subscriptionId}` },
    data: {
      ...{ withdrawalId, subscriptionId, planId, interval, seats, name, email, refund, credit, currency },
      concludedAt: new Date(row.concludedAt).toISOString(),
      declaredAt: new Date(at).toISOString(),
    },
  });
}
