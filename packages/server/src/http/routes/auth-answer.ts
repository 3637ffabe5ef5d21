/** What the routes of signing in say alike. */
import { PasswordsBusyError } from "../../people/password.ts";
import type { From } from "../../people/sessions.ts";
import { ownOrigin, type AppContext } from "../caller.ts";
import { ProblemError } from "../problem.ts";
import { readSessionCookie } from "../session-cookie.ts";

export function fromOf(c: AppContext): From {
  return {
    requestId: c.get("requestId"),
    userAgent: c.req.header("user-agent")?.slice(0, 500),
    brought: readSessionCookie(c, ownOrigin(c)),
  };
}

export function tooManyTries(waitSeconds: number): ProblemError {
  const minutes = Math.ceil(waitSeconds / 60);
  return new ProblemError(
    "rate_limited",
    `Too many tries. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}. Nothing was changed.`,
    { headers: { "retry-after": String(waitSeconds) } },
  );
}

export function passwordRefused(reason: string): ProblemError {
  const message = `A password ${reason}.`;
  return new ProblemError("invalid_request", `${message} Nothing was changed.`, {
    errors: [{ path: "password", message }],
  });
}

export function wrongPassword(path: string): ProblemError {
  return new ProblemError("forbidden", "Your current password is another. Nothing was changed.", {
    errors: [{ path, message: "is not your password" }],
  });
}

export function noPassword(): ProblemError {
  const detail =
    "You have no password yet. The mail of a forgotten password sets the first one. Nothing was changed.";
  return new ProblemError("conflict", detail);
}

/** Where more sign in at once than passwords can be checked. */
export async function whilePasswordsAreFew<Outcome>(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PasswordsBusyError)) throw error;
    throw new ProblemError(
      "unavailable",
      "Too many people sign in at this moment. Try again in a few seconds.",
    );
  }
}
