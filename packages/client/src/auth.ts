import type { InvitationSeen, Joined, Me, Session, SignInOptions } from "./auth-types.ts";
import type { Requester } from "./requester.ts";
import type { List } from "./types.ts";

/**
 * Signing in by e-mail and password, and what a person changes of themselves. The session is a cookie, so this is for
 * the browser of the standalone page and not for a product's backend.
 */
export interface AuthClient {
  options: () => Promise<SignInOptions>;
  signIn: (request: { email: string; password: string }) => Promise<void>;
  signOut: () => Promise<void>;
  /** Answers alike for an address that nobody has. */
  forgotPassword: (request: { email: string }) => Promise<void>;
  /** By the link of a mail; signs this browser in and all others out. */
  resetPassword: (request: { token: string; password: string }) => Promise<void>;
  invitation: (request: { token: string }) => Promise<InvitationSeen>;
  join: (request: { token: string; name: string; password?: string }) => Promise<Joined>;
  confirmEmail: (request: { token: string }) => Promise<{ email: string }>;
  me: () => Promise<Me>;
  rename: (request: { name: string }) => Promise<void>;
  changePassword: (request: { currentPassword: string; password: string }) => Promise<void>;
  changeEmail: (request: { email: string; password: string }) => Promise<void>;
  sessions: () => Promise<List<Session>>;
  endSession: (id: string) => Promise<void>;
  switchAccount: (accountId: string) => Promise<void>;
}

/** Below `/api/auth`. */
export function createAuthClient({ get, post, patch, remove }: Requester): AuthClient {
  return {
    options: () => get("/options"),
    signIn: (request) => post("/sign-in", request),
    signOut: () => post("/sign-out", {}),
    forgotPassword: (request) => post("/forgot-password", request),
    resetPassword: (request) => post("/reset-password", request),
    invitation: (request) => post("/invitation", request),
    join: (request) => post("/accept-invitation", request),
    confirmEmail: (request) => post("/confirm-email", request),
    me: () => get("/me"),
    rename: (request) => patch("/me", request),
    changePassword: (request) => post("/password", request),
    changeEmail: (request) => post("/email", request),
    sessions: () => get("/sessions"),
    endSession: (id) => remove(`/sessions/${encodeURIComponent(id)}`),
    switchAccount: (accountId) => post("/switch", { accountId }),
  };
}
