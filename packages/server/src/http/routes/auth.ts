import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { confirmEmail } from "../../people/change-email.ts";
import { takeTry } from "../../people/attempts.ts";
import { join, seeInvitation } from "../../people/join.ts";
import { requestReset, resetPassword } from "../../people/set-password.ts";
import { signIn } from "../../people/sign-in.ts";
import { requireJson } from "../body.ts";
import { ownOrigin, refuseForeignOrigin, type AppContext, type Variables } from "../caller.ts";
import { clientAddress } from "../client-address.ts";
import { answers, jsonBody } from "../openapi.ts";
import { ProblemError } from "../problem.ts";
import * as schemas from "../schemas/auth.ts";
import type { Services } from "../services.ts";
import { setSessionCookie } from "../session-cookie.ts";
import { fromOf, passwordRefused, tooManyTries, whilePasswordsAreFew } from "./auth-answer.ts";
import { throwAcceptRefusal } from "./member-answer.ts";

type App = OpenAPIHono<{ Variables: Variables }>;

const optionsRoute = createRoute({
  method: "get",
  path: "/api/auth/options",
  summary: "How one can sign in here",
  responses: answers(schemas.options),
});
const signInRoute = createRoute({
  method: "post",
  path: "/api/auth/sign-in",
  summary: "Sign in by e-mail and password; the session is a cookie",
  request: jsonBody(schemas.signInRequest),
  responses: answers(schemas.signedIn),
});
const forgotRoute = createRoute({
  method: "post",
  path: "/api/auth/forgot-password",
  summary: "Ask for a mail with a link that sets a new password",
  request: jsonBody(schemas.forgotRequest),
  responses: answers(schemas.asked),
});
const resetRoute = createRoute({
  method: "post",
  path: "/api/auth/reset-password",
  summary: "Set a password by the link of a mail; others are signed out, this browser is signed in",
  request: jsonBody(schemas.resetRequest),
  responses: answers(schemas.signedIn),
});
const invitationRoute = createRoute({
  method: "post",
  path: "/api/auth/invitation",
  summary: "What an open invitation is for",
  request: jsonBody(schemas.invitationQuestion),
  responses: answers(schemas.invitationSeen),
});
const joinRoute = createRoute({
  method: "post",
  path: "/api/auth/accept-invitation",
  summary:
    "Accept an invitation in the browser, with a password where there is none; by the mail's link it signs in",
  request: jsonBody(schemas.joinRequest),
  responses: answers(schemas.joined),
});
const confirmEmailRoute = createRoute({
  method: "post",
  path: "/api/auth/confirm-email",
  summary: "Confirm a new e-mail address by the link of the mail that went to it",
  request: jsonBody(schemas.confirmEmailRequest),
  responses: answers(schemas.emailConfirmed),
});

/** The doors without a caller: a password, or the secret of a mail, is the credential. */
export function authRoutes(app: App, services: Services): void {
  for (const { path } of [
    signInRoute,
    forgotRoute,
    resetRoute,
    invitationRoute,
    joinRoute,
    confirmEmailRoute,
  ]) {
    app.use(path, requireJson(), (c, next) => {
      refuseForeignOrigin(c);
      return next();
    });
  }
  app.openapi(optionsRoute, (c) =>
    c.json({ mail: services.courier.hasMail, demo: services.travel !== undefined }, 200),
  );

  passwordDoors(app, services);
  linkDoors(app, services);
}

function passwordDoors(app: App, services: Services): void {
  const addressOf = (c: AppContext) => clientAddress(c, services.proxyHops);

  app.openapi(signInRoute, async (c) => {
    const request = { ...c.req.valid("json"), address: addressOf(c), from: fromOf(c) };
    const outcome = await whilePasswordsAreFew(() => signIn(services, request));
    if (outcome.code === "too_many") throw tooManyTries(outcome.waitSeconds);
    if (outcome.code === "wrong") {
      throw new ProblemError(
        "unauthenticated",
        "This e-mail and password do not belong together. Check both, or ask for a new password.",
        { extra: { reason: "wrong_password" } },
      );
    }
    if (outcome.code === "no_account") {
      throw new ProblemError(
        "forbidden",
        "Your password is right, but you are a member of no account here. Ask an owner of the account for an invitation.",
        { extra: { reason: "no_account" } },
      );
    }
    setSessionCookie(c, ownOrigin(c), outcome.session);
    return c.json({ status: "signed_in" as const }, 200);
  });

  app.openapi(forgotRoute, async (c) => {
    const waitSeconds = await requestReset(services, { ...c.req.valid("json"), address: addressOf(c) });
    if (waitSeconds !== null) throw tooManyTries(waitSeconds);
    return c.json({ status: "asked" as const }, 200);
  });

  app.openapi(resetRoute, async (c) => {
    await countLink(c, services);
    const request = { ...c.req.valid("json"), from: fromOf(c) };
    const outcome = await whilePasswordsAreFew(() => resetPassword(services, request));
    if (outcome.code === "unknown") throw unknownLink();
    if (outcome.code === "refused") throw passwordRefused(outcome.reason);
    setSessionCookie(c, ownOrigin(c), outcome.session);
    return c.json({ status: "signed_in" as const }, 200);
  });
}

function linkDoors(app: App, services: Services): void {
  app.openapi(invitationRoute, async (c) => {
    await countLink(c, services);
    const seen = await seeInvitation(services, c.req.valid("json").token);
    if (seen.code !== "open") throwAcceptRefusal(seen);
    const { accountName, email, name, role, isMailed, needsPassword } = seen;
    const answer = {
      account: { name: accountName },
      email,
      name,
      role,
      signsIn: isMailed,
      needsPassword,
    };
    return c.json(answer, 200);
  });

  app.openapi(joinRoute, async (c) => {
    await countLink(c, services);
    const { token, name, password } = c.req.valid("json");
    const outcome = await whilePasswordsAreFew(() =>
      join(services, { token, name, password, from: fromOf(c) }),
    );
    if (outcome.code === "password_needed") throw passwordRefused("is missing: you have none here yet");
    if (outcome.code === "refused") throw passwordRefused(outcome.reason);
    if (outcome.code !== "joined") throwAcceptRefusal(outcome);
    const { session, accountName } = outcome;
    if (session !== null) setSessionCookie(c, ownOrigin(c), session);
    return c.json(
      { status: session === null ? "accepted" : "signed_in", account: { name: accountName } } as const,
      200,
    );
  });

  app.openapi(confirmEmailRoute, async (c) => {
    await countLink(c, services);
    const outcome = await confirmEmail(services, { ...c.req.valid("json"), from: fromOf(c) });
    if (outcome.code === "unknown") throw unknownLink();
    if (outcome.code !== "changed") {
      throw new ProblemError(
        "conflict",
        "Somebody with this address is a member here already, so it cannot be yours too. Nothing was changed.",
      );
    }
    return c.json({ status: "changed", email: outcome.email } as const, 200);
  });
}

async function countLink(c: AppContext, services: Services): Promise<void> {
  const address = clientAddress(c, services.proxyHops);
  const waitSeconds = await takeTry(services, { what: "link", address });
  if (waitSeconds !== null) throw tooManyTries(waitSeconds);
}

const unknownLink = (): ProblemError =>
  new ProblemError("not_found", "This link is unknown, was used or has expired. Ask for a new one.");
