import type { Change, ChangeRefusal } from "@bursar/core";

/** A change that classify let through: computed once, shown by the preview, carried out by the confirmation. */
export type WantedChange = Exclude<Change, ChangeRefusal>;

/** What is carried through Stripe: a customer's change, or another price from the next renewal on. */
export type CarriedChange = WantedChange | { readonly kind: "reprice" };

/** Whether two classifications ask for the same deed; plain values, so their JSON is compared, keys in one order. */
export function isSameChange(one: WantedChange, other: WantedChange): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
