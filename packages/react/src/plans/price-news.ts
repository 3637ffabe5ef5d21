import type { PlanChoice, Preview } from "@bursar/client";
import { useState } from "react";
import type { Format } from "../format/create-format.ts";
import type { Words } from "../messages/area.ts";

/** What another quote of the same choice says: the sum that was shown, and the sum that counts now (PL6, R3). */
interface PriceNews {
  before: number;
  after: number;
  currency: string;
}

interface Seen {
  wanted: PlanChoice | null;
  preview: Preview;
}

/** @param preview fresh, of exactly this choice; undefined while there is none */
export function usePriceNews(wanted: PlanChoice | null, preview: Preview | undefined): PriceNews | null {
  const [seen, setSeen] = useState<Seen | null>(null);
  const [news, setNews] = useState<PriceNews | null>(null);
  if (preview !== undefined && preview.quoteId !== seen?.preview.quoteId) {
    const before = seen?.wanted === wanted ? seen.preview.dueToday.amountDue : null;
    const { amountDue: after, currency } = preview.dueToday;
    setSeen({ wanted, preview });
    setNews(before === null ? null : { before, after, currency });
  }
  return news;
}

export function newsInWords(
  news: PriceNews | null,
  { messages, format }: { messages: Words<"review">; format: Format },
): string | null {
  if (news === null) return null;
  const { before, after, currency } = news;
  if (before === after) return messages.review.unchanged;
  return messages.review.changed(format.money(before, currency), format.money(after, currency));
}
