import type { HttpBindings } from "@hono/node-server";
import type { AppContext } from "./caller.ts";

/**
 * The network address that a request came from. Behind proxies of the operator's own it is what the outermost of them
 * wrote into X-Forwarded-For, counted from the right: what stands left of it anybody can have made up.
 */
export function clientAddress(c: AppContext, proxyHops: number): string {
  const { incoming } = c.env as HttpBindings;
  const direct = incoming.socket.remoteAddress ?? "unknown";
  if (proxyHops === 0) return direct;
  const told = (c.req.header("x-forwarded-for") ?? "").split(",").map((each) => each.trim());
  return told.at(-proxyHops) || direct;
}
