/** Who holds a seat: every member, and every open invitation until it expires (S4). */
import type { AccountId, Instant } from "@bursar/core";
import type { Role } from "../accounts/roles.ts";
import { listMembers } from "../accounts/store.ts";
import type { Queryable } from "../db/open-database.ts";
import { listOpenInvitations } from "./store.ts";

export interface SeatHolder {
  readonly kind: "member" | "invitation";
  readonly id: string;
  /** `null`: invited by address alone. */
  readonly name: string | null;
  readonly email: string;
  readonly role: Role;
  readonly createdAt: Instant;
  /** When an invitation gives its seat back; `null` for a member. */
  readonly expiresAt: Instant | null;
}

/** Their number is that of used seats. Members first, then open invitations, each the oldest first. As many as there are seats, so in one piece. */
export async function listSeatHolders(
  db: Queryable,
  accountId: AccountId,
  now: Instant,
): Promise<SeatHolder[]> {
  const members = await listMembers(db, accountId);
  const invitations = await listOpenInvitations(db, accountId, now);
  return [
    ...members.map(({ memberId, name, email, role, createdAt }): SeatHolder => {
      return {
        kind: "member",
        id: memberId,
        name,
        email,
        role,
        createdAt: createdAt.getTime(),
        expiresAt: null,
      };
    }),
    ...invitations.map((row): SeatHolder => ({
      kind: "invitation",
      id: row.invitationId,
      name: row.name,
      email: row.email,
      role: row.role,
      createdAt: row.createdAt.getTime(),
      expiresAt: row.expiresAt.getTime(),
    })),
  ];
}

/** Named one by one up to three; of more the first two and how many there are besides. */
const NAMED_MAX = 3;

/** "Ann, Bo and 8 more": who is meant, for a sentence (PL5). Who has no name yet is called by the address. */
export function whoIs(people: readonly Pick<SeatHolder, "name" | "email">[]): string {
  const names = people.map(({ name, email }) => name ?? email);
  const shown = names.length <= NAMED_MAX ? names : [...names.slice(0, 2), `${names.length - 2} more`];
  if (shown.length <= 1) return shown.join("");
  return `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
