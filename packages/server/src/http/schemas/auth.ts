import { z } from "@hono/zod-openapi";
import { PASSWORD_MAX } from "../../people/password.ts";
import { instant, role, storableText } from "./common.ts";

/** Signing in, and what a person changes of themselves. */

const email = z.email().max(254);
/** Which are taken is said when one is set; to sign in anything may be tried. */
const password = z.string().min(1).max(PASSWORD_MAX);
const token = z.string().min(1).max(200);

export const options = z
  .object({
    /** Whether mails are sent: without them nobody can ask for a new password here. */
    mail: z.boolean(),
    /** The demo's password stands where `npm start` was called. */
    demo: z.boolean(),
  })
  .openapi("SignInOptions");

export const signInRequest = z.object({ email, password });
export const signedIn = z.object({ status: z.literal("signed_in") }).openapi("SignedIn");

export const forgotRequest = z.object({ email });
/** The same for an address that nobody has. */
export const asked = z.object({ status: z.literal("asked") }).openapi("MailAsked");

export const resetRequest = z.object({ token, password });

export const invitationQuestion = z.object({ token });
export const invitationSeen = z
  .object({
    account: z.object({ name: z.string() }),
    email: z.string(),
    name: z.string().nullable(),
    role,
    /** Whoever comes by the mail is known to read it, and is signed in; they set a password where they have none. */
    signsIn: z.boolean(),
    needsPassword: z.boolean(),
  })
  .openapi("InvitationSeen");
export const joinRequest = z.object({ token, name: storableText(200), password: password.optional() });
export const joined = z
  .object({ status: z.enum(["signed_in", "accepted"]), account: z.object({ name: z.string() }) })
  .openapi("Joined");

export const confirmEmailRequest = z.object({ token });
export const emailConfirmed = z
  .object({ status: z.literal("changed"), email: z.string() })
  .openapi("EmailConfirmed");

const accountOfPerson = z.object({ id: z.string(), name: z.string(), role, current: z.boolean() });

export const me = z
  .object({
    /** `null` of a session that the product opened: its people are its own. */
    person: z.object({ name: z.string(), email: z.string(), hasPassword: z.boolean() }).nullable(),
    /** The first is the one that they joined first. */
    accounts: z.array(accountOfPerson),
  })
  .openapi("Me");
export const meChange = z.object({ name: storableText(200) });

export const passwordChange = z.object({
  currentPassword: password,
  password,
});

export const emailChange = z.object({ email, password });

export const session = z
  .object({
    id: z.string(),
    /** "Firefox on Windows", as the browser says it. */
    device: z.string().nullable(),
    account: z.object({ name: z.string() }),
    createdAt: instant,
    /** To the minute. */
    lastUsedAt: instant.nullable(),
    expiresAt: instant,
    current: z.boolean(),
  })
  .openapi("Session");
export const sessionList = z.object({ data: z.array(session), nextCursor: z.null() }).openapi("SessionList");

export const switchRequest = z.object({ accountId: z.string().min(1).max(60) });
