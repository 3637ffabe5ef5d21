import {
  DAY_MS,
  dayOf,
  firstProjectionDay,
  projectUsage,
  type AccountId,
  type AccountView,
  type BookContext,
  type DayQuantity,
  type GroupShares,
  type Instant,
  type Meter,
  type Projection,
} from "@bursar/core";
import { readDailySeries, readGroupedSeries } from "../book/read-account.ts";
import { listDays } from "../book/store-reads.ts";
import type { Queryable } from "../db/open-database.ts";

export interface DailyUsage {
  readonly days: readonly DayQuantity[];
  /** `null` where they were not asked for. */
  readonly shares: GroupShares | null;
  readonly projection: Projection | null;
}

/** The chart of one meter (U2): a bounded number of days by the key of `usage_days`, and where it is going. */
export async function readDailyUsage(
  db: Queryable,
  context: BookContext,
  wanted: {
    readonly accountId: AccountId;
    readonly meter: Meter;
    readonly view: AccountView;
    readonly createdAt: Instant;
    readonly from: string;
    readonly to: string;
    readonly now: Instant;
    readonly inGroups: boolean;
  },
): Promise<DailyUsage> {
  const { accountId, meter, view, createdAt, from, to, now, inGroups } = wanted;
  const meterId = meter.id;
  const span = { accountId, meterId, from, to };
  const plain = async () => ({ days: await readDailySeries(db, context, { ...span, now }), shares: null });
  const [{ days, shares }, lastDays] = await Promise.all([
    inGroups ? readGroupedSeries(db, span) : plain(),
    listDays(db, accountId, { meterId, from: firstProjectionDay(now), to: dayOf(now - DAY_MS) }),
  ]);
  const { used, limit, newestReceivedAt } = view.meters.find((each) => each.meterId === meterId)!;
  const projection = projectUsage({
    meter,
    used,
    limit,
    now,
    windowEndsAt: view.entitlement.window.endsAt,
    countsSince: createdAt,
    newestReceivedAt,
    days: lastDays,
  });
  return { days, shares, projection };
}
