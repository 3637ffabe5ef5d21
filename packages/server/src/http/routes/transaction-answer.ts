import type { z } from "@hono/zod-openapi";
import type { AccountId, EntryKind } from "@bursar/core";
import type { EntryRun } from "../../book/store-reads.ts";
import { listPaymentsOfReversals } from "../../credits/store.ts";
import { listOperators } from "../../credits/store-adjustments.ts";
import type { Queryable } from "../../db/open-database.ts";
import { listReceipts } from "../../invoices/store.ts";
import { listBuyers } from "../../recharge/store-charges.ts";
import type * as schemas from "../schemas/credits.ts";

/** Ledger entries in the words of the API: what they did to the credits and to the allocation, who and what for. */

export type Transaction = z.output<typeof schemas.creditTransaction>;

/** An allocation that clears a debt is shown as the allocation that it is; money that came again as a refund. */
const TYPES: Record<EntryKind, Transaction["type"]> = {
  purchase: "purchase",
  auto_recharge: "auto_recharge",
  adjustment: "adjustment",
  refund: "refund",
  refund_reversal: "refund",
  allocation: "allocation",
  repayment: "allocation",
  allocation_usage: "allocation_usage",
  usage: "usage",
  lapse: "lapse",
};

export function kindsOf(type: Transaction["type"]): EntryKind[] {
  return (Object.keys(TYPES) as EntryKind[]).filter((kind) => TYPES[kind] === type);
}

/** Names and receipts stand beside the ledger; they are looked up for a page at once. */
export async function toTransactions(
  db: Queryable,
  accountId: AccountId,
  rows: readonly EntryRun[],
): Promise<Transaction[]> {
  const sourcesOf = (...types: Transaction["type"][]) =>
    rows.filter(({ kind }) => types.includes(TYPES[kind])).map(({ source }) => source);
  const [buyers, operators, reversed] = await Promise.all([
    ifAny(sourcesOf("purchase"), (ids) => listBuyers(db, accountId, ids)),
    ifAny(sourcesOf("adjustment"), (ids) => listOperators(db, accountId, ids)),
    // A second movement of one refund or dispute has its number behind a slash.
    ifAny(
      sourcesOf("refund").map((source) => source.split("/")[0]!),
      (ids) => listPaymentsOfReversals(db, accountId, ids),
    ),
  ]);
  const payments = [...sourcesOf("purchase", "auto_recharge"), ...reversed.map(({ paymentId }) => paymentId)];
  const receipts = await ifAny(payments, (ids) => listReceipts(db, accountId, ids));

  const actorOf = new Map<string, string>([
    ...buyers.map(({ paymentId, name }) => [`purchase ${paymentId}`, name] as const),
    ...operators.map(({ adjustmentId, operator }) => [`adjustment ${adjustmentId}`, operator] as const),
  ]);
  const paymentOf = new Map(reversed.map(({ reversalId, paymentId }) => [reversalId, paymentId]));
  const receiptOf = new Map(receipts.map(({ paymentId, hostedUrl }) => [paymentId, hostedUrl]));
  return rows.map((row) => {
    const type = TYPES[row.kind];
    const paymentId = type === "refund" ? paymentOf.get(row.source.split("/")[0]!) : row.source;
    return {
      ...toTransaction(row),
      actor: actorOf.get(`${type} ${row.source}`) ?? null,
      receiptUrl: (paymentId !== undefined ? receiptOf.get(paymentId) : undefined) ?? null,
    };
  });
}

async function ifAny<Row>(ids: string[], find: (ids: string[]) => Promise<Row[]>): Promise<Row[]> {
  return ids.length === 0 ? [] : find(ids);
}

function toTransaction(row: EntryRun): Omit<Transaction, "actor" | "receiptUrl"> {
  const credits = changeOf(row, (account) => account === "purchased");
  const allocation = changeOf(row, (account) => account.startsWith("allocation:"));
  const told = credits ?? allocation;
  return {
    id: row.entries === 1 ? `txn_${row.number}` : `txn_${row.firstNumber}_${row.number}`,
    type: TYPES[row.kind],
    // What an unlimited allocation paid moves neither balance.
    amount: told?.change ?? -row.tokens,
    balanceAfter: told?.after ?? null,
    credits,
    allocation,
    price: row.priceCents,
    currency: row.currency,
    description: row.description,
    resource: row.resource,
    entries: row.entries,
    createdAt: row.bookedAt.toISOString(),
  };
}

function changeOf(row: EntryRun, isIts: (account: string) => boolean): Transaction["credits"] {
  if (isIts(row.to)) return { change: row.tokens, after: row.toBalanceAfter };
  if (isIts(row.from)) return { change: -row.tokens, after: row.fromBalanceAfter };
  return null;
}
