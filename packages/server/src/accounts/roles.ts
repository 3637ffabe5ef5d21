/** What a member may do: all but `member` change billing (B2). */
export type Role = "owner" | "admin" | "billing" | "member";

export const ROLES: readonly Role[] = ["owner", "admin", "billing", "member"];

/** Where a secret lets somebody in. */
export type CredentialKind =
  "platform_key" | "account_key" | "session_token" | "dashboard_session" | "sign_in_link";
