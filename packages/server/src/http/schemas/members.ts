import { z } from "@hono/zod-openapi";
import { instant, role, storableText } from "./common.ts";
import { permission } from "./told.ts";

/** A team in one go; more would hold the account's lock for long. */
const INVITATIONS_PER_REQUEST_MAX = 50;
/** So many seat holders are told in a refusal and a preview: a page of a list. */
export const SEAT_HOLDERS_TOLD_MAX = 100;

const holderKind = z.enum(["member", "invitation"]);

export const seatHolder = z
  .object({ kind: holderKind, name: z.string().nullable(), email: z.string() })
  .openapi("SeatHolder");

export const person = seatHolder
  .extend({
    id: z.string(),
    role,
    /** False for a member who reads only, as the plan has one seat; and for an invitation, until it is accepted. */
    active: z.boolean(),
    createdAt: instant,
    /** When an invitation gives its seat back. */
    expiresAt: instant.nullable(),
    /** Whether the caller may remove the member, or withdraw the invitation. */
    can: z.object({
      remove: permission,
      /** The roles that the caller may give to this member; of an invitation none. */
      becomes: z.array(role),
      /** Why there is none, where it is worth a sentence. */
      becomesReason: z.string().optional(),
      resend: permission,
    }),
  })
  .openapi("Person");

export const memberList = z
  .object({
    data: z.array(person),
    nextCursor: z.string().nullable(),
    seats: z.object({
      purchased: z.int(),
      used: z.int(),
      /** Fewer seats that are scheduled: an invitation may not go past them either. */
      scheduled: z.object({ seats: z.int(), from: instant }).nullable(),
    }),
    can: z.object({
      changeMembers: permission,
      /** The roles that the caller may give. */
      inviteAs: z.array(role),
    }),
  })
  .openapi("MemberList");

const email = z.email().max(254);

export const invitationRequest = z.object({
  invitations: z
    .array(z.object({ email, name: storableText(200).optional(), role }))
    .min(1)
    .max(INVITATIONS_PER_REQUEST_MAX),
});

export const invitation = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string().nullable(),
    role,
    expiresAt: instant,
    /** Told this once: who has it becomes the member. */
    token: z.string(),
  })
  .openapi("Invitation");
export const invitations = z.object({ data: z.array(invitation) }).openapi("Invitations");

export const roleChange = z.object({ role });
export const resent = z.object({ expiresAt: instant }).openapi("InvitationResent");

export const acceptRequest = z.object({ token: z.string().min(1).max(200), name: storableText(200) });
export const acceptAnswer = z
  .object({
    account: z.object({ id: z.string(), name: z.string() }),
    member: z.object({
      id: z.string(),
      name: z.string(),
      email: z.string(),
      role,
      active: z.boolean(),
    }),
  })
  .openapi("AcceptedInvitation");
