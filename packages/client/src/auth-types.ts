import type { Role } from "./types.ts";

/** How one can sign in at this server. */
export interface SignInOptions {
  /** Whether mails are sent: without them nobody can ask for a new password. */
  mail: boolean;
  /** The demo's password stands where `npm start` was called. */
  demo: boolean;
}

/** What an open invitation is for. */
export interface InvitationSeen {
  account: { name: string };
  email: string;
  name: string | null;
  role: Role;
  /** Whoever comes by the mail's link is signed in; any other secret only makes the member. */
  signsIn: boolean;
  needsPassword: boolean;
}

export interface Joined {
  status: "signed_in" | "accepted";
  account: { name: string };
}

/** Who is signed in. */
export interface Me {
  /** `null` of a session that the product opened: its people are its own. */
  person: { name: string; email: string; hasPassword: boolean } | null;
  /** The one that they joined first stands first. */
  accounts: { id: string; name: string; role: Role; current: boolean }[];
}

/** A browser that is signed in. */
export interface Session {
  id: string;
  /** "Firefox on Windows", as the browser says it. */
  device: string | null;
  account: { name: string };
  createdAt: string;
  /** To the minute. */
  lastUsedAt: string | null;
  expiresAt: string;
  current: boolean;
}
