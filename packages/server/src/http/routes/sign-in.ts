import type { OpenAPIHono } from "@hono/zod-openapi";
import {
  authenticate,
  BY_LINK,
  credentialsIn,
  DASHBOARD_SESSION_MS,
  issueCredential,
} from "../../accounts/credentials.ts";
import { takeUse } from "../../accounts/store-credentials.ts";
import { deviceOf } from "../../people/device.ts";
import { ownOrigin, type Variables } from "../caller.ts";
import { ProblemError } from "../problem.ts";
import { setSessionCookie } from "../session-cookie.ts";
import type { Services } from "../services.ts";

const REFUSED =
  "This sign-in link is unknown, was used or has expired. Ask for a new one: npm start prints it, and an operator makes one with bursar accounts sign-in-link.";

/** For a person who opened the link: the same words, without script or style, as the page's own policy wants it. */
const REFUSED_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <meta name="color-scheme" content="light dark">
    <title>This sign-in link does not work</title>
  </head>
  <body>
    <main>
      <h1>This sign-in link does not work</h1>
      <p>${REFUSED}</p>
      <p><a href="/settings/billing">Go to billing</a>, if this browser is signed in.</p>
    </main>
  </body>
</html>
`;

/** `GET /sign-in?token=`: a sign-in link becomes a session of this browser, and the token leaves the address bar. */
export function signInRoute(
  app: OpenAPIHono<{ Variables: Variables }>,
  { database, clock, ids }: Services,
): void {
  const credentials = credentialsIn(database);

  app.get("/sign-in", async (c, next) => {
    const db = database.kysely;
    const token = c.req.query("token");
    // Without one it is the page that asks for e-mail and password.
    if (token === undefined) return next();
    const caller = await authenticate(credentials, token, { kinds: ["sign_in_link"], now: clock.now() });
    const isLetIn = caller?.accountId != null && (await takeUse(db, caller.credentialId));
    if (!isLetIn) {
      const isBrowser = c.req.header("accept")?.includes("text/html") === true;
      if (isBrowser) return c.html(REFUSED_PAGE, 401);
      throw new ProblemError("unauthenticated", REFUSED);
    }
    const { accountId, memberId, role } = caller;
    const session = await issueCredential(
      { db, clock, ids },
      {
        kind: "dashboard_session",
        accountId,
        memberId,
        role,
        lifetimeMs: DASHBOARD_SESSION_MS,
        createdBy: BY_LINK,
        name: deviceOf(c.req.header("user-agent")),
      },
    );
    setSessionCookie(c, ownOrigin(c), session);
    return c.redirect("/settings/billing", 303);
  });
}
