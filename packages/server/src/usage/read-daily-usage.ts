import {
  DAY_MS,
  dayOf,
  firstProjectionDay,
  projectUsage,
  type AccountId,
  type AccountView,
  type BookContext,
  type DayQuantity,
  type Instant,
  type Meter,
  type Projection,
} from "@bursar/core";
import { readDailySeries } from "../book/read-account.ts";
import { listDays } from "../book/store-reads.ts";
import type { Queryable } from "../db/open-database.ts";

export interface DailyUsage {
  readonly days: readonly DayQuantity[];
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
  },
): Promise<DailyUsage> {
  const { accountId, meter, view, createdAt, from, to, now } = wanted;
  const meterId = meter.id;
  const [days, lastDays] = await Promise.all([
    readDailySeries(db, context, { accountId, meterId, from, to, now }),
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
  return { days, projection };
}
