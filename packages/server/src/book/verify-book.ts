import type { Catalog } from "@bursar/core";
import type { Database, Queryable } from "../db/open-database.ts";
import { AccountAudit, type AccountFacts, type BookFault } from "./audit.ts";
import {
  findCounterFaults,
  findEventFaults,
  findGroupFaults,
  findHoldFaults,
  findOwnerlessEntries,
  readAccountFacts,
  readEntries,
  type AccountRange,
  type EntryPlace,
} from "./store-verify.ts";

export interface BookReport {
  readonly accounts: number;
  readonly entries: number;
  /** Without the allocations that only entered. */
  readonly tokensMoved: number;
  /** Empty: the book is exact. `FAULTS_MAX` of them: there may be more. */
  readonly faults: readonly BookFault[];
}

/** Enough to see what is wrong; a book with more faults has one cause. */
export const FAULTS_MAX = 100;

/** Statements of some milliseconds each, and some megabytes at once, whatever the size of the book. */
const ACCOUNTS_AT_ONCE = 500;
const ENTRIES_AT_ONCE = 2_000;

/**
 * Proves the whole book from its entries (K4), beside a running service: it walks the accounts in ranges and takes no
 * lock. What stands beside the entries of an account is read in one statement; the entries up to that instant are
 * never changed, so they may be read after it, in pages.
 */
export function verifyBook({ kysely }: Database, catalog: Catalog): Promise<BookReport> {
  return verify(kysely, catalog);
}

export async function findFaults(db: Queryable, catalog: Catalog): Promise<readonly BookFault[]> {
  return (await verify(db, catalog)).faults;
}

/** What is counted while it goes on. */
interface Tally {
  accounts: number;
  entries: number;
  tokensMoved: number;
  faults: BookFault[];
}

async function verify(db: Queryable, { tokensMeterId, meters }: Catalog): Promise<BookReport> {
  const meterIds = meters.filter(({ groupBy }) => groupBy !== null).map(({ id }) => id);
  const faults = await findOwnerlessEntries(db, FAULTS_MAX);
  const tally: Tally = { accounts: 0, entries: 0, tokensMoved: 0, faults };
  let after = "";
  while (tally.faults.length < FAULTS_MAX) {
    const accounts = await readAccountFacts(db, { after, limit: ACCOUNTS_AT_ONCE, tokensMeterId });
    const isLast = accounts.length < ACCOUNTS_AT_ONCE;
    const range = { after, last: isLast ? null : accounts.at(-1)!.accountId };
    await auditAccounts(db, { range, accounts }, tally);
    const wanted = { tokensMeterId, limit: FAULTS_MAX };
    tally.faults.push(
      ...(await findCounterFaults(db, range, wanted)),
      ...(await findGroupFaults(db, range, { meterIds, limit: FAULTS_MAX })),
      ...(await findHoldFaults(db, range, FAULTS_MAX)),
    );
    if (range.last === null) break;
    after = range.last;
  }
  // Raw events are not found by account, so one walk over all of them is cheaper than one a range.
  const ofEvents = { tokensMeterId, limit: FAULTS_MAX };
  tally.faults.push(...(await findEventFaults(db, ofEvents)));
  return { ...tally, faults: tally.faults.slice(0, FAULTS_MAX) };
}

async function auditAccounts(
  db: Queryable,
  { range, accounts }: { range: AccountRange; accounts: readonly AccountFacts[] },
  tally: Tally,
): Promise<void> {
  const audits = new Map(accounts.map((facts) => [facts.accountId, new AccountAudit(facts)]));
  let after: EntryPlace = { accountId: range.after, number: Number.MAX_SAFE_INTEGER };
  for (;;) {
    const page = await readEntries(db, { after, lastAccountId: range.last, limit: ENTRIES_AT_ONCE });
    for (const entry of page) {
      if (audits.get(entry.accountId)?.take(entry) !== true) continue;
      tally.entries += 1;
      if (entry.kind !== "allocation") tally.tokensMoved += entry.tokens;
    }
    const last = page.at(-1);
    if (last === undefined || page.length < ENTRIES_AT_ONCE) break;
    after = last;
  }
  tally.accounts += accounts.length;
  for (const audit of audits.values()) tally.faults.push(...audit.finish());
}
