import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { stopwatch } from "../system.ts";
import type { AppContext, Variables } from "./caller.ts";

/** Anybody can make a method up. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Asked for every few seconds by machines; in the log only who looks closely sees them. */
const PROBES: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics", "/assets/:name"]);

/**
 * Counts every request, and writes a line of it: who by which credential, on which route, how it ended and how long it
 * took until the answer began. The route is its pattern, so neither ids nor what stands after `?` is in it.
 */
export function watchRequests({
  log,
  metrics,
}: {
  log: Log;
  metrics: Metrics;
}): MiddlewareHandler<{ Variables: Variables }> {
  return async (c, next) => {
    const seconds = stopwatch();
    await next();
    const tookSeconds = seconds();
    const method = METHODS.has(c.req.method) ? c.req.method : "other";
    const route = routeOf(c);
    const { status } = c.res;
    metrics.request({ method, route, status, seconds: tookSeconds });
    const level = PROBES.has(route) ? "debug" : "info";
    if (!log.isLevelEnabled(level)) return;
    const caller = c.var.caller as typeof c.var.caller | undefined;
    log[level](
      {
        ...{ method, route, status, ms: Math.round(tookSeconds * 10_000) / 10, requestId: c.var.requestId },
        credentialKind: caller?.kind ?? null,
        credentialId: caller?.credentialId ?? null,
        accountId: c.var.accountId ?? caller?.accountId ?? null,
      },
      "request",
    );
  };
}

/** `none`: there is no such route. */
export function routeOf(c: AppContext): string {
  const own = matchedRoutes(c).filter(({ method }) => method !== "ALL");
  return own.at(-1)?.path ?? "none";
}
