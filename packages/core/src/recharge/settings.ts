import type { Pack } from "../catalog/catalog.ts";
import type { Currency } from "../kernel/amounts.ts";
import { moneyText } from "../kernel/money-text.ts";

/** Why auto-recharge has stopped by itself. */
export type PauseReason =
  "declined" | "authentication" | "refund" | "dispute" | "no_payment_method" | "pack_withdrawn";

/** What somebody agreed to: below so many tokens buy this pack, for so much in a usage window at most. */
export interface RechargeValues {
  readonly thresholdTokens: number;
  readonly packId: string;
  /** Minor units, tax included. */
  readonly limitCents: number;
}

/** New settings start with this: five of the popular packs. */
export const LIMIT_DEFAULT_CENTS = 5_000;

/** New settings start with a fifth of the pack. */
export function defaultThreshold({ tokens }: Pack): number {
  return Math.floor(tokens / 5);
}

export interface SettingsMistake {
  readonly path: "threshold" | "spendingLimit";
  /** What is wrong and what to do, a full sentence. */
  readonly message: string;
}

const count = new Intl.NumberFormat("en");

/** AR2: settings that could buy twice for one fall, or never at all, are not taken. */
export function checkSettings(
  { thresholdTokens, limitCents }: RechargeValues,
  { pack, chargeCents, currency }: { pack: Pack; chargeCents: number; currency: Currency },
): SettingsMistake[] {
  const mistakes: SettingsMistake[] = [];
  if (thresholdTokens >= pack.tokens) {
    const message = `The threshold must be below the ${count.format(pack.tokens)} tokens of a ${pack.name} pack, else one recharge could set off the next. Choose less, or a larger pack.`;
    mistakes.push({ path: "threshold", message });
  }
  if (limitCents < chargeCents) {
    const [costs, limit] = [moneyText(chargeCents, currency), moneyText(limitCents, currency)];
    const message = `A ${pack.name} pack costs ${costs}; a limit of ${limit} would never allow it. Choose ${costs} or more.`;
    mistakes.push({ path: "spendingLimit", message });
  }
  return mistakes;
}

/** AR4: what lets more money be taken, or sooner, is agreed to anew; less is not. */
export function asksForConsent(
  before: RechargeValues,
  after: RechargeValues,
  tokensOf: (packId: string) => number,
): boolean {
  return (
    after.thresholdTokens > before.thresholdTokens ||
    after.limitCents > before.limitCents ||
    tokensOf(after.packId) > tokensOf(before.packId)
  );
}
