import type { HttpBindings } from "@hono/node-server";
import type { IdSource } from "@bursar/core";
import type { MiddlewareHandler } from "hono";
import type { Variables } from "./caller.ts";

/** The page loads only what comes from here, and nobody puts it in a frame. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const SECURITY: readonly (readonly [name: string, value: string])[] = [
  ["content-security-policy", CONTENT_SECURITY_POLICY],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["origin-agent-cluster", "?1"],
  ["referrer-policy", "strict-origin-when-cross-origin"],
  ["x-content-type-options", "nosniff"],
  ["x-dns-prefetch-control", "off"],
  ["x-download-options", "noopen"],
  ["x-frame-options", "DENY"],
  ["x-permitted-cross-domain-policies", "none"],
  ["x-xss-protection", "0"],
];

/** Half a year; only where the site is known to be served by https. */
const HTTPS_ONLY = ["strict-transport-security", "max-age=15552000"] as const;

/**
 * What every answer carries: the request's id and what keeps a browser strict. It is given to Node's own response,
 * which is cheap; the `Headers` of a `Response` would take as long as the rest of a small answer.
 */
export function headersOfAll({
  ids,
  publicUrl,
}: {
  ids: IdSource;
  publicUrl: string | null;
}): MiddlewareHandler<{ Variables: Variables }> {
  const headers = publicUrl?.startsWith("https:") === true ? [...SECURITY, HTTPS_ONLY] : SECURITY;
  return (c, next) => {
    c.set("publicUrl", publicUrl);
    const requestId = ids.next("req_");
    c.set("requestId", requestId);
    const { outgoing } = c.env as HttpBindings;
    outgoing.setHeader("request-id", requestId);
    for (const [name, value] of headers) outgoing.setHeader(name, value);
    // What an account sees is kept by nobody on the way, and not in a browser that somebody signs out of.
    if (c.req.path.startsWith("/api/")) outgoing.setHeader("cache-control", "no-store");
    return next();
  };
}
