import type { BookWrites } from "@bursar/core";
import { copyCell, type CopyDatabase } from "../db/open-for-copy.ts";
import { iso } from "./store-facts.ts";
import type { RawEvent } from "./store.ts";

/** Stores the ids and the raw events of a batch by COPY, in the open transaction of the database's one connection. */
export async function copyEvents(
  database: CopyDatabase,
  eventIds: BookWrites["eventIds"],
  events: readonly RawEvent[],
): Promise<void> {
  if (eventIds.length === 0) return;
  let ids = "";
  const instant = cached(iso);
  for (const { accountId, eventId, receivedAt } of eventIds) {
    ids += `${copyCell(accountId)}\t${copyCell(eventId)}\t${instant(receivedAt)}\n`;
  }
  await database.copyIn("copy event_ids (account_id, event_id, received_at) from stdin", ids);
  let rows = "";
  for (const { event, late, properties } of events) {
    rows += `${copyCell(event.accountId)}\t${copyCell(event.eventId)}\t${copyCell(event.meterId)}\t${event.quantity}\t${iso(event.time)}\t${instant(event.receivedAt)}\t${late}\t${event.mode}\t${copyCell(event.resource)}\t${copyCell(properties)}\n`;
  }
  await database.copyIn(
    "copy events (account_id, event_id, meter_id, quantity, happened_at, received_at, late, mode, resource, properties) from stdin",
    rows,
  );
}

/** The rows of a batch mostly share one argument; it is written once. */
function cached(write: (at: number) => string): (at: number) => string {
  let lastAt = NaN;
  let last = "";
  return (at) => {
    if (at !== lastAt) [lastAt, last] = [at, write(at)];
    return last;
  };
}
