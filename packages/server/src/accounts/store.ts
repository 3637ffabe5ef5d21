import type {
  AccountId,
  EntitlementFacts,
  EntitlementSlice,
  Instant,
  Interval,
  MemberId,
  Overrides,
} from "@bursar/core";
import { sql } from "kysely";
import type { Queryable } from "../db/open-database.ts";
import { Texts, type Statement } from "../db/session.ts";
import type { Role } from "./roles.ts";

/** The SQL on `accounts`, `account_references`, `members` and `entitlements`. */

export type ReferenceKind = "external";

export interface AccountRow {
  accountId: AccountId;
  name: string;
  email: string;
  overrides: Overrides;
  createdAt: Date;
}

export interface MemberRow {
  memberId: string;
  name: string;
  email: string;
  role: Role;
  createdAt: Date;
}

export async function insertAccount(
  db: Queryable,
  row: { accountId: AccountId; name: string; email: string; createdAt: Instant },
): Promise<void> {
  await sql`
    insert into accounts (account_id, name, email, created_at)
    values (${row.accountId}, ${row.name}, ${row.email}, ${new Date(row.createdAt)})`.execute(db);
}

export async function findAccount(db: Queryable, accountId: AccountId): Promise<AccountRow | null> {
  const { rows } = await sql<AccountRow>`
    select account_id as "accountId", name, email, overrides, created_at as "createdAt"
    from   accounts
    where  account_id = ${accountId}`.execute(db);
  return rows[0] ?? null;
}

/** By id, a page at a time. */
export async function listAccounts(
  db: Queryable,
  { after, limit }: { after: string | null; limit: number },
): Promise<{ accountId: AccountId; externalId: string | null; name: string; email: string }[]> {
  const { rows } = await sql<{
    accountId: AccountId;
    externalId: string | null;
    name: string;
    email: string;
  }>`
    select a.account_id as "accountId", a.name, a.email,
           (select min(r.reference) from account_references r
            where  r.account_id = a.account_id and r.kind = 'external') as "externalId"
    from   accounts a
    where  ${after}::text is null or a.account_id > ${after}
    order by a.account_id
    limit  ${limit}`.execute(db);
  return rows;
}

/** Replaces an operator's exceptions, and tells open pages. */
export async function storeOverrides(
  db: Queryable,
  accountId: AccountId,
  overrides: Overrides,
): Promise<void> {
  await sql`
    update accounts set overrides = ${JSON.stringify(overrides)}::jsonb, version = version + 1
    where  account_id = ${accountId}`.execute(db);
}

/** Takes the account's row, the lock of everything that is the account's, until the transaction ends. */
export async function lockAccount(db: Queryable, accountId: AccountId): Promise<void> {
  await sql`select 1 from accounts where account_id = ${accountId} for update`.execute(db);
}

/** Tells open pages that something of the account changed. */
export async function touchAccount(db: Queryable, accountId: AccountId): Promise<void> {
  await sql`update accounts set version = version + 1 where account_id = ${accountId}`.execute(db);
}

export async function findAccountId(
  db: Queryable,
  kind: ReferenceKind,
  reference: string,
): Promise<AccountId | null> {
  const { rows } = await sql<{ accountId: AccountId }>`
    select account_id as "accountId" from account_references
    where  kind = ${kind} and reference = ${reference}`.execute(db);
  return rows[0]?.accountId ?? null;
}

/** Which accounts these names, ours (`acc_...`) or the product's own, belong to. */
export function findNamedAccounts(names: readonly string[]): Statement {
  return {
    name: "find_named_accounts",
    text: `
    select w.name, a.account_id as "accountId"
    from   unnest($1::text[]) as w (name)
    join   accounts a on a.account_id = w.name
    union all
    select w.name, r.account_id
    from   unnest($1::text[]) as w (name)
    join   account_references r on r.kind = 'external' and r.reference = w.name`,
    values: [new Texts(names)],
  };
}

/** @returns false when the reference is taken, be it by this account */
export async function insertReference(
  db: Queryable,
  { kind, reference, accountId }: { kind: ReferenceKind; reference: string; accountId: AccountId },
): Promise<boolean> {
  const { rows } = await sql`
    insert into account_references (kind, reference, account_id)
    values (${kind}, ${reference}, ${accountId})
    on conflict (kind, reference) do nothing
    returning 1`.execute(db);
  return rows.length === 1;
}

export async function insertMember(
  db: Queryable,
  row: {
    accountId: AccountId;
    memberId: string;
    name: string;
    email: string;
    role: Role;
    createdAt: Instant;
  },
): Promise<void> {
  await sql`
    insert into members (account_id, member_id, name, email, role, created_at)
    values (${row.accountId}, ${row.memberId}, ${row.name}, ${row.email}, ${row.role}, ${new Date(row.createdAt)})`.execute(
    db,
  );
}

export async function listMembers(db: Queryable, accountId: AccountId): Promise<MemberRow[]> {
  const { rows } = await sql<MemberRow>`
    select member_id as "memberId", name, email, role, created_at as "createdAt"
    from   members
    where  account_id = ${accountId}
    order by created_at, member_id`.execute(db);
  return rows;
}

export async function findMember(
  db: Queryable,
  accountId: AccountId,
  memberId: MemberId,
): Promise<MemberRow | null> {
  const { rows } = await sql<MemberRow>`
    select member_id as "memberId", name, email, role, created_at as "createdAt"
    from   members
    where  account_id = ${accountId} and member_id = ${memberId}`.execute(db);
  return rows[0] ?? null;
}

/** @param email however it is written */
export async function findMemberByEmail(
  db: Queryable,
  accountId: AccountId,
  email: string,
): Promise<MemberRow | null> {
  const { rows } = await sql<MemberRow>`
    select member_id as "memberId", name, email, role, created_at as "createdAt"
    from   members
    where  account_id = ${accountId} and lower(email) = lower(${email})`.execute(db);
  return rows[0] ?? null;
}

export async function storeRole(
  db: Queryable,
  accountId: AccountId,
  { memberId, role }: { memberId: MemberId; role: Role },
): Promise<void> {
  await sql`
    update members set role = ${role} where account_id = ${accountId} and member_id = ${memberId}`.execute(
    db,
  );
}

export async function deleteMember(db: Queryable, accountId: AccountId, memberId: MemberId): Promise<void> {
  await sql`delete from members where account_id = ${accountId} and member_id = ${memberId}`.execute(db);
}

export async function countOwners(db: Queryable, accountId: AccountId): Promise<number> {
  const { rows } = await sql<{ owners: number }>`
    select count(*)::int as owners from members where account_id = ${accountId} and role = 'owner'`.execute(
    db,
  );
  return rows[0]?.owners ?? 0;
}

/** What decides a member's rights at `now`; asked on each request of a person, and all of it is read by primary keys. */
export async function findMemberFacts(
  db: Queryable,
  { accountId, memberId, now }: { accountId: AccountId; memberId: MemberId; now: Instant },
): Promise<{ role: Role; isFirstOwner: boolean; planId: string | null } | null> {
  const { rows } = await sql<{ role: Role; isFirstOwner: boolean; planId: string | null }>`
    select m.role,
           coalesce(m.member_id = (select o.member_id from members o
                                   where  o.account_id = m.account_id and o.role = 'owner'
                                   order by o.created_at, o.member_id limit 1), false) as "isFirstOwner",
           coalesce(a.overrides ->> 'plan',
                    (select e.plan_id from entitlements e
                     where  e.account_id = m.account_id and e.starts_at <= ${new Date(now)}
                     order by e.starts_at desc limit 1)) as "planId"
    from   members m
    join   accounts a on a.account_id = m.account_id
    where  m.account_id = ${accountId} and m.member_id = ${memberId}`.execute(db);
  return rows[0] ?? null;
}

/** Adds a dated slice; the same start again replaces it, so that a repeated sync is harmless. */
export async function insertSlice(
  db: Queryable,
  accountId: AccountId,
  slice: EntitlementSlice,
): Promise<void> {
  await sql`
    insert into entitlements (account_id, starts_at, anchor_at, plan_id, billing_interval, seats)
    values (${accountId}, ${new Date(slice.startsAt)}, ${new Date(slice.anchorAt)}, ${slice.planId}, ${slice.interval}, ${slice.seats})
    on conflict (account_id, starts_at) do update
    set anchor_at = excluded.anchor_at, plan_id = excluded.plan_id,
        billing_interval = excluded.billing_interval, seats = excluded.seats`.execute(db);
}

/** Takes back a slice that has not begun: what began is history and stays. */
export async function deleteSlice(db: Queryable, accountId: AccountId, startsAt: Instant): Promise<void> {
  await sql`
    delete from entitlements where account_id = ${accountId} and starts_at = ${new Date(startsAt)}`.execute(
    db,
  );
}

interface SliceRow {
  startsAt: Date;
  anchorAt: Date;
  planId: string;
  interval: Interval | null;
  seats: number;
}

/** What decides the account's entitlement at any instant; `null` when there is no such account. */
export async function loadEntitlementFacts(
  db: Queryable,
  accountId: AccountId,
): Promise<EntitlementFacts | null> {
  const account = await findAccount(db, accountId);
  if (account === null) return null;
  const { rows } = await sql<SliceRow>`
    select starts_at as "startsAt", anchor_at as "anchorAt", plan_id as "planId", billing_interval as interval, seats
    from   entitlements
    where  account_id = ${accountId}
    order by starts_at`.execute(db);
  const slices = rows.map((row) => ({
    ...row,
    startsAt: row.startsAt.getTime(),
    anchorAt: row.anchorAt.getTime(),
  }));
  return { slices, overrides: account.overrides };
}

/** Plans beside these that accounts are on now or will be on. Reads every slice on another plan, so only at start. */
export async function countOnOtherPlans(
  db: Queryable,
  { planIds, now }: { planIds: readonly string[]; now: Instant },
): Promise<{ planId: string; accounts: number }[]> {
  const { rows } = await sql<{ planId: string; accounts: number }>`
    select e.plan_id as "planId", count(distinct e.account_id)::int as accounts
    from (
      select account_id, plan_id, starts_at from entitlements
      union all
      select account_id, overrides ->> 'plan', 'infinity' from accounts where overrides ? 'plan') e
    where  e.plan_id <> all(${planIds}::text[])
      and  not exists (
        select 1 from entitlements later
        where  later.account_id = e.account_id and later.starts_at > e.starts_at
          and  later.starts_at <= ${new Date(now)})
    group by e.plan_id
    order by e.plan_id`.execute(db);
  return rows;
}
