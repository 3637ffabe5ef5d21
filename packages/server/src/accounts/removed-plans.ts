import type { Catalog, Instant } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import { countOnOtherPlans } from "./store.ts";

/** Plans that the catalogue does not have and somebody is on; the message says what to do. */
class RemovedPlanError extends Error {
  override readonly name = "RemovedPlanError";
}

/**
 * Refuses a catalogue without a plan that accounts are on, or will be: they would silently have Free's limits and go on
 * paying.
 * @throws RemovedPlanError naming each plan and how many accounts
 */
export async function refuseRemovedPlans(
  { kysely }: Database,
  catalog: Catalog,
  now: Instant,
): Promise<void> {
  const planIds = catalog.plans.map(({ id }) => id);
  const removed = await countOnOtherPlans(kysely, { planIds, now });
  if (removed.length === 0) return;
  const sentences = removed.map(({ planId, accounts }) => {
    const who = accounts === 1 ? "1 account is" : `${accounts} accounts are`;
    return `${who} on the plan "${planId}", which the catalogue does not have.`;
  });
  throw new RemovedPlanError(
    `${sentences.join("\n")}\nWrite it into the catalogue again with withdrawn: true, so that nobody else can choose it, and remove it when nobody is on it any more. A plan keeps its id: under another it is another plan.`,
  );
}
