import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import type { AccountId } from "@bursar/core";
import { BY_LINK } from "../../accounts/credentials.ts";
import { findCreator } from "../../accounts/store-credentials.ts";
import { findAccount, findMember } from "../../accounts/store.ts";
import { askForEmail } from "../../people/change-email.ts";
import { rename } from "../../people/rename.ts";
import { endSession, signOut, switchAccount } from "../../people/sessions.ts";
import { changePassword } from "../../people/set-password.ts";
import { findPerson, listMemberships, listSessions, type Reach } from "../../people/store.ts";
import { accountOf, actorOf, ownOrigin, type AppContext, type Variables } from "../caller.ts";
import { clientAddress } from "../client-address.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import * as schemas from "../schemas/auth.ts";
import type { Services } from "../services.ts";
import { clearSessionCookie, setSessionCookie } from "../session-cookie.ts";
import {
  fromOf,
  noPassword,
  passwordRefused,
  tooManyTries,
  whilePasswordsAreFew,
  wrongPassword,
} from "./auth-answer.ts";

const done = (description: string) =>
  ({ 204: { description }, default: answers(schemas.me).default }) as const;

const meRoute = createRoute({
  method: "get",
  path: "/api/auth/me",
  summary: "Who is signed in, and in which accounts they are",
  responses: answers(schemas.me),
});
const renameRoute = createRoute({
  method: "patch",
  path: "/api/auth/me",
  summary: "Change one's own name",
  request: jsonBody(schemas.meChange),
  responses: done("Changed"),
});
const signOutRoute = createRoute({
  method: "post",
  path: "/api/auth/sign-out",
  summary: "End this session",
  responses: done("Signed out"),
});
const passwordRoute = createRoute({
  method: "post",
  path: "/api/auth/password",
  summary: "Change one's own password; other browsers are signed out",
  request: jsonBody(schemas.passwordChange),
  responses: done("Changed; this browser has a new session"),
});
const emailRoute = createRoute({
  method: "post",
  path: "/api/auth/email",
  summary: "Ask for another e-mail address; it counts when its mail's link was opened",
  request: jsonBody(schemas.emailChange),
  responses: answers(schemas.asked),
});
const sessionsRoute = createRoute({
  method: "get",
  path: "/api/auth/sessions",
  summary: "One's own sessions, in all accounts, the newest first",
  responses: answers(schemas.sessionList),
});
const endSessionRoute = createRoute({
  method: "delete",
  path: "/api/auth/sessions/{id}",
  summary: "End a session of one's own",
  request: { params: z.object({ id: z.string().max(60) }) },
  responses: done("Ended"),
});
const switchRoute = createRoute({
  method: "post",
  path: "/api/auth/switch",
  summary: "Go on in another account of one's own; the session is a new one",
  request: jsonBody(schemas.switchRequest),
  responses: done("Switched"),
});

type App = OpenAPIHono<{ Variables: Variables }>;

/** Of who is signed in, for themselves. A key or token is no person. */
export function authAccountRoutes(app: App, services: Services): void {
  aboutMe(app, services);
  sessionRoutes(app, services);
}

function aboutMe(app: App, services: Services): void {
  const db = services.database.kysely;

  app.openapi(meRoute, async (c) => {
    const signedIn = await requireSession(c, services);
    if (signedIn.person === null) {
      const { accountId, role } = signedIn;
      const name = (await findAccount(db, accountId))?.name ?? "";
      return c.json({ person: null, accounts: [{ id: accountId, name, role, current: true }] }, 200);
    }
    const { name, email } = signedIn.person;
    const hasPassword = (await findPerson(db, email))?.passwordHash != null;
    const { within } = signedIn.person;
    const accounts = (await listMemberships(db, email))
      .filter(({ accountId }) => within === null || accountId === within)
      .map(({ accountId, accountName, role }) => {
        return { id: accountId, name: accountName, role, current: accountId === signedIn.accountId };
      });
    return c.json({ person: { name, email, hasPassword }, accounts }, 200);
  });

  app.openapi(renameRoute, async (c) => {
    const { person } = await requirePerson(c, services);
    const { name } = c.req.valid("json");
    await rename(services, { ...person, to: name, requestId: c.get("requestId") });
    return c.body(null, 204);
  });

  app.openapi(passwordRoute, async (c) => {
    const { person, accountId } = await requirePerson(c, services);
    const { currentPassword, password } = c.req.valid("json");
    const outcome = await whilePasswordsAreFew(() =>
      changePassword(services, {
        email: person.email,
        accountId,
        current: currentPassword,
        password,
        address: clientAddress(c, services.proxyHops),
        from: fromOf(c),
      }),
    );
    if (outcome.code === "too_many") throw tooManyTries(outcome.waitSeconds);
    if (outcome.code === "no_password") throw noPassword();
    if (outcome.code === "wrong") throw wrongPassword("currentPassword");
    if (outcome.code === "refused") throw passwordRefused(outcome.reason);
    if (outcome.code === "unknown") throw signedOut();
    setSessionCookie(c, ownOrigin(c), outcome.session);
    return c.body(null, 204);
  });

  app.openapi(emailRoute, async (c) => {
    const { person } = await requirePerson(c, services);
    const { email: newEmail, password } = c.req.valid("json");
    const address = clientAddress(c, services.proxyHops);
    const outcome = await whilePasswordsAreFew(() =>
      askForEmail(services, { email: person.email, newEmail, password, address }),
    );
    if (outcome.code === "too_many") throw tooManyTries(outcome.waitSeconds);
    if (outcome.code === "wrong") throw wrongPassword("password");
    if (outcome.code === "no_password") throw noPassword();
    return c.json({ status: "asked" } as const, 200);
  });
}

function sessionRoutes(app: App, services: Services): void {
  const { database, clock } = services;

  app.openapi(signOutRoute, async (c) => {
    const { accountId } = await requireSession(c, services);
    const { credentialId } = c.get("caller");
    await signOut(services, { accountId, credentialId, actor: actorOf(c) });
    clearSessionCookie(c, ownOrigin(c));
    return c.body(null, 204);
  });

  app.openapi(sessionsRoute, async (c) => {
    const { person } = await requirePerson(c, services);
    const { credentialId: current } = c.get("caller");
    const rows = await listSessions(database.kysely, { ...person, now: clock.now() });
    const data = rows.map(({ credentialId, device, accountName, ...times }) => ({
      id: credentialId,
      device,
      account: { name: accountName },
      createdAt: times.createdAt.toISOString(),
      lastUsedAt: times.lastUsedAt?.toISOString() ?? null,
      expiresAt: times.expiresAt.toISOString(),
      current: credentialId === current,
    }));
    return c.json({ data, nextCursor: null }, 200);
  });

  app.openapi(endSessionRoute, async (c) => {
    const { person } = await requirePerson(c, services);
    const { email, within } = person;
    const credentialId = c.req.valid("param").id;
    const requestId = c.get("requestId");
    if (!(await endSession(services, { email, within, credentialId, requestId }))) {
      throw new ProblemError("not_found", "You have no such session. It may have ended already.");
    }
    if (credentialId === c.get("caller").credentialId) clearSessionCookie(c, ownOrigin(c));
    return c.body(null, 204);
  });

  app.openapi(switchRoute, async (c) => {
    const { person } = await requirePerson(c, services);
    const { credentialId } = c.get("caller");
    const { accountId } = c.req.valid("json");
    if (person.within !== null) {
      throw new ProblemError(
        "forbidden",
        "You came by a sign-in link, which opens this account alone. Sign in with your password to go to another.",
      );
    }
    const outcome = await switchAccount(services, {
      email: person.email,
      accountId,
      credentialId,
      from: fromOf(c),
    });
    if (outcome.code === "not_found") throw new ProblemError("not_found", "You are in no such account.");
    if (outcome.code === "signed_out") throw signedOut();
    setSessionCookie(c, ownOrigin(c), outcome.session);
    return c.body(null, 204);
  });
}

const signedOut = (): ProblemError => new ProblemError("unauthenticated", "You are signed out. Sign in.");

interface Person extends Reach {
  readonly name: string;
}

async function requireSession(
  c: AppContext,
  { database }: Services,
): Promise<{
  accountId: AccountId;
  role: z.output<typeof schemas.me>["accounts"][0]["role"];
  person: Person | null;
}> {
  const { credentialId, kind, memberId, role } = c.get("caller");
  if (kind !== "dashboard_session") {
    throw new ProblemError(
      "forbidden",
      "This call is for a person who is signed in, not for a key or token.",
    );
  }
  const accountId = await accountOf(c, database);
  const member = memberId === null ? null : await findMember(database.kysely, accountId, memberId);
  if (memberId === null || member === null) return { accountId, role, person: null };
  // Who was handed a link has not shown that the mailbox is theirs: the person's other accounts are not opened by it.
  const within = (await findCreator(database.kysely, credentialId)) === BY_LINK ? accountId : null;
  return { accountId, role, person: { name: member.name, email: member.email.toLowerCase(), within } };
}

async function requirePerson(
  c: AppContext,
  services: Services,
): Promise<{ accountId: AccountId; person: Person }> {
  const { accountId, person } = await requireSession(c, services);
  if (person !== null) return { accountId, person };
  throw new ProblemError(
    "forbidden",
    "The product signed you in, and keeps your name, address and password. Change them there.",
  );
}
