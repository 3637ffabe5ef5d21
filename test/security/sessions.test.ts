/* The session of a browser: its cookie, what makes a new one, what ends the others, and how often somebody may try (B2). */
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { HOUR_MS } from "@bursar/core";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OutgoingMail } from "../../packages/server/src/mail/mailer.ts";
import { newCustomer } from "../api/customer.ts";
import { expectProblem } from "../api/problem.ts";
import {
  callerOf,
  databases,
  startService,
  type Answer,
  type Call,
  type RunningService,
} from "../api/service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;
const SITE = "https://billing.acme.test";
const PASSWORD = "seven boats at dawn";
const NEW_PASSWORD = "eight boats at dusk";

/** The browser keeps it for this very host, over TLS alone, for a week, out of a script's reach and of other sites' posts. */
const STRICT_COOKIE =
  /^__Host-bursar_session=bss_[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/;

let running: RunningService;
let keyServer: Server;
let mails: OutgoingMail[] = [];
let ahead = 0;
let signToken: (account: string) => Promise<string>;

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const key = { ...(await exportJWK(publicKey)), kid: "first", alg: "ES256" };
  keyServer = createServer((_, response) =>
    response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: [key] })),
  );
  await once(keyServer.listen(0, "127.0.0.1"), "listening");
  const { port } = keyServer.address() as AddressInfo;
  const hostTokens = {
    jwksUrl: `http://127.0.0.1:${port}/keys`,
    issuer: "https://product.test",
    audience: "bursar",
  };
  const clock = { now: () => Date.now() + ahead };
  signToken = (account) => {
    const now = Math.floor(clock.now() / 1_000);
    const claims = { sub: "user_1", jti: `token-${mails.length}-${now}`, iat: now, exp: now + 60 };
    return new SignJWT({ ...claims, iss: "https://product.test", aud: "bursar", account, role: "owner" })
      .setProtectedHeader({ alg: "ES256", kid: "first" })
      .sign(privateKey);
  };
  const send = (mail: OutgoingMail) => Promise.resolve(void mails.push(mail));
  const mailer = { way: "smtp" as const, send, close: () => {} };
  const how = { jobsByHand: true, clock, hostTokens, proxyHops: 1 };
  running = await startService(open, { ...how, publicUrl: SITE, outgoing: { mailer } });
});
afterAll(async () => {
  await running.stop();
  await new Promise((resolve) => keyServer.close(resolve));
});
beforeEach(() => {
  mails = [];
  ahead += HOUR_MS;
});

const browser = (cookie = "", from = "203.0.113.1"): Call =>
  callerOf(running.url, { origin: SITE, "x-forwarded-for": from, ...(cookie === "" ? {} : { cookie }) });
const cookieOf = ({ headers }: Pick<Answer<unknown>, "headers">): string =>
  (headers.get("set-cookie") ?? "").split(";")[0]!;
const isIn = async (cookie: string) => (await browser(cookie)("GET", "/api/auth/me")).status === 200;

let last = 0;
const newEmail = () => `s${(last += 1)}@sessions.test`;

async function mailedToken(to: string): Promise<string> {
  await running.service.runDue();
  return /[#?]token=([\w-]+)/.exec(mails.findLast((each) => each.to === to)?.text ?? "")?.[1] ?? "";
}

async function reset(email: string, password = PASSWORD, cookie = ""): Promise<Answer<unknown>> {
  await browser()("POST", "/api/auth/forgot-password", { email });
  return browser(cookie)("POST", "/api/auth/reset-password", { token: await mailedToken(email), password });
}

const signIn = (email: string, cookie = "", password = PASSWORD) =>
  browser(cookie)("POST", "/api/auth/sign-in", { email, password });

async function newPerson() {
  const email = newEmail();
  const account = await running.newAccount({ ownerEmail: email });
  return { email, account, cookie: cookieOf(await reset(email)) };
}

async function actionsOf(accountId: string): Promise<string[]> {
  const { rows } = await sql<{ action: string }>`
    select action from audit_log where account_id = ${accountId} order by audit_id`.execute(
    running.database.kysely,
  );
  return rows.map(({ action }) => action);
}

/** Every way to a session, each taken by a browser that brings this cookie. */
const WAYS: Readonly<Record<string, (cookie: string) => Promise<Pick<Answer<unknown>, "headers">>>> = {
  "e-mail and password": async (cookie) => {
    const { email } = await newPerson();
    return signIn(email, cookie);
  },
  "the link of a forgotten password": async (cookie) => {
    const email = newEmail();
    await running.newAccount({ ownerEmail: email });
    return reset(email, PASSWORD, cookie);
  },
  "an invitation": async (cookie) => {
    const account = await newCustomer(running, { planId: "team", seats: 3 });
    const email = newEmail();
    await account.call("POST", "/api/members", { invitations: [{ email, role: "member" }] });
    const token = await mailedToken(email);
    return browser(cookie)("POST", "/api/auth/accept-invitation", { token, name: "Bo", password: PASSWORD });
  },
  "a sign-in link": async (cookie) => {
    const account = await running.newAccount();
    const link = await running.issue("sign_in_link", account.accountId, "owner");
    return fetch(`${running.url}/sign-in?token=${link}`, { redirect: "manual", headers: { cookie } });
  },
  "the product's token": async (cookie) => {
    const account = await running.newAccount();
    return fetch(`${running.url}/sign-in/host`, {
      method: "POST",
      redirect: "manual",
      headers: { cookie },
      body: new URLSearchParams({ token: await signToken(account.accountId) }),
    });
  },
};

describe("a session", () => {
  it.each(Object.entries(WAYS))(
    "B2 that comes of %s is a new one in a strict cookie",
    async (_name, enter) => {
      const planted = `__Host-bursar_session=bss_${"x".repeat(43)}`;
      const entered = await enter(planted);
      expect(entered.headers.get("set-cookie")).toMatch(STRICT_COOKIE);
      expect(cookieOf(entered)).not.toBe(planted);
      expect([await isIn(cookieOf(entered)), await isIn(planted)]).toEqual([true, false]);
      // The one that it takes the place of in this browser ends, whoever's it was; on other devices theirs go on.
      const { email, account, cookie: theirs } = await newPerson();
      const elsewhere = cookieOf(await signIn(email));
      const again = await enter(theirs);
      expect(cookieOf(again)).not.toBe(theirs);
      expect(await Promise.all([cookieOf(again), theirs, elsewhere].map(isIn))).toEqual([true, false, true]);
      expect((await actionsOf(account.accountId)).at(-1)).toBe("session.ended");
    },
  );

  it("B2 goes on where somebody tries to sign in over it and is not let in", async () => {
    const { email, cookie } = await newPerson();
    const other = await running.newAccount();
    const used = await running.issue("sign_in_link", other.accountId, "owner");
    await sql`update credentials set uses_left = 0 where kind = 'sign_in_link' and account_id = ${other.accountId}`.execute(
      running.database.kysely,
    );
    expectProblem(await signIn(email, cookie, "wrong wrong wrong"), 401, "unauthenticated");
    const form = { method: "POST", body: new URLSearchParams({ token: "none" }), headers: { cookie } };
    expect((await fetch(`${running.url}/sign-in/host`, form)).status).toBe(401);
    expect((await fetch(`${running.url}/sign-in?token=${used}`, { headers: { cookie } })).status).toBe(401);
    expect(await isIn(cookie)).toBe(true);
  });

  it("B2 that comes of a sign-in link is in the log, with the link", async () => {
    const { account } = await newPerson();
    const owner = (await account.overview()).members[0]!;
    const link = await running.issue("sign_in_link", account.accountId, "owner", owner.id);
    await fetch(`${running.url}/sign-in?token=${link}`, { redirect: "manual" });
    const { rows } = await sql<{ actor: string; after: { link: string } }>`
      select actor, after from audit_log
      where  account_id = ${account.accountId} and action = 'session.started'
      order by audit_id desc limit 1`.execute(running.database.kysely);
    expect(rows).toEqual([{ actor: owner.id, after: { link: expect.stringMatching(/^key_/) as string } }]);
  });

  it("B2 that a password is changed in goes on under a new secret, and every other one of the person ends", async () => {
    const { email, cookie } = await newPerson();
    const others = [cookieOf(await signIn(email)), cookieOf(await signIn(email))];
    const stranger = (await newPerson()).cookie;
    const changed = await browser(cookie)("POST", "/api/auth/password", {
      currentPassword: PASSWORD,
      password: NEW_PASSWORD,
    });
    expect(changed.headers.get("set-cookie")).toMatch(STRICT_COOKIE);
    const still = await Promise.all([cookie, ...others, cookieOf(changed), stranger].map(isIn));
    expect(still).toEqual([false, false, false, true, true]);
  });

  it("B2 ends with a reset by mail, on every device, and so does the old password", async () => {
    const { email, cookie } = await newPerson();
    const other = cookieOf(await signIn(email));
    const done = await reset(email, NEW_PASSWORD);
    expect(await Promise.all([cookie, other, cookieOf(done)].map(isIn))).toEqual([false, false, true]);
    expectProblem(await signIn(email), 401, "unauthenticated");
  });

  it("B2 that has ended is taken out of the browser by the same flags that it was put in with", async () => {
    const { cookie } = await newPerson();
    const out = await browser(cookie)("POST", "/api/auth/sign-out", {});
    expect(out.headers.get("set-cookie")).toBe("__Host-bursar_session=; Max-Age=0; Path=/; Secure");
    expect(await isIn(cookie)).toBe(false);
  });

  it("B2 is told to nobody but the browser: no answer has it in its body", async () => {
    const { email } = await newPerson();
    const entered = await signIn(email);
    const secret = cookieOf(entered).split("=")[1]!;
    expect(JSON.stringify(entered.body)).not.toContain(secret);
    const list = await browser(cookieOf(entered))("GET", "/api/auth/sessions");
    expect(JSON.stringify(list.body)).not.toContain(secret.slice(4, 12));
  });
});

describe("tries", () => {
  /** As if so many had come already; the window is open still. */
  async function tried(bucket: string, tries: number): Promise<void> {
    await sql`
      update sign_in_attempts set tries = ${tries}, ends_at = ${new Date(Date.now() + ahead + HOUR_MS / 2)}
      where  bucket like ${`${bucket}%`}`.execute(running.database.kysely);
  }
  const ask = (email: string, from: string) =>
    browser("", from)("POST", "/api/auth/forgot-password", { email });
  const enter = (email: string, from: string) =>
    browser("", from)("POST", "/api/auth/sign-in", { email, password: "wrong wrong wrong" });

  it("B2 of signing in are ten an e-mail, from wherever, and do not lock others out", async () => {
    const { email } = await newPerson();
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expectProblem(await enter(email, `203.0.113.${10 + attempt}`), 401, "unauthenticated");
    }
    expectProblem(await enter(email.toUpperCase(), "203.0.113.99"), 429, "rate_limited");
    expectProblem(await enter(newEmail(), "203.0.113.99"), 401, "unauthenticated");
  });

  it("B2 of signing in are a hundred a network address, whichever people are named", async () => {
    const [mine, others] = ["198.51.100.7", "198.51.100.8"];
    expectProblem(await enter(newEmail(), mine), 401, "unauthenticated");
    await tried("sign_in:address:", 99);
    expectProblem(await enter(newEmail(), mine), 401, "unauthenticated");
    const refused = await enter(newEmail(), mine);
    expectProblem(refused, 429, "rate_limited");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expectProblem(await enter(newEmail(), others), 401, "unauthenticated");
    // What stands left of what our own proxy wrote, anybody can have made up.
    expectProblem(await enter(newEmail(), `192.0.2.1, ${mine}`), 429, "rate_limited");
  });

  it("B2 of one network are one: of IPv6 its 64 bits, of IPv4 an address however it is written", async () => {
    expectProblem(await enter(newEmail(), "2001:db8:0:7::1"), 401, "unauthenticated");
    await tried("sign_in:address:", 100);
    expectProblem(await enter(newEmail(), "2001:db8:0:7:ffff::9"), 429, "rate_limited");
    expectProblem(await enter(newEmail(), "2001:0DB8::8:0:0:0:1"), 401, "unauthenticated");
    expectProblem(await enter(newEmail(), "198.51.100.77"), 401, "unauthenticated");
    await tried("sign_in:address:", 100);
    expectProblem(await enter(newEmail(), "::ffff:198.51.100.77"), 429, "rate_limited");
  });

  it("B2 of a forgotten password are five an e-mail and fifty a network address; nothing more is mailed", async () => {
    const { email } = await newPerson();
    ahead += 2 * HOUR_MS;
    for (let asked = 0; asked < 5; asked += 1) {
      expect((await ask(email, `203.0.113.${20 + asked}`)).status).toBe(200);
    }
    expectProblem(await ask(email, "203.0.113.98"), 429, "rate_limited");
    mails = [];
    await running.service.runDue();
    const asked = mails.filter(({ to, subject }) => to === email && subject === "Set a new password");
    expect(asked).toHaveLength(5);
    const mine = "198.51.100.17";
    await ask(newEmail(), mine);
    await tried("mail:address:", 49);
    expect((await ask(newEmail(), mine)).status).toBe(200);
    expectProblem(await ask(newEmail(), mine), 429, "rate_limited");
    expect((await ask(newEmail(), "198.51.100.18")).status).toBe(200);
  });

  it("B2 of links and invitations are a hundred a network address", async () => {
    const mine = "198.51.100.27";
    const follow = (path: string, body: object) => browser("", mine)("POST", `/api/auth/${path}`, body);
    expectProblem(await follow("invitation", { token: "bsi_unknown" }), 404, "not_found");
    await tried("link:address:", 100);
    for (const [path, more] of [
      ["invitation", {}],
      ["accept-invitation", { name: "Bo" }],
      ["reset-password", { password: PASSWORD }],
      ["confirm-email", {}],
    ] as const) {
      expectProblem(await follow(path, { token: "bsi_unknown", ...more }), 429, "rate_limited");
    }
  });
});
