import type { AccountId, Catalog, Instant } from "@bursar/core";
import type { SubmittedCommand } from "../book/book.ts";

/** A twentieth of what the smallest plan allows: some presses of the button show a bar move and then a limit. */
const SHARE_OF_FREE = 0.05;

/** Where the free plan allows any amount. */
const OF_UNLIMITED = 100;

/** One event a meter, as a product reports what was done. */
export function someUsage(
  catalog: Catalog,
  { accountId, now, newId }: { accountId: AccountId; now: Instant; newId: () => string },
): SubmittedCommand[] {
  const free = catalog.plans.find(({ id }) => id === catalog.freePlanId);
  return catalog.meters.map(({ id: meterId }) => {
    const limit = free?.limits[meterId] ?? null;
    const quantity = limit === null ? OF_UNLIMITED : Math.max(1, Math.round(limit * SHARE_OF_FREE));
    return {
      command: {
        type: "event",
        accountId,
        eventId: newId(),
        meterId,
        quantity,
        time: now,
        mode: "plain",
        resource: null,
        group: null,
      },
    };
  });
}
