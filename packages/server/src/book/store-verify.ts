import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";

/** Something in the book that is not as it must be. */
export interface BookFault {
  readonly accountId: string;
  /** The rule that is broken, as a sentence. */
  readonly rule: string;
  /** What was found, with its figures. */
  readonly found: string;
}

export interface BookTotals {
  readonly accounts: number;
  readonly entries: number;
  readonly tokensMoved: number;
}

/** Enough to see what is wrong; a book with more faults has one cause. */
const FAULTS_MAX = 100;

export async function countBook(db: Queryable): Promise<BookTotals> {
  const { rows } = await sql<BookTotals>`
    select (select count(*) from accounts)                                as accounts,
           count(*)                                                       as entries,
           coalesce(sum(tokens) filter (where kind <> 'allocation'), 0)::bigint as "tokensMoved"
    from   ledger_entries`.execute(db);
  return rows[0]!;
}

/** Balances are the sums of their entries, and each entry carries the balances that were true after it. */
export async function findBalanceFaults(db: Queryable): Promise<BookFault[]> {
  const { rows } = await sql<BookFault>`
    with movements as (
      select account_id, entry_number, from_account as book_account, -tokens as tokens, from_balance_after as after
      from   ledger_entries
      union all
      select account_id, entry_number, to_account, tokens, to_balance_after
      from   ledger_entries
    ), running as (
      select *, sum(tokens) over (partition by account_id, book_account order by entry_number) as expected
      from   movements
    ), sums as (
      select account_id, book_account, sum(tokens) as balance from movements group by account_id, book_account
    )
    select account_id as "accountId", 'an entry carries the balances after it' as rule,
           format('entry %s: %s is %s, its entries give %s', entry_number, book_account, after, expected) as found
    from   running
    where  after <> expected
    union all
    select coalesce(s.account_id, b.account_id), 'a balance is the sum of its entries',
           format('%s is %s, its entries give %s', coalesce(s.book_account, b.book_account), coalesce(b.balance, 0),
                  coalesce(s.balance, 0))
    from   sums s
    full join balances b on b.account_id = s.account_id and b.book_account = s.book_account
    where  coalesce(b.balance, 0) <> coalesce(s.balance, 0)
    limit  ${FAULTS_MAX}`.execute(db);
  return rows;
}

/** Entries are numbered 1, 2, 3 ... and the account knows the last. */
export async function findNumberingFaults(db: Queryable): Promise<BookFault[]> {
  const { rows } = await sql<BookFault>`
    select a.account_id as "accountId", 'entries are numbered without a gap up to the last' as rule,
           format('%s entries, the highest has number %s, the account says %s', count(l.entry_number),
                  coalesce(max(l.entry_number), 0), a.last_entry_number) as found
    from   accounts a
    left join ledger_entries l on l.account_id = a.account_id
    group by a.account_id, a.last_entry_number
    having count(l.entry_number) <> a.last_entry_number or coalesce(max(l.entry_number), 0) <> a.last_entry_number
    limit  ${FAULTS_MAX}`.execute(db);
  return rows;
}

/** What was drawn from the allocations of an account is what its token counters say. */
export async function findAllocationFaults(db: Queryable, tokensMeterId: string): Promise<BookFault[]> {
  const { rows } = await sql<BookFault>`
    with drawn as (
      select account_id, sum(tokens) as tokens
      from   ledger_entries
      where  kind in ('allocation_usage', 'repayment')
      group by account_id
    ), counted as (
      select account_id, sum(used) as tokens from usage_counters where meter_id = ${tokensMeterId} group by account_id
    )
    select coalesce(d.account_id, c.account_id) as "accountId",
           'the token counters are what was drawn from allocations' as rule,
           format('counted %s, drawn %s', coalesce(c.tokens, 0), coalesce(d.tokens, 0)) as found
    from   drawn d
    full join counted c on c.account_id = d.account_id
    where  coalesce(c.tokens, 0) <> coalesce(d.tokens, 0)
    limit  ${FAULTS_MAX}`.execute(db);
  return rows;
}

/** Windows and days are two sums of the same events. */
export async function findCounterFaults(db: Queryable, tokensMeterId: string): Promise<BookFault[]> {
  const { rows } = await sql<BookFault>`
    with windows as (
      select account_id, meter_id, sum(used) as quantity from usage_counters group by account_id, meter_id
    ), days as (
      select account_id, meter_id, sum(quantity) as quantity from usage_days group by account_id, meter_id
    )
    select coalesce(w.account_id, d.account_id) as "accountId", 'windows and days count the same' as rule,
           format('%s: windows %s, days %s', coalesce(w.meter_id, d.meter_id), coalesce(w.quantity, 0),
                  coalesce(d.quantity, 0)) as found
    from   windows w
    full join days d on d.account_id = w.account_id and d.meter_id = w.meter_id
    where  coalesce(w.quantity, 0) <> coalesce(d.quantity, 0)
    and    coalesce(w.meter_id, d.meter_id) <> ${tokensMeterId}
    limit  ${FAULTS_MAX}`.execute(db);
  return rows;
}

/** A settled hold says of itself what the ledger says of it. */
export async function findHoldFaults(db: Queryable): Promise<BookFault[]> {
  const { rows } = await sql<BookFault>`
    select h.account_id as "accountId", 'a settled hold was charged what it says' as rule,
           format('%s settled %s, charged %s', h.hold_id, h.settled_tokens, coalesce(sum(l.tokens), 0)) as found
    from   holds h
    left join ledger_entries l on l.account_id = h.account_id and l.source = 'hold:' || h.hold_id
    group by h.account_id, h.hold_id, h.settled_tokens
    having coalesce(h.settled_tokens, 0) <> coalesce(sum(l.tokens), 0)
    limit  ${FAULTS_MAX}`.execute(db);
  return rows;
}
