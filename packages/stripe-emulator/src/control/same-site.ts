/** The control page and the faults need no key, so a page of another site must not press their buttons. */
import type { MiddlewareHandler } from "hono";
import type { Env } from "../env.ts";

export const refuseOtherSites: MiddlewareHandler<Env> = async (c, next) => {
  const origin = c.req.header("origin");
  const isOwn =
    origin === undefined || (URL.canParse(origin) && new URL(origin).host === c.req.header("host"));
  if (c.req.method !== "GET" && !isOwn) {
    return c.json(
      { error: { message: "Another site's page may not change this emulator.", field: "origin" } },
      403,
    );
  }
  await next();
};
