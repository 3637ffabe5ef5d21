/** What a person wants by mail. Who has said nothing gets everything that they may act on. */
import type { AccountId, Catalog, MemberId } from "@bursar/core";
import { hashSecret } from "../accounts/credentials.ts";
import type { Role } from "../accounts/roles.ts";
import type { Database } from "../db/open-database.ts";
import { CATEGORIES } from "../mail/categories.ts";
import { findUnsubscribeLink } from "../mail/store.ts";
import type { NoticeCategory } from "../outbox/kind.ts";
import { listPreferences, storePreferences } from "./store.ts";

/** Somebody must hear of money and security: the owner does, always. */
const OWNERS_HEAR: readonly NoticeCategory[] = ["payments", "security"];

export function isRequired(category: NoticeCategory, role: Role): boolean {
  return role === "owner" && OWNERS_HEAR.includes(category);
}

export const meterSubject = (meterId: string): string => `meter:${meterId}`;

export interface Preferences {
  readonly categories: readonly {
    readonly id: NoticeCategory;
    readonly name: string;
    readonly about: string;
    readonly isWanted: boolean;
    /** It cannot be turned off. */
    readonly isRequired: boolean;
  }[];
  /** Alerts of each meter; they come only while the category `usage` is wanted. */
  readonly meters: readonly { readonly id: string; readonly name: string; readonly isWanted: boolean }[];
}

interface Person {
  readonly accountId: AccountId;
  readonly memberId: MemberId;
  readonly role: Role;
}

interface Context {
  readonly database: Database;
  readonly catalog: Catalog;
}

export async function readPreferences(
  { database, catalog }: Context,
  { accountId, memberId, role }: Person,
): Promise<Preferences> {
  const stored = (await listPreferences(database.kysely, [accountId])).filter(
    (each) => each.memberId === memberId,
  );
  const isWanted = (subject: string) => stored.find((each) => each.subject === subject)?.isWanted ?? true;
  return {
    categories: CATEGORIES.map((category) => {
      const required = isRequired(category.id, role);
      return { ...category, isRequired: required, isWanted: required || isWanted(category.id) };
    }),
    meters: catalog.meters.map(({ id, name }) => ({ id, name, isWanted: isWanted(meterSubject(id)) })),
  };
}

export type PreferencesOutcome =
  | { readonly code: "stored" }
  /** An owner hears of it always. */
  | { readonly code: "required"; readonly category: NoticeCategory }
  | { readonly code: "unknown_meter"; readonly meterId: string };

/** What is not named stays as it is. */
export async function changePreferences(
  { database, catalog }: Context,
  person: Person,
  wishes: {
    categories: Readonly<Partial<Record<NoticeCategory, boolean | undefined>>>;
    meters: Readonly<Record<string, boolean>>;
  },
): Promise<PreferencesOutcome> {
  const required = CATEGORIES.find(
    ({ id }) => wishes.categories[id] === false && isRequired(id, person.role),
  );
  if (required !== undefined) return { code: "required", category: required.id };
  const unknown = Object.keys(wishes.meters).find(
    (meterId) => !catalog.meters.some(({ id }) => id === meterId),
  );
  if (unknown !== undefined) return { code: "unknown_meter", meterId: unknown };
  const subjects = [
    ...CATEGORIES.map(({ id }) => [id, wishes.categories[id]] as const),
    ...Object.entries(wishes.meters).map(([meterId, wish]) => [meterSubject(meterId), wish] as const),
  ];
  await storePreferences(
    database.kysely,
    person,
    subjects.flatMap(([subject, isWanted]) => (isWanted === undefined ? [] : [{ subject, isWanted }])),
  );
  return { code: "stored" };
}

/** What a mail's link turns off; `null` when the link is unknown or too old. */
export async function findUnsubscription(
  { kysely }: Database,
  token: string,
): Promise<{ accountId: AccountId; memberId: MemberId; category: NoticeCategory; name: string } | null> {
  const link = await findUnsubscribeLink(kysely, hashSecret(token));
  const category = CATEGORIES.find(({ id }) => id === link?.category);
  return link === null || category === undefined
    ? null
    : { ...link, category: category.id, name: category.name };
}

/** Turns the link's kind of mail off for its person. Once more is the same. */
export async function unsubscribe(database: Database, token: string): Promise<boolean> {
  const found = await findUnsubscription(database, token);
  if (found === null) return false;
  await storePreferences(database.kysely, found, [{ subject: found.category, isWanted: false }]);
  return true;
}
