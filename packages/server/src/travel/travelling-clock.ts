import type { AccountId, Clock, Instant } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import { listAccountClocks, raiseOffset } from "./store.ts";

/** The machine's time, and for an account that has travelled its own, ahead by a fixed offset and running on. */
export interface TravellingClock extends Clock {
  /** Moves the account's clock on to an instant; where it is past that, nothing happens. */
  moveTo(accountId: AccountId, at: Instant): Promise<void>;
}

/** Offsets are read once: one process has the demo, and only it moves them. */
export async function openTravellingClock(database: Database, machine: Clock): Promise<TravellingClock> {
  const rows = await listAccountClocks(database.kysely);
  const offsets = new Map(rows.map(({ accountId, offsetMs }) => [accountId, offsetMs]));
  const offsetOf = (accountId: AccountId) => offsets.get(accountId) ?? 0;
  return {
    now: (accountId) => machine.now() + (accountId === undefined ? 0 : offsetOf(accountId)),
    async moveTo(accountId, at) {
      const offsetMs = at - machine.now();
      if (offsetMs <= offsetOf(accountId)) return;
      // Stored first: after a crash the account's time must not be earlier than what was stamped with it.
      await raiseOffset(database.kysely, accountId, offsetMs);
      offsets.set(accountId, offsetMs);
    },
  };
}
