import {
  DAY_MS,
  findMeter,
  groupOf,
  HOUR_MS,
  type AccountId,
  type Catalog,
  type Instant,
} from "@bursar/core";
import type { SubmittedCommand } from "../book/book.ts";

/** How long before its first start the demo account was made: a window with some weeks of use in it. */
export const DEMO_DAYS = 24;

const MiB = 1024 * 1024;

/**
 * What Acme has used by now: most meters have room, events come near their limit and enrichments have reached theirs,
 * so that each state of a usage bar is to be seen.
 */
const TOTALS = [
  { meterId: "sessions", total: 14 },
  { meterId: "events", total: 846 },
  { meterId: "enrichments", total: 10 },
  { meterId: "storage", total: 31 * MiB },
  { meterId: "ai_tokens", total: 31_400 },
];

/** Office days are busier, and use grows a little from week to week. */
const WEIGHTS = Array.from({ length: DEMO_DAYS }, (_, day) => (day % 7 < 5 ? 10 + day : 2));

/** What each day of a week was spent on; nobody said it at the weekend. */
const PROJECTS = ["Website", "Website", "Mobile app", "Website", "Research", null, null];

/**
 * The demo account's use as events, one a meter and day. The ids follow from the day, so a start that was interrupted
 * is finished by the next without counting anything twice.
 */
export function demoUsage(
  catalog: Catalog,
  { accountId, since, now }: { accountId: AccountId; since: Instant; now: Instant },
): SubmittedCommand[] {
  return TOTALS.flatMap(({ meterId, total }) =>
    WEIGHTS.flatMap((_, day): SubmittedCommand[] => {
      const project = PROJECTS[day % PROJECTS.length] ?? null;
      const properties = project === null ? null : { project };
      const meter = findMeter(catalog, meterId);
      const time = since + day * DAY_MS + 9 * HOUR_MS;
      const quantity = shareUntil(total, day + 1) - shareUntil(total, day);
      if (quantity === 0 || time > now) return [];
      const eventId = `demo-${meterId}-${day + 1}`;
      return [
        {
          command: {
            type: "event",
            accountId,
            eventId,
            meterId,
            quantity,
            time,
            mode: "plain",
            resource: null,
            group: meter === undefined ? null : groupOf(meter, properties),
          },
          properties: properties && JSON.stringify(properties),
        },
      ];
    }),
  );
}

function shareUntil(total: number, days: number): number {
  const sum = (weights: number[]) => weights.reduce((all, weight) => all + weight, 0);
  return Math.floor((total * sum(WEIGHTS.slice(0, days))) / sum(WEIGHTS));
}
