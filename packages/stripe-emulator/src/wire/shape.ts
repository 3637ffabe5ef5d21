/**
 * The finishing touch on every object that leaves: Stripe always sends certain fields, null when empty. A resource
 * states the fields it knows about and `complete` adds the nulls, so that a client meets the same keys as with Stripe.
 */
import table from "./shapes.generated.json" with { type: "json" };

/** An object as it goes over the wire: `{object: "customer", id, ...}`. */
export interface WireObject {
  object: string;
  [field: string]: unknown;
}

interface Shape {
  required: string[];
  nulls: string[];
  expandable: string[];
}

const shapes = table.shapes as Record<string, Shape>;
const blanks = new Map(
  Object.entries(shapes).map(([name, shape]) => [
    name,
    Object.fromEntries(shape.nulls.map((key) => [key, null])),
  ]),
);
const expandable = new Map(Object.entries(shapes).map(([name, shape]) => [name, new Set(shape.expandable)]));

/** Adds what Stripe always sends: `livemode: false` (there is only test mode here) and the nullable fields. */
export function complete<T extends { object: string }>(fields: T): WireObject {
  return { ...blanks.get(fields.object), livemode: false, ...fields };
}

/** Whether a dotted path inside an object (`parent.subscription_details.subscription`) holds an expandable id. */
export function isExpandable(object: string, path: string): boolean {
  return expandable.get(object)?.has(path) ?? false;
}

/** The fields that Stripe always sends of an object; empty for kinds that the table does not know. */
export function requiredFields(object: string): string[] {
  return shapes[object]?.required ?? [];
}
