import type { AccountId } from "@bursar/core";
import { listMembers } from "../accounts/store.ts";
import type { Queryable } from "../db/open-database.ts";

/** How many seats are taken; never fewer than these may be bought on a per-seat plan (S4). */
export async function countUsedSeats(db: Queryable, accountId: AccountId): Promise<number> {
  return (await listMembers(db, accountId)).length;
}
