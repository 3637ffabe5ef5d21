import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { hostKeys, signInByHost } from "../../people/host-token.ts";
import { DOOR_BYTES_MAX, limitBody } from "../body.ts";
import { ownOrigin, type Variables } from "../caller.ts";
import { nextPath } from "../next-path.ts";
import { paragraph, plainPage } from "../plain-page.ts";
import { ProblemError } from "../problem.ts";
import type { Services } from "../services.ts";
import { setSessionCookie } from "../session-cookie.ts";
import { fromOf } from "./auth-answer.ts";

/**
 * `POST /sign-in/host` with a form's fields `token` and `next`, or the same as a link: the product's token becomes a
 * session of this browser. A form keeps the token out of addresses, and so out of logs.
 */
export function hostSignInRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { hostTokens: host } = services;
  if (host === undefined) return;
  const context = { ...services, host, keys: hostKeys(host) };

  async function enter(
    c: Context<{ Variables: Variables }>,
    sent: { token: string; next: string | undefined },
  ): Promise<Response> {
    const outcome = await signInByHost(context, { token: sent.token, from: fromOf(c) });
    if (outcome.code === "signed_in") {
      setSessionCookie(c, ownOrigin(c), outcome.session);
      c.header("referrer-policy", "no-referrer");
      c.header("cache-control", "no-store");
      return c.redirect(nextPath(sent.next), 303);
    }
    const reason =
      outcome.code === "refused"
        ? outcome.reason
        : "The product's keys cannot be fetched now. Go back and try again in a minute.";
    services.log.warn({ requestId: c.get("requestId"), reason }, "a token of the host was refused");
    if (c.req.header("accept")?.includes("text/html") !== true) {
      throw new ProblemError(outcome.code === "refused" ? "unauthenticated" : "unavailable", reason);
    }
    const page = plainPage("You are not signed in", paragraph(reason) + paragraph("Go back and try again."));
    return new Response(page.body, {
      status: outcome.code === "refused" ? 401 : 503,
      headers: page.headers,
    });
  }

  app.get("/sign-in/host", (c) => enter(c, { token: c.req.query("token") ?? "", next: c.req.query("next") }));
  app.post("/sign-in/host", limitBody(DOOR_BYTES_MAX), async (c) => {
    const { token, next } = await c.req.parseBody();
    const text = (value: unknown) => (typeof value === "string" ? value : undefined);
    return enter(c, { token: text(token) ?? "", next: text(next) });
  });
}
