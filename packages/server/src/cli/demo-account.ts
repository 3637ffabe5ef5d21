import { asAccountId, asMemberId, DAY_MS, type AccountId, type MemberId } from "@bursar/core";
import { createAccount } from "../accounts/create-account.ts";
import { BURSAR } from "../audit/actor.ts";
import { issueCredential, SIGN_IN_LINK_MS } from "../accounts/credentials.ts";
import { findAccount, findAccountId, listMembers } from "../accounts/store.ts";
import type { Services } from "../http/services.ts";
import { hashPassword } from "../people/password.ts";
import { storePassword } from "../people/store.ts";
import { DEMO_DAYS, demoUsage } from "./demo-usage.ts";

const EXTERNAL_ID = "acme";
export const DEMO_OWNER_EMAIL = "ann@acme.example";

/** The demo account, made with its weeks of use at the first start and found again at later ones. */
export async function ensureDemoAccount(
  services: Services,
): Promise<{ accountId: AccountId; ownerId: MemberId }> {
  const { database, clock, book, catalog } = services;
  const known = await findAccountId(database.kysely, "external", EXTERNAL_ID);
  const accountId = known ?? (await makeAccount(services));
  const account = await findAccount(database.kysely, accountId);
  const [owner] = await listMembers(database.kysely, accountId);
  if (account === null || owner === undefined)
    throw new Error("The demo account is broken. Remove the data folder and start again.");

  const now = clock.now();
  const outcomes = await book.submitAll(
    demoUsage(catalog, {
      accountId,
      since: account.createdAt.getTime(),
      now: Math.min(now, seededUntil(account.createdAt)),
    }),
  );
  const failed = outcomes.find((outcome) => outcome.code !== "recorded" && outcome.code !== "duplicate");
  if (failed !== undefined) throw new Error(`The demo's usage was not recorded: ${failed.code}.`);
  return { accountId, ownerId: asMemberId(owner.memberId) };
}

/** The days that belong to the demo's past; what comes later is for whoever plays with it. */
function seededUntil(createdAt: Date): number {
  return createdAt.getTime() + DEMO_DAYS * DAY_MS;
}

async function makeAccount({ database, clock, ids, catalog }: Services): Promise<AccountId> {
  const outcome = await createAccount(
    { database, clock, ids, freePlanId: catalog.freePlanId },
    {
      name: "Acme",
      email: "billing@acme.example",
      externalId: EXTERNAL_ID,
      owner: { name: "Ann Lindt", email: DEMO_OWNER_EMAIL },
      createdAt: clock.now() - DEMO_DAYS * DAY_MS,
      actor: BURSAR,
    },
  );
  return asAccountId(outcome.accountId);
}

/** Made by chance at the first start: a demo may be reached from outside too. @returns the password */
export async function giveOwnerPassword({ database, clock, ids }: Services): Promise<string> {
  const password = ids.secret().slice(0, PASSWORD_CHARACTERS);
  const passwordHash = await hashPassword(password);
  await storePassword(database.kysely, { email: DEMO_OWNER_EMAIL, passwordHash, now: clock.now() });
  return password;
}
/** Of 64 each: 96 bits. */
const PASSWORD_CHARACTERS = 16;

/** A new sign-in link for the owner; each start prints one. @returns the link's token */
export async function issueSignInLink(
  { database, clock, ids }: Services,
  { accountId, ownerId }: { accountId: AccountId; ownerId: MemberId },
): Promise<string> {
  return issueCredential(
    { db: database.kysely, clock, ids },
    { kind: "sign_in_link", accountId, memberId: ownerId, role: "owner", lifetimeMs: SIGN_IN_LINK_MS },
  );
}
