import { MINUTE_MS, SECOND_MS, type Clock } from "@bursar/core";
import type { MiddlewareHandler } from "hono";
import type { CredentialKind } from "../accounts/roles.ts";
import type { RateLimits } from "../settings.ts";
import type { Variables } from "./caller.ts";
import { ProblemError } from "./problem.ts";

/** So much of a minute may come at once after a quiet time. */
const BURST_MS = 10 * SECOND_MS;
/** Past it those that are quiet are forgotten, which costs them nothing. */
const REMEMBERED_MAX = 50_000;

const LIMIT_OF: Readonly<Record<CredentialKind, keyof RateLimits>> = {
  platform_key: "platform",
  account_key: "account",
  session_token: "session",
  dashboard_session: "session",
  sign_in_link: "session",
};

/**
 * Spreads each credential's requests over time. One number is kept a credential: when its next request would be due if
 * all came evenly; who is further ahead of now than a burst is told when to come again. Each process counts by itself,
 * so with three of them a credential may make three times as many.
 */
export function limitRate({
  clock,
  rateLimits,
}: {
  clock: Clock;
  rateLimits: RateLimits;
}): MiddlewareHandler<{ Variables: Variables }> {
  const dueAt = new Map<string, number>();
  return (c, next) => {
    const { credentialId, kind } = c.get("caller");
    const perMinute = rateLimits[LIMIT_OF[kind]];
    const now = clock.now();
    const apartMs = MINUTE_MS / perMinute;
    const aheadMs = Math.max(BURST_MS, apartMs);
    const before = dueAt.get(credentialId) ?? now;
    // Nobody gets further ahead than that: what lies beyond was counted by a clock that has been set back since.
    const due = (before > now + aheadMs ? now : Math.max(before, now)) + apartMs;
    const tooEarlyMs = due - now - aheadMs;
    if (tooEarlyMs > 0) {
      const seconds = Math.ceil(tooEarlyMs / SECOND_MS);
      throw new ProblemError(
        "rate_limited",
        `This credential may make ${perMinute} requests a minute. Send it again in ${seconds} s. Nothing was changed.`,
        { headers: { "retry-after": String(seconds) } },
      );
    }
    if (dueAt.size >= REMEMBERED_MAX) forgetQuiet(dueAt, now);
    dueAt.set(credentialId, due);
    return next();
  };
}

function forgetQuiet(dueAt: Map<string, number>, now: number): void {
  for (const [credentialId, due] of dueAt) if (due <= now) dueAt.delete(credentialId);
}
