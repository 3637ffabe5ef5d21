import type { Catalog } from "@bursar/core";
import type { Database, Queryable } from "../db/open-database.ts";
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
  return snapshot.execute(async (transaction) => ({
    ...(await countBook(transaction)),
    faults: await findFaults(transaction, catalog),
  }));
}

export async function findFaults(db: Queryable, { tokensMeterId }: Catalog): Promise<BookFault[]> {
  return [
    ...(await findBalanceFaults(db)),
    ...(await findNumberingFaults(db)),
    ...(await findAllocationFaults(db, tokensMeterId)),
    ...(await findCounterFaults(db, tokensMeterId)),
    ...(await findHoldFaults(db)),
  ];
}
