import { plainNote, type AccountId } from "@bursar/core";
import type { BookCommand } from "../../packages/server/src/book/book.ts";
import { NOW } from "./databases.ts";

let lastId = 0;

type EventFields = Partial<Extract<BookCommand, { type: "event" }>>;

export function event(accountId: AccountId, fields: EventFields = {}): BookCommand {
  lastId += 1;
  return {
    type: "event",
    accountId,
    eventId: `evt_${lastId}`,
    meterId: "sessions",
    quantity: 1,
    time: NOW,
    mode: "plain",
    resource: null,
    group: null,
    ...fields,
  };
}

export function tokens(accountId: AccountId, quantity: number, fields: EventFields = {}): BookCommand {
  return event(accountId, { meterId: "ai_tokens", quantity, ...fields });
}

export function purchase(accountId: AccountId, amount: number, source: string): BookCommand {
  const note = { ...plainNote("Starter pack"), priceCents: 500, currency: "eur" };
  return { type: "grant", kind: "purchase", accountId, source, tokens: amount, note };
}

export function hold(
  accountId: AccountId,
  holdId: string,
  amount: number,
  resource: string | null = null,
): BookCommand {
  const rest = { expiresAt: NOW + 600_000, description: "AI tokens", resource };
  return { type: "hold", accountId, holdId, tokens: amount, ...rest };
}

export function countCodes(outcomes: readonly { readonly code: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of outcomes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** The numbers 0 to `count - 1` turned into something. */
export function times<Item>(count: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
