/*
 * People and rights at the same moment (B2, S4): of two changes that come together one sees the other, whatever their
 * order, so that an account keeps an owner, a secret opens one session, and nothing is done by who may no more.
 */
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { HOUR_MS } from "@bursar/core";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OutgoingMail } from "../../packages/server/src/mail/mailer.ts";
import { newCustomer, type Customer } from "../api/customer.ts";
import { expectProblem } from "../api/problem.ts";
import {
  callerOf,
  databases,
  startService,
  type Answer,
  type Call,
  type RunningService,
} from "../api/service.ts";
import { accountRow, keepRows } from "../support/keep-rows.ts";

const PASSWORD = "seven boats at dawn";
const NEW_PASSWORD = "eight boats at dusk";
const ISSUER = "https://product.test";

describe.each(databases)("at the same moment on $name", ({ open }) => {
  let running: RunningService;
  let address: string | null;
  let keyServer: Server;
  let signToken: (account: string) => Promise<string>;
  let mails: OutgoingMail[] = [];
  let ahead = 0;

  beforeAll(async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256");
    const key = { ...(await exportJWK(publicKey)), kid: "first", alg: "ES256" };
    keyServer = createServer((_, response) =>
      response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: [key] })),
    );
    await once(keyServer.listen(0, "127.0.0.1"), "listening");
    const { port } = keyServer.address() as AddressInfo;
    const clock = { now: () => Date.now() + ahead };
    let last = 0;
    signToken = (account) => {
      const now = Math.floor(clock.now() / 1_000);
      const claims = { sub: "user_1", jti: `token-of-race-${(last += 1)}`, iat: now, exp: now + 60 };
      return new SignJWT({ ...claims, iss: ISSUER, aud: "bursar", account, role: "owner" })
        .setProtectedHeader({ alg: "ES256", kid: "first" })
        .sign(privateKey);
    };
    const send = (mail: OutgoingMail) => Promise.resolve(void mails.push(mail));
    const mailer = { way: "smtp" as const, send, close: () => {} };
    const opening = async () => {
      const opened = await open();
      address = opened.url;
      return opened;
    };
    const hostTokens = { jwksUrl: `http://127.0.0.1:${port}/`, issuer: ISSUER, audience: "bursar" };
    running = await startService(opening, { jobsByHand: true, clock, hostTokens, outgoing: { mailer } });
  });
  afterAll(async () => {
    await running.stop();
    await new Promise((resolve) => keyServer.close(resolve));
  });
  beforeEach(() => {
    mails = [];
    ahead += HOUR_MS;
  });

  const browser = (cookie = ""): Call =>
    callerOf(running.url, { origin: running.url, ...(cookie === "" ? {} : { cookie }) });
  const cookieOf = ({ headers }: Pick<Answer<unknown>, "headers">): string =>
    (headers.get("set-cookie") ?? "").split(";")[0]!;
  const isIn = async (cookie: string) =>
    cookie !== "" && (await browser(cookie)("GET", "/api/auth/me")).status === 200;
  const statusesOf = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).sort();

  let people = 0;
  const newEmail = () => `r${(people += 1)}@races.test`;

  /** All that were mailed to this address, the oldest first. */
  async function mailedTokens(to: string): Promise<string[]> {
    await running.service.runDue();
    return mails
      .filter((each) => each.to === to)
      .flatMap(({ text }) => /[#?]token=([\w-]+)/.exec(text)?.[1] ?? []);
  }
  const forgot = (email: string) => browser()("POST", "/api/auth/forgot-password", { email });
  const reset = (token: string | undefined, password = PASSWORD) =>
    browser()("POST", "/api/auth/reset-password", { token, password });
  const signIn = (email: string, password = PASSWORD) =>
    browser()("POST", "/api/auth/sign-in", { email, password });

  async function newPerson() {
    const email = newEmail();
    const account = await running.newAccount({ ownerEmail: email });
    await forgot(email);
    return { email, account, cookie: cookieOf(await reset((await mailedTokens(email))[0])) };
  }

  /** A team whose people have these roles, each with a session of their own; the first is its founder. */
  async function newTeam(roles: readonly string[]) {
    const customer = await newCustomer(running, { planId: "team", seats: Math.max(2, roles.length) });
    const invitations = roles.slice(1).map((role) => ({ email: newEmail(), role }));
    const invited = await customer.call<{ data?: { token: string }[] }>("POST", "/api/members", {
      invitations,
    });
    for (const { token } of invited.body.data ?? []) {
      await running.call("POST", "/api/invitations/accept", { token, name: "Bo" });
    }
    const { body } = await customer.call<{ data: { id: string }[] }>("GET", "/api/members");
    const members = body.data.map(({ id }) => id);
    const calls = members.map(async (id) => {
      const secret = await running.issue("dashboard_session", customer.accountId, "member", id);
      return browser(`bursar_session=${secret}`);
    });
    return { customer, members, as: await Promise.all(calls) };
  }
  async function rolesOf(customer: Customer): Promise<string[]> {
    const { body } = await customer.call<{ data: { role: string }[] }>("GET", "/api/members");
    return body.data.map(({ role }) => role).sort();
  }

  /**
   * Keeps rows from everybody until each of these requests waits, one behind the other, so that the first has been let
   * in, and has read what it reads, when the others come. On the embedded database they come at once.
   */
  async function inTurn<Given>(lock: string, requests: readonly (() => Promise<Given>)[]): Promise<Given[]> {
    if (address === null) return Promise.all(requests.map((request) => request()));
    const rows = await keepRows(address, lock);
    const started: Promise<Given>[] = [];
    for (const request of requests) {
      started.push(request());
      await expect.poll(rows.waiting).toBe(started.length);
    }
    await rows.letGo();
    return Promise.all(started);
  }
  const personRow = (email: string) => `select 1 from people where email = '${email}' for update`;

  describe("roles", () => {
    it("B2 two owners who demote each other: one stays owner", async () => {
      const { customer, members, as } = await newTeam(["owner", "owner"]);
      for (let round = 0; round < 5; round += 1) {
        const answers = await Promise.all(
          [0, 1].map((by) => as[by]!("PATCH", `/api/members/${members[1 - by]}`, { role: "admin" })),
        );
        // Who was demoted first may not demote any more, or would be the last.
        expect([round, statusesOf(answers).filter((status) => status === 204)]).toEqual([round, [204]]);
        expect(await rolesOf(customer)).toEqual(["admin", "owner"]);
        for (const id of members) await customer.call("PATCH", `/api/members/${id}`, { role: "owner" });
      }
    });

    it("B2 three owners who demote or remove the next one: an owner stays", async () => {
      const { customer, members, as } = await newTeam(["owner", "owner", "owner"]);
      const answers = await Promise.all([
        as[0]!("PATCH", `/api/members/${members[1]}`, { role: "member" }),
        as[1]!("DELETE", `/api/members/${members[2]}`),
        as[2]!("PATCH", `/api/members/${members[0]}`, { role: "billing" }),
      ]);
      expect(statusesOf(answers)).not.toContain(500);
      expect(await rolesOf(customer)).toContain("owner");
    });

    it("B2 an owner who is removed and demoted at once is gone, and the other stays owner", async () => {
      for (let round = 0; round < 4; round += 1) {
        const { customer, members, as } = await newTeam(["owner", "owner"]);
        const path = `/api/members/${members[1]}`;
        const [removed, demoted] = await Promise.all([
          as[0]!("DELETE", path),
          as[0]!("PATCH", path, { role: "member" }),
        ]);
        expect(removed.status).toBe(204);
        expect([204, 404]).toContain(demoted.status);
        expect(await rolesOf(customer)).toEqual(["owner"]);
      }
    });

    it("B2 a last owner who is removed while the other one is demoted: one of both is refused", async () => {
      const { customer, members } = await newTeam(["owner", "owner"]);
      const answers = await Promise.all([
        customer.call("DELETE", `/api/members/${members[0]}`),
        customer.call("PATCH", `/api/members/${members[1]}`, { role: "member" }),
      ]);
      expect(statusesOf(answers)).toEqual([204, 409]);
      expect(await rolesOf(customer)).toContain("owner");
    });
  });

  describe("a request that was let in and waits", () => {
    it.each([
      ["its key is revoked", "revoked"],
      ["its member is removed", "removed"],
      ["its member becomes a member who reads", "demoted"],
    ])("B2 does nothing when %s before its turn", async (_what, how) => {
      const { customer, members, as } = await newTeam(["owner", "admin"]);
      const made = await customer.call<{ id: string; key: string }>("POST", "/api/keys", {
        name: "robot",
        role: "admin",
      });
      const endings = {
        revoked: () => customer.call("DELETE", `/api/keys/${made.body.id}`),
        removed: () => customer.call("DELETE", `/api/members/${members[1]}`),
        demoted: () => customer.call("PATCH", `/api/members/${members[1]}`, { role: "member" }),
      };
      const call =
        how === "revoked" ? callerOf(running.url, { authorization: `Bearer ${made.body.key}` }) : as[1]!;
      const wishes = [
        () => call("PATCH", `/api/members/${members[1]}`, { role: "billing" }),
        () => call("POST", "/api/webhook-endpoints", { url: "https://elsewhere.example/" }),
        () => call("POST", "/api/members", { invitations: [{ email: newEmail(), role: "admin" }] }),
        // A key makes no keys in any case.
        ...(how === "revoked"
          ? []
          : [() => call("POST", "/api/keys", { name: "left behind", role: "admin" })]),
      ];
      const ending = endings[how as keyof typeof endings];
      // On the embedded database nobody waits inside: who comes after the end is not let in at all.
      const [ended, ...answers] =
        address === null
          ? [await ending(), ...(await Promise.all(wishes.map((wish) => wish())))]
          : await inTurn(accountRow(customer.accountId), [ending, ...wishes]);
      expect(ended!.status).toBe(204);
      expect(answers.filter(({ status }) => status !== 403 && status !== 401)).toEqual([]);
      const { body } = await customer.call<{ data: { name: string }[] }>("GET", "/api/keys");
      expect(body.data.map(({ name }) => name)).not.toContain("left behind");
      const endpoints = await customer.call<{ data: unknown[] }>("GET", "/api/webhook-endpoints");
      expect(endpoints.body.data).toEqual([]);
    });
  });

  describe("an invitation", () => {
    it("S4 accepted by two people by one mail's link makes one member and one session", async () => {
      const { customer } = await newTeam(["owner"]);
      const email = newEmail();
      await customer.call("POST", "/api/members", { invitations: [{ email, role: "member" }] });
      const [token] = await mailedTokens(email);
      const answers = await Promise.all(
        ["Bo", "Cy"].map((name) =>
          browser()<{ status: string }>("POST", "/api/auth/accept-invitation", {
            token,
            name,
            password: `${name} ${PASSWORD}`,
          }),
        ),
      );
      expect(statusesOf(answers)).toEqual([200, 200]);
      expect(answers.map(({ body }) => body.status).sort()).toEqual(["accepted", "signed_in"]);
      expect(answers.filter((answer) => cookieOf(answer) !== "")).toHaveLength(1);
      expect(await rolesOf(customer)).toEqual(["member", "owner"]);
      // The one who was let in has the password; the other's opens nothing.
      const tried = await Promise.all(["Bo", "Cy"].map((name) => signIn(email, `${name} ${PASSWORD}`)));
      expect(statusesOf(tried)).toEqual([200, 401]);
    });

    it("S4 accepted while others are invited into the same seats: never more people than seats", async () => {
      const { customer } = await newTeam(["owner", "member"]);
      await customer.call("DELETE", `/api/members/${(await invitedTo(customer)).at(-1)!.id}`);
      const open = await customer.call<{ data: { token: string }[] }>("POST", "/api/members", {
        invitations: [{ email: newEmail(), role: "member" }],
      });
      const answers = await Promise.all([
        running.call("POST", "/api/invitations/accept", { token: open.body.data[0]!.token, name: "Bo" }),
        ...[1, 2, 3].map(() =>
          customer.call("POST", "/api/members", { invitations: [{ email: newEmail(), role: "member" }] }),
        ),
      ]);
      expect(statusesOf(answers)).toEqual([200, 409, 409, 409]);
      expect((await customer.overview()).seats).toEqual({ purchased: 2, used: 2 });
    });

    it("S4 for an address that a member has moved to meanwhile gives its seat back and makes nobody twice", async () => {
      const { customer, members } = await newTeam(["owner", "billing", "member"]);
      await customer.call("DELETE", `/api/members/${members[2]}`);
      const moved = newEmail();
      const invited = await customer.call<{ data: { token: string }[] }>("POST", "/api/members", {
        invitations: [{ email: moved.toUpperCase(), role: "admin" }],
      });
      await sql`update members set email = ${moved} where account_id = ${customer.accountId} and member_id = ${members[1]}`.execute(
        running.database.kysely,
      );
      const { token } = invited.body.data[0]!;
      const accepted = await running.call<{ member: { id: string; role: string } }>(
        "POST",
        "/api/invitations/accept",
        { token, name: "Bo again" },
      );
      expect([accepted.status, accepted.body.member]).toMatchObject([
        200,
        { id: members[1], role: "billing" },
      ]);
      expect((await customer.overview()).seats.used).toBe(2);
    });
  });
  async function invitedTo(customer: Customer): Promise<{ id: string }[]> {
    return (await customer.call<{ data: { id: string }[] }>("GET", "/api/members")).body.data;
  }

  describe("a secret", () => {
    it("B2 of a forgotten password that is used twice sets one password and opens one session", async () => {
      const { email } = await newPerson();
      await forgot(email);
      const token = (await mailedTokens(email)).at(-1);
      const passwords = [`first ${NEW_PASSWORD}`, `second ${NEW_PASSWORD}`];
      const answers = await Promise.all(passwords.map((password) => reset(token, password)));
      expect(statusesOf(answers)).toEqual([200, 404]);
      const tried = await Promise.all(passwords.map((password) => signIn(email, password)));
      expect(tried.map(({ status }) => status)).toEqual(
        answers.map(({ status }) => (status === 200 ? 200 : 401)),
      );
    });

    it("B2 of a forgotten password and another one of the same person: one counts, the other is void", async () => {
      const { email } = await newPerson();
      await forgot(email);
      await forgot(email);
      const tokens = (await mailedTokens(email)).slice(-2);
      const answers = await inTurn(personRow(email), [
        () => reset(tokens[0], `first ${NEW_PASSWORD}`),
        () => reset(tokens[1], `second ${NEW_PASSWORD}`),
      ]);
      expect(statusesOf(answers)).toEqual([200, 404]);
    });

    it("B2 of the product that comes twice opens one session", async () => {
      const account = await running.newAccount();
      const token = await signToken(account.accountId);
      const answers = await Promise.all(
        [1, 2, 3, 4].map(() =>
          fetch(`${running.url}/sign-in/host`, {
            method: "POST",
            redirect: "manual",
            body: new URLSearchParams({ token }),
          }),
        ),
      );
      expect(statusesOf(answers)).toEqual([303, 401, 401, 401]);
    });

    it("B2 of a sign-in link for one use that is opened twice opens one session; who only looks at it uses none", async () => {
      const { account } = await newPerson();
      const owner = (await account.overview()).members[0]!;
      const link = await running.issue("sign_in_link", account.accountId, "owner", owner.id);
      await sql`update credentials set uses_left = 1 where kind = 'sign_in_link' and account_id = ${account.accountId}`.execute(
        running.database.kysely,
      );
      const path = `${running.url}/sign-in?token=${link}`;
      const looked = await fetch(path, { method: "HEAD", redirect: "manual" });
      expect(looked.headers.get("set-cookie")).toBeNull();
      const answers = await Promise.all([1, 2, 3].map(() => fetch(path, { redirect: "manual" })));
      expect(statusesOf(answers)).toEqual([303, 401, 401]);
    });
  });

  describe("a new password", () => {
    const change = (cookie: string) =>
      browser(cookie)("POST", "/api/auth/password", { currentPassword: PASSWORD, password: NEW_PASSWORD });

    it("B2 leaves no session that the old one opens in that moment", async () => {
      const { email, cookie } = await newPerson();
      const [changed, entered] = await inTurn(personRow(email), [() => change(cookie), () => signIn(email)]);
      expect(changed!.status).toBe(204);
      expect([entered!.status, await isIn(cookieOf(entered!))]).toEqual(
        address === null ? [entered!.status, false] : [401, false],
      );
    });

    it("B2 leaves no session of who switches the account in that moment", async () => {
      const { email, account, cookie } = await newPerson();
      const other = await running.newAccount({ name: "Beta", ownerEmail: email });
      const planted = cookieOf(await signIn(email));
      const [changed, switched] = await inTurn(personRow(email), [
        () => change(cookie),
        () => browser(planted)("POST", "/api/auth/switch", { accountId: other.accountId }),
      ]);
      expect(changed!.status).toBe(204);
      expect(await isIn(cookieOf(switched!))).toBe(false);
      expect(account.accountId).not.toBe(other.accountId);
    });

    it("B2 and a new address that are confirmed together do not wait for each other", async () => {
      const { email, cookie } = await newPerson();
      const moved = newEmail();
      await browser(cookie)("POST", "/api/auth/email", { email: moved, password: PASSWORD });
      const [confirming] = await mailedTokens(moved);
      await forgot(email);
      const token = (await mailedTokens(email)).at(-1);
      const answers = await inTurn(personRow(email), [
        () => browser()("POST", "/api/auth/confirm-email", { token: confirming }),
        () => reset(token, NEW_PASSWORD),
      ]);
      expect(statusesOf(answers)).not.toContain(500);
      expect(statusesOf(answers)).toContain(200);
    });
  });

  it("B2 two people who move to one address: one has it, the other is told", async () => {
    const [one, other] = [await newPerson(), await newPerson()];
    const wanted = newEmail();
    for (const { cookie } of [one, other]) {
      await browser(cookie)("POST", "/api/auth/email", { email: wanted, password: PASSWORD });
    }
    const tokens = await mailedTokens(wanted);
    const answers = await Promise.all(
      tokens.map((token) => browser()("POST", "/api/auth/confirm-email", { token })),
    );
    expect(statusesOf(answers)).toEqual([200, 409]);
    expectProblem(
      answers.find(({ status }) => status === 409)!,
      409,
      "conflict",
    );
  });
});
