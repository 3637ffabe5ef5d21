import { DAY_MS, remembersLast, type BookWrites, type Instant } from "@bursar/core";
import { copyCell, type CopyDatabase } from "../db/open-for-copy.ts";
import { iso } from "../db/session.ts";
import type { RawEvent } from "./store.ts";

/** Stores the ids and the raw events of a batch by COPY, in the open transaction of the database's one connection. */
export async function copyEvents(
  database: CopyDatabase,
  eventIds: BookWrites["eventIds"],
  events: readonly RawEvent[],
): Promise<void> {
  if (eventIds.length === 0) return;
  const ids = inPieces(
    eventIds,
    ({ accountId, eventId, receivedAt }) =>
      `${copyCell(accountId)}\t${copyCell(eventId)}\t${iso(receivedAt)}\n`,
  );
  await database.copyIn("copy event_ids (account_id, event_id, received_at) from stdin", ids);
  const rows = inPieces(
    events,
    ({ event, late, properties }) =>
      `${copyCell(event.accountId)}\t${copyCell(event.eventId)}\t${copyCell(event.meterId)}\t${event.quantity}\t${isoQuickly(event.time)}\t${iso(event.receivedAt)}\t${late}\t${event.mode}\t${copyCell(event.resource)}\t${copyCell(properties)}\n`,
  );
  await database.copyIn(
    "copy events (account_id, event_id, meter_id, quantity, happened_at, received_at, late, mode, resource, properties) from stdin",
    rows,
  );
}

const dayText = remembersLast((day: number) => new Date(day * DAY_MS).toISOString().slice(0, 11));

/** What `toISOString` gives, in a tenth of its time: times of a file differ in each row, and their day hardly ever. */
function isoQuickly(at: Instant): string {
  const day = Math.floor(at / DAY_MS);
  const ms = at - day * DAY_MS;
  const seconds = Math.floor(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  const time = `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`;
  return `${dayText(day)}${time}.${String(1_000 + (ms % 1_000)).slice(1)}Z`;
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));
const twoDigits = (number: number): string => TWO_DIGITS[number]!;

/** Some 100 kB of rows: the server starts early, and a piece costs little beside its rows. */
const PIECE_ROWS = 1_000;

function* inPieces<Item>(items: readonly Item[], toRow: (item: Item) => string): Generator<string> {
  for (let start = 0; start < items.length; start += PIECE_ROWS) {
    let piece = "";
    const end = Math.min(start + PIECE_ROWS, items.length);
    for (let index = start; index < end; index += 1) piece += toRow(items[index]!);
    yield piece;
  }
}
