/** Members, invitations and seats in the API's words, and each refusal with what to do. */
import type { z } from "@hono/zod-openapi";
import type { Plan } from "@bursar/core";
import type { Caller } from "../../accounts/credentials.ts";
import type { MemberRow } from "../../accounts/store.ts";
import type { Role } from "../../accounts/roles.ts";
import type { AcceptOutcome } from "../../seats/accept-invitation.ts";
import { isActiveMember } from "../../seats/active-members.ts";
import { mayManage } from "../../seats/manage.ts";
import type { ChangeRoleOutcome } from "../../seats/change-role.ts";
import type { RemoveOutcome } from "../../seats/remove-person.ts";
import type { ResendOutcome } from "../../seats/resend-invitation.ts";
import { whoIs, type SeatHolder } from "../../seats/seat-holders.ts";
import type { InviteOutcome, InviteRequest } from "../../subscriptions/invite-people.ts";
import { mayChangeMembers, rightsEnded } from "../caller.ts";
import { ProblemError } from "../problem.ts";
import { iso, isoOrNull } from "../schemas/common.ts";
import { SEAT_HOLDERS_TOLD_MAX, type memberList, type person, type seatHolder } from "../schemas/members.ts";

/** @param viewed by whom, among which members, on which plan */
export function personAnswer(holder: SeatHolder, viewed: Viewed): z.output<typeof person> {
  const { kind, id, name, email, role, createdAt, expiresAt } = holder;
  const { plan, members } = viewed;
  return {
    kind,
    id,
    name,
    email,
    role,
    active: kind === "member" && isActiveMember(plan, members, id),
    createdAt: iso(createdAt),
    expiresAt: isoOrNull(expiresAt),
    can: {
      remove: removePermission(holder, viewed),
      ...rolesFor(holder, viewed),
      resend: resendPermission(holder, viewed),
    },
  };
}

interface Viewed {
  readonly caller: Caller;
  readonly plan: Plan;
  readonly members: readonly MemberRow[];
}

function removePermission(
  { kind, role, name }: SeatHolder,
  { caller, plan, members }: Viewed,
): z.output<typeof person>["can"]["remove"] {
  const change = changeMembersPermission(caller, plan, members);
  if (!change.allowed) return change;
  if (!mayManage(caller.role, role))
    return { allowed: false, code: "owner_only", reason: "Only an owner can remove an owner." };
  const owners = members.filter((member) => member.role === "owner");
  if (kind === "member" && role === "owner" && owners.length === 1) {
    return { allowed: false, code: "last_owner", names: [name ?? ""], reason: `${name} is the only owner.` };
  }
  return { allowed: true };
}

function rolesFor(
  { kind, role, name }: SeatHolder,
  { caller, plan, members }: Viewed,
): { becomes: Role[]; becomesReason?: string } {
  const isYours = changeMembersPermission(caller, plan, members).allowed && mayManage(caller.role, role);
  if (kind === "invitation" || !isYours) return { becomes: [] };
  const owners = members.filter((member) => member.role === "owner");
  if (role === "owner" && owners.length === 1) {
    return {
      becomes: [],
      becomesReason: `${name} is the only owner. Make somebody else an owner first.`,
    };
  }
  return { becomes: rolesToGive(caller) };
}

function resendPermission(
  { kind, role }: SeatHolder,
  { caller, plan, members }: Viewed,
): z.output<typeof person>["can"]["remove"] {
  if (kind === "member") return { allowed: false };
  const change = changeMembersPermission(caller, plan, members);
  if (!change.allowed) return change;
  return mayManage(caller.role, role)
    ? { allowed: true }
    : { allowed: false, reason: "Only an owner can invite an owner." };
}

/** The roles that the caller may give, the smallest first. */
export function rolesToGive(caller: Caller): Role[] {
  return ROLES.filter((role) => mayChangeMembers(caller) && mayManage(caller.role, role));
}

const ROLES: readonly Role[] = ["member", "billing", "admin", "owner"];

/** Who holds the seats, as data beside the sentence; the first hundred of them. */
export function holdersAnswer(holders: readonly SeatHolder[]): z.output<typeof seatHolder>[] {
  return holders.slice(0, SEAT_HOLDERS_TOLD_MAX).map(({ kind, name, email }) => ({ kind, name, email }));
}

export function changeMembersPermission(
  caller: Caller,
  plan: Plan,
  members: readonly MemberRow[],
): z.output<typeof memberList>["can"]["changeMembers"] {
  if (!mayChangeMembers(caller)) {
    const managers = members.filter(
      (member) => mayChangeMembers(member) && isActiveMember(plan, members, member.memberId),
    );
    const names = managers.map(({ name }) => name);
    return { allowed: false, code: "members_role", names, reason: `${whoIs(managers)} can change members.` };
  }
  if (caller.memberId !== null && !isActiveMember(plan, members, caller.memberId)) {
    return {
      allowed: false,
      code: "one_seat",
      reason: `${plan.name} has one seat, the owner's. You can read.`,
    };
  }
  return { allowed: true };
}

const seatsText = (seats: number): string => `${seats} ${seats === 1 ? "seat" : "seats"}`;

const THERE = {
  member: "is a member already",
  invitation: "is invited already",
  named_twice: "is named twice",
} as const;

export function throwInviteRefusal(
  refusal: Exclude<InviteOutcome, { code: "invited" }>,
  people: InviteRequest["people"],
): never {
  switch (refusal.code) {
    case "seats_needed": {
      const { neededSeats, room, holders } = refusal;
      const { plan, purchasedSeats, cut } = room;
      const inUse = `${seatsText(holders.length)} ${holders.length === 1 ? "is" : "are"} in use: ${whoIs(holders)}.`;
      const limit = !plan.perSeat
        ? `${plan.name} has one seat: choose a plan with ${seatsText(neededSeats)} first.`
        : neededSeats > purchasedSeats
          ? `These invitations need ${seatsText(neededSeats)} and ${purchasedSeats} are bought: change to ${neededSeats} first.`
          : `These invitations need ${seatsText(neededSeats)}, and from ${iso(cut!.startsAt).slice(0, 10)} there will be ${cut!.seats}: change to ${neededSeats} first.`;
      throw new ProblemError("seats_in_use", `${inUse} ${limit} Nobody was invited.`, {
        extra: {
          reason: "seats_needed",
          neededSeats,
          purchasedSeats,
          scheduledSeats: cut?.seats ?? null,
          seats: holdersAnswer(holders),
        },
      });
    }
    case "there_already": {
      const errors = refusal.found.map(({ index, as }) => ({
        path: `invitations.${index}.email`,
        message: THERE[as],
      }));
      const each = refusal.found.map(({ index, as }) => `${people[index]!.email} ${THERE[as]}`).join(", ");
      const text = `${each}. Leave them out and send the others again. Nobody was invited.`;
      throw new ProblemError("conflict", text, { errors, extra: { reason: "there_already" } });
    }
    case "rights_ended":
      throw rightsEnded();
    case "not_yours_to_give":
      throw new ProblemError(
        "forbidden",
        `Only an owner can invite an ${refusal.role}. Nobody was invited.`,
        {
          extra: { reason: "owner_only" },
        },
      );
  }
}

export function throwRemoveRefusal(refusal: Exclude<RemoveOutcome, { code: "removed" }>): never {
  switch (refusal.code) {
    case "not_found":
      throw new ProblemError("not_found", "There is no such member or open invitation in this account.");
    case "rights_ended":
      throw rightsEnded();
    case "not_yours_to_remove":
      throw new ProblemError("forbidden", "Only an owner can remove an owner. Nothing was changed.", {
        extra: { reason: "owner_only" },
      });
    case "last_owner": {
      const text = `${refusal.name} is the only owner. Make somebody else an owner first. Nothing was changed.`;
      throw new ProblemError("conflict", text, { extra: { reason: "last_owner" } });
    }
    case "accepted_meanwhile": {
      const text = `This invitation was accepted: remove the member ${refusal.memberId} instead. Nothing was changed.`;
      throw new ProblemError("conflict", text, { extra: { reason: "accepted_meanwhile" } });
    }
  }
}

export function throwRoleRefusal(
  refusal: Exclude<ChangeRoleOutcome, { code: "changed" }> | Exclude<ResendOutcome, { code: "sent" }>,
): never {
  switch (refusal.code) {
    case "not_found":
      throw new ProblemError("not_found", "There is no such member or open invitation in this account.");
    case "rights_ended":
      throw rightsEnded();
    case "not_yours_to_change":
      throw new ProblemError("forbidden", "Only an owner can make or change an owner. Nothing was changed.");
    case "last_owner": {
      const text = `${refusal.name} is the only owner. Make somebody else an owner first. Nothing was changed.`;
      throw new ProblemError("conflict", text);
    }
  }
}

export function throwAcceptRefusal(refusal: Exclude<AcceptOutcome, { code: "accepted" }>): never {
  const text =
    refusal.code === "expired"
      ? "This invitation has expired. Ask who sent it for a new one."
      : "This invitation is unknown or was withdrawn. Ask who sent it for a new one.";
  throw new ProblemError("not_found", text);
}
