import type { Catalog, Instant } from "@bursar/core";
import { migrate } from "../db/migrate.ts";
import type { Database } from "../db/open-database.ts";
import { refuseRemovedPlans } from "./removed-plans.ts";

/**
 * What stands before every service on a database, whatever command starts it: the tables of this version, and a
 * catalogue with the plans that people are on.
 * @returns the names of the migrations that were applied now
 * @throws RemovedPlanError
 */
export async function prepareDatabase(database: Database, catalog: Catalog, now: Instant): Promise<string[]> {
  const applied = await migrate(database);
  await refuseRemovedPlans(database, catalog, now);
  return applied;
}
