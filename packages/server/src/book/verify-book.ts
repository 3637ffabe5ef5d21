import type { Catalog } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import {
  countBook,
  findAllocationFaults,
  findBalanceFaults,
  findCounterFaults,
  findHoldFaults,
  findNumberingFaults,
  type BookFault,
  type BookTotals,
} from "./store-verify.ts";

export interface BookReport extends BookTotals {
  /** Empty: the book is exact. */
  readonly faults: readonly BookFault[];
}

/** Proves the whole book from its entries (K4). It runs in one snapshot, beside a running service. */
export async function verifyBook({ kysely }: Database, catalog: Catalog): Promise<BookReport> {
  const snapshot = kysely.transaction().setIsolationLevel("repeatable read");
  return snapshot.execute(async (transaction) => {
    const totals = await countBook(transaction);
    const faults = [
      ...(await findBalanceFaults(transaction)),
      ...(await findNumberingFaults(transaction)),
      ...(await findAllocationFaults(transaction, catalog.tokensMeterId)),
      ...(await findCounterFaults(transaction, catalog.tokensMeterId)),
      ...(await findHoldFaults(transaction)),
    ];
    return { ...totals, faults };
  });
}
