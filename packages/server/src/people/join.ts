/** An invited person joins: the invitation becomes its member, and whoever came by its mail is signed in with a password. */
import { asMemberId, type Catalog } from "@bursar/core";
import {
  acceptInvitation,
  lookAtInvitation,
  type AcceptOutcome,
  type SeenInvitation,
} from "../seats/accept-invitation.ts";
import { hashPassword, refusePassword } from "./password.ts";
import type { From, PeopleContext } from "./sessions.ts";
import { signInProven } from "./set-password.ts";
import { findPerson } from "./store.ts";

export type JoinOutcome =
  | {
      readonly code: "joined";
      readonly accountName: string;
      /** `null`: who came is nobody's proof, and signs in as they always do. */
      readonly session: string | null;
    }
  | { readonly code: "password_needed" }
  | { readonly code: "refused"; readonly reason: string }
  | Exclude<AcceptOutcome, { code: "accepted" }>;

type JoinContext = PeopleContext & { catalog: Catalog };

/** What the page shows before it asks: nothing is changed. */
export async function seeInvitation(
  context: JoinContext,
  token: string,
): Promise<
  | ({ readonly code: "open"; readonly needsPassword: boolean } & SeenInvitation)
  | Exclude<AcceptOutcome, { code: "accepted" }>
> {
  const seen = await lookAtInvitation(context, token);
  if (seen.code !== "open") return seen;
  const person = seen.isMailed ? await findPerson(context.database.kysely, seen.email.toLowerCase()) : null;
  return { ...seen, needsPassword: seen.isMailed && person?.passwordHash == null };
}

export async function join(
  context: JoinContext,
  request: { token: string; name: string; password: string | undefined; from: From },
): Promise<JoinOutcome> {
  const { token, name, password, from } = request;
  const seen = await seeInvitation(context, token);
  // One that was accepted before says so once more below, and signs nobody in.
  let passwordHash: string | null = null;
  if (seen.code === "open" && seen.needsPassword) {
    if (password === undefined) return { code: "password_needed" };
    const reason = refusePassword(password, seen.email);
    if (reason !== null) return { code: "refused", reason };
    // Before anything is changed: where too many sign in at once, the invitation is still open.
    passwordHash = await hashPassword(password);
  }
  const outcome = await acceptInvitation(context, { token, name, requestId: from.requestId });
  if (outcome.code !== "accepted") return outcome;
  const { accountId, accountName, member, isProven } = outcome;
  if (!isProven) return { code: "joined", accountName, session: null };
  const { email } = member;
  const memberId = asMemberId(member.memberId);
  const session = await signInProven(context, { email, accountId, memberId, passwordHash, from });
  return { code: "joined", accountName, session };
}
