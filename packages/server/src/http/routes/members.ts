import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { findAccount, listMembers } from "../../accounts/store.ts";
import { acceptInvitation } from "../../seats/accept-invitation.ts";
import { changeRole } from "../../seats/change-role.ts";
import { removePerson } from "../../seats/remove-person.ts";
import { resendInvitation } from "../../seats/resend-invitation.ts";
import { listSeatHolders, type SeatHolder } from "../../seats/seat-holders.ts";
import { invitePeople, loadRoom } from "../../subscriptions/invite-people.ts";
import { DOOR_BYTES_MAX, limitBody, requireJson } from "../body.ts";
import { accountOf, actorOf, requireMemberManager, type Variables } from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { iso, pageQuery } from "../schemas/common.ts";
import * as schemas from "../schemas/members.ts";
import type { Services } from "../services.ts";
import {
  changeMembersPermission,
  personAnswer,
  rolesToGive,
  throwAcceptRefusal,
  throwInviteRefusal,
  throwRemoveRefusal,
  throwRoleRefusal,
} from "./member-answer.ts";

type App = OpenAPIHono<{ Variables: Variables }>;

const listRoute = createRoute({
  method: "get",
  path: "/api/members",
  summary: "Members and open invitations: who holds which seat",
  request: { query: pageQuery },
  responses: answers(schemas.memberList),
});
const inviteRoute = createRoute({
  method: "post",
  path: "/api/members",
  summary: "Invite people, all or none; an invitation never buys a seat",
  request: jsonBody(schemas.invitationRequest),
  responses: answers(schemas.invitations),
});
const removeRoute = createRoute({
  method: "delete",
  path: "/api/members/{id}",
  summary: "Remove a member, or withdraw an open invitation",
  request: { params: z.object({ id: z.string().max(60) }) },
  responses: { 204: { description: "Removed" }, default: answers(schemas.invitations).default },
});
const acceptRoute = createRoute({
  method: "post",
  path: "/api/invitations/accept",
  summary: "Become the member that an invitation is for",
  request: jsonBody(schemas.acceptRequest),
  responses: answers(schemas.acceptAnswer),
});

const roleRoute = createRoute({
  method: "patch",
  path: "/api/members/{id}",
  summary: "Give a member another role; the last owner stays one",
  request: { params: z.object({ id: z.string().max(60) }), ...jsonBody(schemas.roleChange) },
  responses: { 204: { description: "Changed" }, default: answers(schemas.invitations).default },
});
const resendRoute = createRoute({
  method: "post",
  path: "/api/members/{id}/resend",
  summary: "Send the mail of an open invitation once more; its time begins anew",
  request: { params: z.object({ id: z.string().max(60) }) },
  responses: answers(schemas.resent),
});

export function memberRoutes(app: App, services: Services): void {
  const { database, clock } = services;
  const { kysely } = database;

  app.openapi(listRoute, async (c) => {
    const accountId = await accountOf(c, database);
    const now = clock.now(accountId);
    const { limit, cursor } = c.req.valid("query");
    const [holders, members, room] = [
      await listSeatHolders(kysely, accountId, now),
      await listMembers(kysely, accountId),
      await loadRoom(services, kysely, { accountId, now }),
    ];
    const left = cursor === undefined ? holders : holders.filter((holder) => placeOf(holder) > cursor);
    const page = left.slice(0, limit);
    const { plan, purchasedSeats, cut } = room;
    const caller = c.get("caller");
    const data = page.map((holder) => personAnswer(holder, { caller, plan, members }));
    const answer = {
      data,
      nextCursor: left.length > limit ? placeOf(page.at(-1)!) : null,
      seats: {
        purchased: purchasedSeats,
        used: holders.length,
        scheduled: cut && { seats: cut.seats, from: iso(cut.startsAt) },
      },
      can: { changeMembers: changeMembersPermission(caller, plan, members), inviteAs: rolesToGive(caller) },
    };
    return c.json(answer, 200);
  });

  app.openapi(inviteRoute, async (c) => {
    requireMemberManager(c);
    const accountId = await accountOf(c, database);
    const people = c.req.valid("json").invitations.map(({ email, name, role }) => {
      return { email, name: name ?? null, role };
    });
    const outcome = await invitePeople(services, accountId, { people, actor: actorOf(c) });
    if (outcome.code !== "invited") throwInviteRefusal(outcome, people);
    const data = outcome.invitations.map(({ invitationId, secret, expiresAt, ...invited }) => {
      return { id: invitationId, ...invited, expiresAt: iso(expiresAt), token: secret };
    });
    return c.json({ data }, 200);
  });

  app.openapi(removeRoute, async (c) => {
    requireMemberManager(c);
    const accountId = await accountOf(c, database);
    const request = { id: c.req.valid("param").id, actor: actorOf(c) };
    const outcome = await removePerson(services, accountId, request);
    if (outcome.code !== "removed") throwRemoveRefusal(outcome);
    return c.body(null, 204);
  });
  roleAndResendRoutes(app, services);
}

/** Grows along the list. A cursor stays good though who stood there has left: else the list would begin anew. */
function placeOf({ kind, createdAt, id }: SeatHolder): string {
  return `${kind === "member" ? 1 : 2}.${String(createdAt).padStart(15, "0")}.${id}`;
}

function roleAndResendRoutes(app: App, services: Services): void {
  const { database } = services;

  app.openapi(roleRoute, async (c) => {
    requireMemberManager(c);
    const accountId = await accountOf(c, database);
    const request = { id: c.req.valid("param").id, role: c.req.valid("json").role, actor: actorOf(c) };
    const outcome = await changeRole(services, accountId, request);
    if (outcome.code !== "changed") throwRoleRefusal(outcome);
    return c.body(null, 204);
  });

  app.openapi(resendRoute, async (c) => {
    requireMemberManager(c);
    const accountId = await accountOf(c, database);
    const request = { id: c.req.valid("param").id, actor: actorOf(c) };
    const outcome = await resendInvitation(services, accountId, request);
    if (outcome.code !== "sent") throwRoleRefusal(outcome);
    return c.json({ expiresAt: iso(outcome.expiresAt) }, 200);
  });
}

/** The one door without a key or a sign-in: the invitation's own secret is the credential. It signs nobody in. */
export function acceptInvitationRoute(app: App, services: Services): void {
  app.use(acceptRoute.path, limitBody(DOOR_BYTES_MAX), requireJson());
  app.openapi(acceptRoute, async (c) => {
    const outcome = await acceptInvitation(services, {
      ...c.req.valid("json"),
      requestId: c.get("requestId"),
    });
    if (outcome.code !== "accepted") throwAcceptRefusal(outcome);
    const account = await findAccount(services.database.kysely, outcome.accountId);
    const { memberId, name, email, role } = outcome.member;
    const answer = {
      account: { id: outcome.accountId, name: account?.name ?? "" },
      member: { id: memberId, name, email, role, active: outcome.isActive },
    };
    return c.json(answer, 200);
  });
}
