/** Signing in by e-mail and password. */
import { forgetEmailTries, takeTry } from "./attempts.ts";
import { verifyPassword } from "./password.ts";
import { homeOf, startSession, type From, type PeopleContext } from "./sessions.ts";
import * as store from "./store.ts";

export type SignInOutcome =
  | { readonly code: "signed_in"; readonly session: string }
  /** Nobody has this e-mail and password. */
  | { readonly code: "wrong" }
  /** Who proved to be somebody is told that they are in no account any more; nobody else is. */
  | { readonly code: "no_account" }
  | { readonly code: "too_many"; readonly waitSeconds: number };

/**
 * Takes as long for an address that nobody has as for a wrong password: the same statements, and one hashing.
 * @throws PasswordsBusyError
 */
export async function signIn(
  context: PeopleContext,
  request: { email: string; password: string; address: string; from: From },
): Promise<SignInOutcome> {
  const { database, clock, ids } = context;
  const email = request.email.toLowerCase();
  const tried = { what: "sign_in", email, address: request.address } as const;
  const waitSeconds = await takeTry(context, tried);
  if (waitSeconds !== null) return { code: "too_many", waitSeconds };
  const person = await store.findPerson(database.kysely, email);
  const memberships = await store.listMemberships(database.kysely, email);
  const isRight = await verifyPassword(request.password, person?.passwordHash ?? null);
  const membership = homeOf(memberships, person?.lastAccountId ?? null);
  if (!isRight) return { code: "wrong" };
  if (membership === undefined) return { code: "no_account" };
  await forgetEmailTries(context, tried);
  const session = await database.kysely.transaction().execute(async (db) => {
    // A password that was changed since it was checked opens nothing.
    const now = await store.findPerson(db, email);
    if (now?.passwordHash !== person?.passwordHash) return null;
    return startSession({ db, clock, ids }, { email, membership, from: request.from });
  });
  return session === null ? { code: "wrong" } : { code: "signed_in", session };
}
