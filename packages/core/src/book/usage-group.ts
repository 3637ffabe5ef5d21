import type { Meter } from "../catalog/catalog.ts";

/** A name and not a text; a longer one is a mistake of the sender. */
export const GROUP_CHARACTERS_MAX = 100;

/**
 * So many groups are kept apart on one day of one meter of an account; those that come after them that day are counted
 * together. It is the seats that a plan has unless it says otherwise, so a group a member is kept; a product that
 * sends another value with each event by mistake cannot fill the disk with a row for each.
 */
export const GROUPS_A_DAY_MAX = 1_000;

/** Stands where a group would, for those past `GROUPS_A_DAY_MAX`; no group is named so. */
export const BEYOND_GROUPS = "";

/** The property that a hold, which has no others, knows: what it is for. */
const RESOURCE = "resource";

/**
 * The group that an event's properties name, trimmed. What is no text, is empty or too long names none: use is never
 * refused for its label. Whether a text can be stored is looked at with the properties as a whole.
 * @returns `null`: none
 */
export function groupOf({ groupBy }: Pick<Meter, "groupBy">, properties: unknown): string | null {
  if (groupBy === null || typeof properties !== "object" || properties === null) return null;
  if (!Object.hasOwn(properties, groupBy.property)) return null;
  return asGroup((properties as Readonly<Record<string, unknown>>)[groupBy.property]);
}

/** A hold has no properties. What it is for is its group where groups are named by a property of that name. */
export function groupOfHold(
  { groupBy }: Pick<Meter, "groupBy">,
  { resource }: { readonly resource: string | null },
): string | null {
  return groupBy?.property === RESOURCE ? asGroup(resource) : null;
}

function asGroup(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const group = value.trim();
  return group === "" || group.length > GROUP_CHARACTERS_MAX ? null : group;
}
