/* What a sign-in link opens, which an operator hands to somebody who has not shown that the mailbox is theirs (B2). */
import { asAccountId } from "@bursar/core";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { OutgoingMail } from "../../packages/server/src/mail/mailer.ts";
import { expectProblem } from "./problem.ts";
import { callerOf, databases, startService, type Call, type RunningService } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;
const PASSWORD = "seven boats at dawn";
const mails: OutgoingMail[] = [];

interface MeAnswer {
  person: { hasPassword: boolean } | null;
  accounts: { name: string }[];
}
interface SessionList {
  data: { id: string; account: { name: string } }[];
}

let running: RunningService;
beforeAll(async () => {
  const send = (mail: OutgoingMail) => Promise.resolve(void mails.push(mail));
  const mailer = { way: "smtp" as const, send, close: () => {} };
  running = await startService(open, { jobsByHand: true, outgoing: { mailer } });
});
afterAll(() => running.stop());

let last = 0;
/** The same address owns both: in the first somebody is handed a link. */
async function ownerOfTwo() {
  const email = `owner${(last += 1)}@links.test`;
  const here = await running.newAccount({ ownerEmail: email });
  const elsewhere = await running.newAccount({ name: "Beta", ownerEmail: email });
  return { email, here, elsewhere };
}

const browser = (answer?: { headers: Headers }): Call => {
  const cookie = answer?.headers.get("set-cookie")?.split(";")[0];
  return callerOf(running.url, { origin: running.url, ...(cookie === undefined ? {} : { cookie }) });
};

async function openLink(accountId: string): Promise<Call> {
  const { rows } = await sql<{ memberId: string }>`
    select member_id as "memberId" from members where account_id = ${accountId}`.execute(
    running.database.kysely,
  );
  const link = await running.issue("sign_in_link", asAccountId(accountId), "owner", rows[0]!.memberId);
  return browser(await fetch(`${running.url}/sign-in?token=${link}`, { redirect: "manual" }));
}

/** Signed in by the link of a mail, which only the mailbox's reader has. */
async function resetPassword(email: string): Promise<Call> {
  await browser()("POST", "/api/auth/forgot-password", { email });
  await running.service.runDue();
  const mail = mails.findLast(({ to }) => to === email);
  const token = /[#?]token=([\w-]+)/.exec(mail?.text ?? "")?.[1];
  return browser(await browser()("POST", "/api/auth/reset-password", { token, password: PASSWORD }));
}

const namesOf = async (call: Call) =>
  (await call<MeAnswer>("GET", "/api/auth/me")).body.accounts.map(({ name }) => name);

it("B2 it opens its account alone, though the person has others", async () => {
  const { email, here, elsewhere } = await ownerOfTwo();
  const byLink = await openLink(here.accountId);
  expect(await namesOf(byLink)).toEqual(["Acme"]);
  for (const { accountId } of [elsewhere, here]) {
    expectProblem(await byLink("POST", "/api/auth/switch", { accountId }), 403, "forbidden");
  }
  expect((await byLink("PATCH", "/api/auth/me", { name: "Mallory" })).status).toBe(204);
  const { rows } = await sql<{ accountId: string }>`
    select account_id as "accountId" from members where name = 'Mallory' and email = ${email}`.execute(
    running.database.kysely,
  );
  expect(rows).toEqual([{ accountId: here.accountId }]);
  expect(await namesOf(await resetPassword(email))).toEqual(["Acme", "Beta"]);
});

it("B2 it sets no first password", async () => {
  const { email, here } = await ownerOfTwo();
  const byLink = await openLink(here.accountId);
  expect((await byLink<MeAnswer>("GET", "/api/auth/me")).body.person?.hasPassword).toBe(false);
  const first = { currentPassword: PASSWORD, password: PASSWORD };
  expectProblem(await byLink("POST", "/api/auth/password", first), 409, "conflict");
  const signIn = await browser()("POST", "/api/auth/sign-in", { email, password: PASSWORD });
  expectProblem(signIn, 401, "unauthenticated");
});

it("B2 it sees and ends its own account's sessions alone", async () => {
  const { email, here, elsewhere } = await ownerOfTwo();
  const proven = await resetPassword(email);
  const byLink = await openLink(elsewhere.accountId);
  const own = await byLink<SessionList>("GET", "/api/auth/sessions");
  expect(own.body.data.map(({ account }) => account.name)).toEqual(["Beta"]);
  const all = await proven<SessionList>("GET", "/api/auth/sessions");
  const theirs = all.body.data.find(({ account }) => account.name === "Acme")!;
  expectProblem(await byLink("DELETE", `/api/auth/sessions/${theirs.id}`), 404, "not_found");
  expect((await proven("GET", "/api/auth/me")).status).toBe(200);
  expect(here.accountId).not.toBe(elsewhere.accountId);
});
