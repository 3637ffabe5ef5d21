import type { AutoRecharge, Pack } from "@bursar/client";
import { createAmountField } from "../format/amount-field.ts";
import type { Format } from "../format/create-format.ts";
import type { Words } from "../messages/area.ts";

/** The form as it was typed. */
export interface Draft {
  threshold: string;
  packId: string;
  limit: string;
}

export interface Values {
  threshold: number;
  pack: Pack;
  spendingLimit: number;
}

export interface Read {
  /** `null` while something is wrong. */
  values: Values | null;
  mistakes: { threshold?: string; limit?: string };
}

interface Sayable {
  format: Format;
  messages: Words<"recharge">;
}

export function draftOf(saved: AutoRecharge, format: Format): Draft {
  return {
    threshold: format.count(saved.threshold),
    packId: saved.packId,
    limit: createAmountField(format.locale).amount(saved.spendingLimit, saved.currency),
  };
}

/** What was typed as values, or what is wrong with each field (AR2). The server checks the same once more. */
export function readDraft(
  draft: Draft,
  { packs, currency }: { packs: [Pack, ...Pack[]]; currency: string },
  { format, messages }: Sayable,
): Read {
  const words = messages.recharge.mistakes;
  const pack = packs.find(({ id }) => id === draft.packId) ?? packs[0];
  const field = createAmountField(format.locale);
  const threshold = field.readCount(draft.threshold);
  const spendingLimit = field.readAmount(draft.limit, currency);
  const mistakes: Read["mistakes"] = {};
  if (threshold === null || threshold < 1) mistakes.threshold = words.threshold;
  else if (threshold >= pack.tokens)
    mistakes.threshold = words.thresholdTooHigh(format.count(pack.tokens), pack.name);
  if (spendingLimit === null) mistakes.limit = words.limit(field.amount(pack.price * TYPICAL, currency));
  else if (spendingLimit < pack.price) {
    const [price, limit] = [format.money(pack.price, currency), format.money(spendingLimit, currency)];
    mistakes.limit = words.limitTooLow(pack.name, price, limit);
  }
  const isRight = mistakes.threshold === undefined && mistakes.limit === undefined;
  const isRead = threshold !== null && spendingLimit !== null;
  return { mistakes, values: isRight && isRead ? { threshold, pack, spendingLimit } : null };
}
/** An example of a limit: a few packs. */
const TYPICAL = 5;

/** How often the limit allows the pack: a count, no amount; what is charged is the server's to say. */
function timesAllowed({ pack, spendingLimit }: Values): number {
  return Math.floor(spendingLimit / pack.price);
}

/** The sentence that a person agrees to by saving (AR4). */
export function consentOf(
  values: Values,
  { card, endsAt, interval }: { card: string; endsAt: string; interval: "month" | "year" },
  { format, messages }: Sayable,
): string {
  const words = messages.recharge;
  const { pack, threshold, spendingLimit } = values;
  const what = words.consent({
    threshold: format.count(threshold),
    card,
    price: format.money(pack.price, pack.currency),
    times: words.times(format.counted(timesAllowed(values))),
    limit: format.money(spendingLimit, pack.currency),
  });
  return `${what} ${words.consentEnds(words.consentPeriod[interval], format.date(endsAt))}`;
}

/** Whether turning it on buys at once (AR3): held tokens count as there. */
export function startsBelow({ threshold }: Values, balance: number): boolean {
  return balance < threshold;
}
