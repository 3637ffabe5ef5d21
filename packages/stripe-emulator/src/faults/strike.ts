/** How a fault strikes a request: the answers that are not those of the route, and the connections that just end. */
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";
import { setTimeout as pause } from "node:timers/promises";
import type { Env } from "../env.ts";
import { StripeError } from "../wire/errors.ts";
import type { RateLimitFault, ServerErrorFault, TimeoutFault } from "./fault.ts";

type RequestFault = RateLimitFault | ServerErrorFault | TimeoutFault;

export function isAfterWork(fault: RequestFault): fault is ServerErrorFault | TimeoutFault {
  return fault.kind !== "rate_limit" && fault.stage === "after";
}

/** Before the work: nothing happens and nothing is remembered. */
export async function strikeBefore(c: Context<Env>, fault: RequestFault): Promise<Response> {
  if (fault.kind === "timeout") return hangUp(c, fault.hold_ms ?? 0);
  retryHeader(c, fault);
  throw orderedFailure(fault);
}

export function retryHeader(c: Context<Env>, fault: RateLimitFault | ServerErrorFault): void {
  if (fault.should_retry !== undefined) c.header("Stripe-Should-Retry", String(fault.should_retry));
}

export function orderedFailure(fault: RateLimitFault | ServerErrorFault): StripeError {
  if (fault.kind === "server_error") {
    const message = "An unknown error occurred (ordered as a fault of the emulator).";
    return new StripeError(500, { type: "api_error", message }, { beforeWork: true });
  }
  const code = fault.code ?? "rate_limit";
  const message =
    code === "lock_timeout"
      ? "This object cannot be accessed right now because another API request or Stripe process is currently accessing it."
      : "Request rate limit exceeded.";
  return new StripeError(429, { type: "invalid_request_error", code, message }, { beforeWork: true });
}

/** Holds the connection and closes it without a word, unless the caller went first. */
export async function hangUp(c: Context<Env>, holdMs: number): Promise<Response> {
  const { outgoing } = c.env;
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  await pause(holdMs, undefined, { signal: gone.signal, ref: false }).catch(() => undefined);
  outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}
