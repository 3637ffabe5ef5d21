/**
 * Invitations (S4, SE2). They stand here and not in `seats`, because a change of seats that is under way counts too:
 * both take the account's row first, so that of an invitation and a cut that come together one sees the other.
 */
import {
  entitlementAt,
  MINUTE_MS,
  type AccountId,
  type Catalog,
  type Clock,
  type IdSource,
  type Instant,
} from "@bursar/core";
import { hashSecret } from "../accounts/credentials.ts";
import { managerRole } from "../accounts/manager-role.ts";
import type { Role } from "../accounts/roles.ts";
import { loadEntitlementFacts, lockAccount, touchAccount } from "../accounts/store.ts";
import { requesterOf, type Actor } from "../audit/actor.ts";
import { writeAudit } from "../audit/store.ts";
import type { Database, Queryable } from "../db/open-database.ts";
import { writeNotice } from "../outbox/store.ts";
import { INVITATION_LIFETIME_MS, INVITATION_SECRET_PREFIX } from "../seats/invitation-secret.ts";
import { mayManage } from "../seats/manage.ts";
import { hasRoomFor, roomOf, type ComingSeats, type Room } from "../seats/room.ts";
import { listSeatHolders, type SeatHolder } from "../seats/seat-holders.ts";
import { expireInvitations, insertInvitation } from "../seats/store.ts";
import { findNewestChange } from "./store-changes.ts";

/** A change that is done is in the entitlement as soon as the sync after it has run, a moment later. */
const SYNC_FOLLOWS_MS = 2 * MINUTE_MS;

interface Invited {
  readonly invitationId: string;
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly expiresAt: Instant;
  /** Opens the invitation; told once and kept as its hash. */
  readonly secret: string;
}

export interface InviteRequest {
  readonly people: readonly { readonly email: string; readonly name: string | null; readonly role: Role }[];
  readonly actor: Actor;
}

interface ThereAlready {
  readonly index: number;
  readonly as: SeatHolder["kind"] | "named_twice";
}

export type InviteOutcome =
  | { readonly code: "invited"; readonly invitations: readonly Invited[] }
  /** More people than there are, or will be, seats: nobody was invited. */
  | {
      readonly code: "seats_needed";
      readonly neededSeats: number;
      readonly room: Room;
      readonly holders: readonly SeatHolder[];
    }
  /** Nobody was invited; each place in the request that stands in the way, with why. */
  | { readonly code: "there_already"; readonly found: readonly ThereAlready[] }
  | { readonly code: "not_yours_to_give"; readonly role: Role }
  | { readonly code: "rights_ended" };

/** All or nothing: either everybody is invited, or nobody and the answer says how many seats it takes. */
export async function invitePeople(
  context: { database: Database; catalog: Catalog; clock: Clock; ids: IdSource },
  accountId: AccountId,
  { people, actor }: InviteRequest,
): Promise<InviteOutcome> {
  const { database, clock, ids } = context;
  const now = clock.now(accountId);
  return database.kysely.transaction().execute(async (db): Promise<InviteOutcome> => {
    await lockAccount(db, accountId);
    const own = await managerRole(db, accountId, actor);
    if (own === null) return { code: "rights_ended" };
    const beyond = people.find(({ role }) => !mayManage(own, role));
    if (beyond !== undefined) return { code: "not_yours_to_give", role: beyond.role };
    await expireInvitations(db, accountId, now);
    const holders = await listSeatHolders(db, accountId, now);
    const found = thereAlready(people, holders);
    if (found.length > 0) return { code: "there_already", found };
    const room = await loadRoom(context, db, { accountId, now });
    const neededSeats = holders.length + people.length;
    if (!hasRoomFor(room, neededSeats)) return { code: "seats_needed", neededSeats, room, holders };
    const expiresAt = now + INVITATION_LIFETIME_MS;
    // Sorted, so that lists keep the order in which the people were named.
    const invitationIds = people.map(() => ids.next("inv_")).sort();
    const invitations = people.map((person, index): Invited => {
      const secret = INVITATION_SECRET_PREFIX + ids.secret();
      return { ...person, invitationId: invitationIds[index]!, expiresAt, secret };
    });
    for (const { secret, ...invited } of invitations) {
      const invitedBy = requesterOf(actor);
      const row = { ...invited, secretHash: hashSecret(secret), invitedBy, createdAt: now };
      await insertInvitation(db, accountId, row);
      const { invitationId, email, name, role } = invited;
      const about = { accountId, action: "member.invited", subject: invitationId, before: null } as const;
      await writeAudit(db, actor, { ...about, after: { email, role }, at: now });
      await writeNotice(db, {
        accountId,
        type: "member.invited",
        data: { invitationId, email, name, role, expiresAt: new Date(expiresAt).toISOString() },
        at: now,
        key: `member.invited:${invitationId}`,
      });
    }
    await touchAccount(db, accountId);
    return { code: "invited", invitations };
  });
}

function thereAlready(people: InviteRequest["people"], holders: readonly SeatHolder[]): ThereAlready[] {
  const known = new Map<string, ThereAlready["as"]>(
    holders.map(({ email, kind }) => [email.toLowerCase(), kind]),
  );
  return people.flatMap(({ email }, index) => {
    const as = known.get(email.toLowerCase());
    if (as === undefined) known.set(email.toLowerCase(), "named_twice");
    return as === undefined ? [] : [{ index, as }];
  });
}

/** The account's seats now and to come, read under its lock. */
export async function loadRoom(
  { catalog, clock }: { catalog: Catalog; clock: Clock },
  db: Queryable,
  { accountId, now }: { accountId: AccountId; now: Instant },
): Promise<Room> {
  const facts = await loadEntitlementFacts(db, accountId);
  if (facts === null) return roomOf(catalog, { planId: catalog.freePlanId, seats: 1 }, []);
  const { slice } = entitlementAt(catalog, facts, now);
  // What an operator arranged stays whatever comes of Stripe.
  if (facts.overrides.plan !== undefined) return roomOf(catalog, slice, []);
  const coming = facts.slices.filter(({ startsAt }) => startsAt > now);
  const underWay = await comingByChange(db, { accountId, now, movedSince: clock.now() - SYNC_FOLLOWS_MS });
  return roomOf(catalog, slice, [...coming, ...underWay]);
}

/** What the newest change brings, while the entitlement may not say so yet. */
async function comingByChange(
  db: Queryable,
  { accountId, now, movedSince }: { accountId: AccountId; now: Instant; movedSince: Instant },
): Promise<ComingSeats[]> {
  const newest = await findNewestChange(db, accountId, movedSince);
  if (newest === null) return [];
  const { change } = newest;
  const atOnce = change.kind === "upgrade" ? [{ ...change.now, startsAt: now }] : [];
  const later = "later" in change ? change.later : null;
  return later === null || later.effectiveAt <= now
    ? atOnce
    : [...atOnce, { ...later.target, startsAt: later.effectiveAt }];
}
