import { ownOrigin, type AppContext } from "./caller.ts";
import { ProblemError } from "./problem.ts";

/**
 * Where a hosted page may send the browser: this service itself; for a session token also the site that the product
 * named when it made the token; for keys, which no browser has, anywhere. Else a link could lead a customer from a
 * payment to a stranger.
 */
export function allowedReturnUrl(c: AppContext, wanted: string | undefined, ownPath: string): string {
  const origin = ownOrigin(c);
  if (wanted === undefined) return origin + ownPath;
  const { kind, returnOrigin } = c.get("caller");
  const isBrowser = kind === "dashboard_session" || kind === "session_token";
  const url = new URL(wanted);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refusal(wanted);
  // Readers of addresses differ on these characters: after a backslash some read a name and another host.
  if (AMBIGUOUS.test(wanted)) throw refusal(wanted);
  // What stands before an @ reads like the site and is none.
  if (url.username !== "" || url.password !== "") throw refusal(wanted);
  const own = [origin, ...(returnOrigin === null ? [] : [returnOrigin])];
  if (isBrowser && !own.some((each) => wanted.startsWith(`${each}/`))) throw refusal(wanted);
  // The literal {CHECKOUT_SESSION_ID} is Stripe's to fill in, so the text is handed on as it came.
  return wanted;
}

/** Control characters, spaces and backslashes, which no written address holds. */
const AMBIGUOUS = /[\p{Cc}\s\\]/u;

function refusal(wanted: string): ProblemError {
  const detail = `The browser cannot be sent to ${wanted} after paying. Use an address of this site, or name your own as returnOrigin when you make the session token.`;
  return new ProblemError("invalid_request", detail, { errors: [{ path: "successUrl", message: detail }] });
}
