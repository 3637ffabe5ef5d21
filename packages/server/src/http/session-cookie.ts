import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Context } from "hono";
import { DASHBOARD_SESSION_MS } from "../accounts/credentials.ts";

const NAME = "bursar_session";

/**
 * On https the browser itself sees to it that the cookie is this very host's and was not planted by a neighbour
 * (`__Host-`); by plain http, as on a laptop, that cannot be had.
 */
const isHttps = (origin: string): boolean => origin.startsWith("https:");

export function readSessionCookie(c: Context, origin: string): string | undefined {
  return isHttps(origin) ? getCookie(c, NAME, "host") : getCookie(c, NAME);
}

export function setSessionCookie(c: Context, origin: string, secret: string): void {
  setCookie(c, NAME, secret, {
    ...optionsOf(origin),
    httpOnly: true,
    sameSite: "Lax",
    maxAge: DASHBOARD_SESSION_MS / 1_000,
  });
}

export function clearSessionCookie(c: Context, origin: string): void {
  deleteCookie(c, NAME, optionsOf(origin));
}

function optionsOf(origin: string) {
  return isHttps(origin)
    ? ({ path: "/", secure: true, prefix: "host" } as const)
    : ({ path: "/", secure: false } as const);
}
