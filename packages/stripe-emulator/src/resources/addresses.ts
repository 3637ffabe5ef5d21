import type { Address } from "../entities/address.ts";

type Loose = { [Field in keyof Address]?: string | null | undefined };

const FIELDS = ["city", "country", "line1", "line2", "postal_code", "state"] as const;

/** All six fields, null where nothing was given; null as a whole when there is no address. */
export function addressOf(given: Loose | null | undefined): Address | null {
  if (!given) return null;
  const fields = FIELDS.map((field) => [field, given[field] ?? null]);
  return Object.fromEntries(fields) as Address;
}

/** For pages and papers: the lines of an address that are there. */
export function addressLines(address: Loose | null): string[] {
  if (!address) return [];
  const town = [address.postal_code, address.city].filter(Boolean).join(" ");
  const place = [town, address.state, address.country].filter(Boolean).join(", ");
  return [address.line1, address.line2, place].filter((line): line is string => Boolean(line));
}
