import {
  addMonths,
  MINUTE_MS,
  type AccountId,
  type Catalog,
  type Clock,
  type IdSource,
  type Instant,
  priceTarget,
  type PricedTarget,
  type RefusedChoice,
  type Target,
} from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import { insertQuote } from "./store-quotes.ts";

/** How long a quote binds (api.md). */
const QUOTE_LIFETIME_MS = 10 * MINUTE_MS;

/** What was shown and is held to: `now` is when it would start. */
export interface Quoted {
  readonly code: "quoted";
  readonly quoteId: string;
  readonly expiresAt: Instant;
  readonly now: Instant;
  readonly renewsAt: Instant;
  readonly first: PricedTarget;
}

export type PreviewOutcome = Quoted | RefusedChoice;

/** Says what a first subscription costs, before tax, and stores it so that the checkout can be held to it. */
export async function previewFirstSubscription(
  { database, catalog, clock, ids }: { database: Database; catalog: Catalog; clock: Clock; ids: IdSource },
  accountId: AccountId,
  choice: Target,
): Promise<PreviewOutcome> {
  const first = priceTarget(catalog, choice);
  if (first.code === "refused") return first;
  const now = clock.now();
  const expiresAt = now + QUOTE_LIFETIME_MS;
  const quoteId = ids.next("quote_");
  await insertQuote(database.kysely, accountId, {
    quoteId,
    ...choice,
    amountDueCents: first.subtotalCents,
    currency: catalog.currency,
    expiresAt,
  });
  return {
    code: "quoted",
    quoteId,
    expiresAt,
    now,
    renewsAt: addMonths(now, choice.interval === "month" ? 1 : 12),
    first,
  };
}
