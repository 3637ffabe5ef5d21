import {
  check,
  dayOf,
  factsForRead,
  groupShares,
  fillDays,
  findMeter,
  levelDays,
  LEVEL_STARTS_AT,
  counterKey,
  viewAccount,
  type AccountId,
  type AccountState,
  type AccountView,
  type BookContext,
  type CheckResult,
  type Clock,
  type DayQuantity,
  type GroupShares,
  type Instant,
} from "@bursar/core";
import { Gather } from "../db/gather.ts";
import { runStatement, type Database, type Queryable } from "../db/open-database.ts";
import { readFacts, toStates } from "./store-facts.ts";
import { listDays, listDaysAndGroups, type DaySpan } from "./store-reads.ts";

/** Usage of all meters in the running window, credits, held and available, in one statement; `null`: no account. */
export async function readAccount(
  db: Queryable,
  context: BookContext,
  { accountId, now }: { readonly accountId: AccountId; readonly now: Instant },
): Promise<AccountView | null> {
  const state = await readState(db, accountId, now);
  return state === null ? null : viewAccount(context, state, now);
}

/** Looks accounts up, those of many checks by one statement. */
export type AccountStates = Pick<Gather<AccountId, AccountState>, "get">;

export function accountStatesIn({ lookUps }: Database, clock: Clock): AccountStates {
  return new Gather(async (accountIds) => {
    const wanted = accountIds.map((each) => factsForRead(each, clock.now(each)));
    return toStates(await lookUps.read(readFacts(wanted)));
  });
}

/** U4: one read and core's decision, the one that an enforced event would meet. Nothing is reserved. */
export async function checkUse(
  states: AccountStates,
  context: BookContext,
  wanted: { readonly accountId: AccountId; readonly meterId: string; readonly quantity: number },
  clock: Clock,
): Promise<CheckResult | null> {
  const state = await states.get(wanted.accountId);
  // The instant of the decision comes after the read: nothing that it needs is older than what was read.
  return state === null ? null : check(context, state, { ...wanted, now: clock.now(wanted.accountId) });
}

/** The daily chart: what each day added; of a level what there was at its end. Days are UTC, both inclusive. */
export async function readDailySeries(
  db: Queryable,
  context: BookContext,
  wanted: {
    readonly accountId: AccountId;
    readonly meterId: string;
    readonly from: string;
    readonly to: string;
    readonly now: Instant;
  },
): Promise<DayQuantity[]> {
  const { accountId, meterId, now } = wanted;
  if (findMeter(context.catalog, meterId)?.kind !== "level") {
    return fillDays(await listDays(db, accountId, wanted), wanted);
  }
  const state = await readState(db, accountId, now);
  const level = state?.counters.get(counterKey(meterId, LEVEL_STARTS_AT))?.used ?? 0;
  const today = dayOf(now);
  const to = today > wanted.to ? today : wanted.to;
  return levelDays(level, await listDays(db, accountId, { ...wanted, to }), wanted);
}

/** The rest is said as a sum: a page shows some, and what an answer costs does not grow with their number. */
const GROUPS_SHOWN_MAX = 20;

/** The daily chart with the groups of its span, both of one instant, so that they add up. A level has none. */
export async function readGroupedSeries(
  db: Queryable,
  { accountId, ...span }: DaySpan & { readonly accountId: AccountId },
): Promise<{ readonly days: DayQuantity[]; readonly shares: GroupShares }> {
  const grouped = await listDaysAndGroups(db, accountId, { ...span, most: GROUPS_SHOWN_MAX });
  return { days: fillDays(grouped.days, span), shares: groupShares(grouped) };
}

async function readState(db: Queryable, accountId: AccountId, now: Instant): Promise<AccountState | null> {
  const facts = await runStatement(db, readFacts([factsForRead(accountId, now)]));
  return toStates(facts).get(accountId) ?? null;
}
