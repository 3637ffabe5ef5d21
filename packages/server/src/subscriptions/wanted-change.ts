import type { Change, ChangeRefusal, PriceChoice } from "@bursar/core";

/** A change that classify let through: computed once, shown by the preview, carried out by the confirmation. */
export type WantedChange = Exclude<Change, ChangeRefusal>;

/** What is carried through Stripe: a customer's change, or the renewal stated anew: at another price, without a spent schedule. */
export type CarriedChange = WantedChange | { readonly kind: "reprice" };

/** What a quote binds to: the deed, and at which price the period after it is billed; `null` when there is none. */
export type QuotedChange = WantedChange & { readonly comesAt: PriceChoice | null };

/** Whether two ask for the same deed at the same price; plain values, so their JSON is compared, keys in one order. */
export function isSameChange(one: QuotedChange, other: QuotedChange): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
