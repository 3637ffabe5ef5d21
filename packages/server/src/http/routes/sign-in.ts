import type { OpenAPIHono } from "@hono/zod-openapi";
import { authenticate, credentialsIn } from "../../accounts/credentials.ts";
import { signInByLink } from "../../people/sign-in-link.ts";
import { ownOrigin, type Variables } from "../caller.ts";
import { ProblemError } from "../problem.ts";
import { setSessionCookie } from "../session-cookie.ts";
import type { Services } from "../services.ts";
import { fromOf } from "./auth-answer.ts";

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
export function signInRoute(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, clock } = services;
  const credentials = credentialsIn(database);

  app.get("/sign-in", async (c, next) => {
    const token = c.req.query("token");
    // Without one it is the page that asks for e-mail and password.
    if (token === undefined) return next();
    // Who only asks for the headers is a machine that looks at links: a use would be gone before the person came.
    if (c.req.method === "HEAD") return c.body(null, 204);
    const link = await authenticate(credentials, token, { kinds: ["sign_in_link"], now: clock.now() });
    const session = link === null ? null : await signInByLink(services, { link, from: fromOf(c) });
    if (session === null) {
      const isBrowser = c.req.header("accept")?.includes("text/html") === true;
      if (isBrowser) return c.html(REFUSED_PAGE, 401);
      throw new ProblemError("unauthenticated", REFUSED);
    }
    setSessionCookie(c, ownOrigin(c), session);
    return c.redirect("/settings/billing", 303);
  });
}
