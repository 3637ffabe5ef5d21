/* Signing in by e-mail and password, sessions, and what a person changes of themselves (B2). */
import { MINUTE_MS, HOUR_MS, DAY_MS } from "@bursar/core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sql } from "kysely";
import type { OutgoingMail } from "../../packages/server/src/mail/mailer.ts";
import { newCustomer } from "./customer.ts";
import { expectProblem } from "./problem.ts";
import { callerOf, databases, startService, type Answer, type Call, type RunningService } from "./service.ts";
import type { TestAccount } from "./service.ts";

const PASSWORD = "seven boats at dawn";
const NEW_PASSWORD = "eight boats at dusk";

interface MeAnswer {
  person: { name: string; email: string; hasPassword: boolean } | null;
  accounts: { id: string; name: string; role: string; current: boolean }[];
}

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;

describe("people", () => {
  let running: RunningService;
  let mails: OutgoingMail[] = [];
  let ahead = 0;
  beforeAll(async () => {
    const mailer = {
      way: "smtp" as const,
      send: (mail: OutgoingMail) => Promise.resolve(void mails.push(mail)),
      close: () => {},
    };
    const clock = { now: () => Date.now() + ahead };
    running = await startService(open, { jobsByHand: true, clock, outgoing: { mailer } });
  });
  afterAll(() => running.stop());
  beforeEach(() => {
    mails = [];
    // Each test's tries are its own: the windows of the tests before are over.
    ahead += HOUR_MS;
  });

  let last = 0;
  const newEmail = () => `p${(last += 1)}@people.test`;

  /** As a browser: what is set stays, and writes say where they come from. */
  const browser = (cookie = ""): Call =>
    callerOf(running.url, { origin: running.url, ...(cookie === "" ? {} : { cookie }) });
  const cookieOf = ({ headers }: Answer<unknown>): string => (headers.get("set-cookie") ?? "").split(";")[0]!;

  async function mailedToken(to: string): Promise<string> {
    await running.service.runDue();
    const mail = mails.findLast((each) => each.to === to);
    return /[#?]token=([\w-]+)/.exec(mail?.text ?? "")?.[1] ?? "";
  }

  /** The owner of a new account, with a password that they set by a mail's link. */
  async function newPerson(
    email = newEmail(),
  ): Promise<{ email: string; account: TestAccount; cookie: string }> {
    const account = await running.newAccount({ ownerEmail: email });
    await browser()("POST", "/api/auth/forgot-password", { email });
    const token = await mailedToken(email);
    const reset = await browser()("POST", "/api/auth/reset-password", { token, password: PASSWORD });
    expect([reset.status, reset.body]).toEqual([200, { status: "signed_in" }]);
    return { email, account, cookie: cookieOf(reset) };
  }
  const signIn = (email: string, password: string, headers: Record<string, string> = {}) =>
    browser()("POST", "/api/auth/sign-in", { email, password }, headers);

  it("B2 an owner sets a first password by a mail's link, once, and signs in and out with it", async () => {
    const { email, account, cookie } = await newPerson();
    const me = await browser(cookie)<MeAnswer>("GET", "/api/auth/me");
    expect(me.body).toEqual({
      person: { name: "Ann Lindt", email, hasPassword: true },
      accounts: [{ id: account.accountId, name: "Acme", role: "owner", current: true }],
    });
    const again = await signIn(email.toUpperCase(), PASSWORD);
    expect(again.headers.get("set-cookie")).toMatch(
      /^bursar_session=bss_[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const here = browser(cookieOf(again));
    expect((await here("GET", "/api/billing")).status).toBe(200);
    const out = await here("POST", "/api/auth/sign-out", {});
    expect([out.status, out.headers.get("set-cookie")]).toEqual([204, expect.stringContaining("Max-Age=0")]);
    expectProblem(await here("GET", "/api/billing"), 401, "unauthenticated");
    // The other browser is still in.
    expect((await browser(cookie)("GET", "/api/billing")).status).toBe(200);
  });

  it("B2 the platform makes an account and its first owner is mailed a link to set a password", async () => {
    const email = newEmail();
    const made = await running.call<{ id: string }>(
      "POST",
      "/api/accounts",
      { name: "Delta", email, inviteOwner: true },
      { authorization: `Bearer ${running.platformKey}` },
    );
    const token = await mailedToken(email);
    expect(mails.findLast(({ to }) => to === email)?.subject).toBe("Sign in to Delta");
    ahead += 13 * DAY_MS;
    const set = await browser()("POST", "/api/auth/reset-password", { token, password: PASSWORD });
    const here = browser(cookieOf(set));
    const { body } = await here<MeAnswer>("GET", "/api/auth/me");
    expect(body.accounts.map(({ id, role }) => [id, role])).toEqual([[made.body.id, "owner"]]);
  });

  it("B2 a wrong password, an address that nobody has and one without a password are answered alike", async () => {
    const { email } = await newPerson();
    const without = newEmail();
    await running.newAccount({ ownerEmail: without });
    const answers = [
      await signIn(email, "wrong wrong wrong"),
      await signIn("nobody@people.test", PASSWORD),
      await signIn(without, PASSWORD),
    ];
    const said = answers.map(({ status, body, headers }) => {
      const { requestId: _, ...problem } = body as Record<string, unknown>;
      return { status, problem, cookie: headers.get("set-cookie") };
    });
    expect(said[0]).toMatchObject({ status: 401, problem: { code: "unauthenticated" }, cookie: null });
    expect(said.slice(1)).toEqual([said[0], said[0]]);
  });

  it("B2 ten tries of an e-mail are taken within a quarter of an hour, whoever makes them; then it works again", async () => {
    const { email } = await newPerson();
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expectProblem(await signIn(email, "wrong wrong wrong"), 401, "unauthenticated");
    }
    const refused = await signIn(email, PASSWORD);
    expectProblem(refused, 429, "rate_limited");
    const seconds = Number(refused.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(900);
    ahead += 15 * MINUTE_MS;
    expect((await signIn(email, PASSWORD)).status).toBe(200);
    // Who got it right begins anew.
    expectProblem(await signIn(email, "wrong wrong wrong"), 401, "unauthenticated");
  });

  it("B2 one network address tries a hundred times, whichever people it names", async () => {
    const { kysely } = running.database;
    await sql`
      update sign_in_attempts set tries = 99, ends_at = ${new Date(Date.now() + ahead + MINUTE_MS)}
      where  bucket like 'sign_in:address:%'`.execute(kysely);
    expectProblem(await signIn("one@people.test", PASSWORD), 401, "unauthenticated");
    // Without a proxy of the operator's own, nobody chooses the address that counts.
    const claimed = { "x-forwarded-for": "203.0.113.7" };
    expectProblem(await signIn("two@people.test", PASSWORD, claimed), 429, "rate_limited");
    ahead += HOUR_MS;
  });

  it("B2 a link sets a password once, within an hour, and ends every other session and link", async () => {
    const { email, cookie } = await newPerson();
    const ask = () => browser()("POST", "/api/auth/forgot-password", { email });
    const reset = (token: string) =>
      browser()("POST", "/api/auth/reset-password", { token, password: NEW_PASSWORD });
    await ask();
    const first = await mailedToken(email);
    await ask();
    const second = await mailedToken(email);
    expect(first).not.toBe(second);
    const stored = await sql<{ kept: string }>`
      select encode(secret_hash, 'escape') as kept from person_links where email = ${email}`.execute(
      running.database.kysely,
    );
    expect(stored.rows).toHaveLength(2);
    expect(JSON.stringify(stored.rows)).not.toContain(second);
    ahead += HOUR_MS;
    expectProblem(await reset(second), 404, "not_found");
    ahead += HOUR_MS;
    await ask();
    const [third] = [await mailedToken(email)];
    const refused = await browser()("POST", "/api/auth/reset-password", { token: third, password: "short" });
    expectProblem(refused, 400, "invalid_request");
    // A password that is not taken costs no link.
    const answers = await Promise.all([reset(third), reset(third)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
    expectProblem(await reset(third), 404, "not_found");
    expectProblem(await browser(cookie)("GET", "/api/billing"), 401, "unauthenticated");
    expectProblem(await signIn(email, PASSWORD), 401, "unauthenticated");
    expect((await signIn(email, NEW_PASSWORD)).status).toBe(200);
    await running.service.runDue();
    expect(mails.findLast(({ to }) => to === email)?.subject).toBe("Your password was changed");
  });

  it("B2 asking for a new password is answered alike for everybody, and mails only who is there", async () => {
    const { email } = await newPerson();
    const known = await browser()("POST", "/api/auth/forgot-password", { email });
    const unknown = await browser()("POST", "/api/auth/forgot-password", { email: "nobody@people.test" });
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
    mails = [];
    await running.service.runDue();
    expect(mails.map(({ to }) => to)).not.toContain("nobody@people.test");
    const waiting = await sql`select 1 from person_mails`.execute(running.database.kysely);
    expect(waiting.rows).toEqual([]);
    for (let asked = 2; asked <= 5; asked += 1)
      await browser()("POST", "/api/auth/forgot-password", { email: "nobody@people.test" });
    const sixth = await browser()("POST", "/api/auth/forgot-password", { email: "nobody@people.test" });
    expectProblem(sixth, 429, "rate_limited");
  });

  it("B2 a changed password signs other browsers out and gives this one a new session", async () => {
    const { email, cookie } = await newPerson();
    const other = cookieOf(await signIn(email, PASSWORD));
    const here = browser(cookie);
    const wrong = { currentPassword: "wrong wrong wrong", password: NEW_PASSWORD };
    expectProblem(await here("POST", "/api/auth/password", wrong), 403, "forbidden");
    expectProblem(
      await here("POST", "/api/auth/password", { password: NEW_PASSWORD }),
      400,
      "invalid_request",
    );
    const weak = { currentPassword: PASSWORD, password: "aaaaaaaaaaaaaaaa" };
    expectProblem(await here("POST", "/api/auth/password", weak), 400, "invalid_request");
    const changed = await here("POST", "/api/auth/password", {
      currentPassword: PASSWORD,
      password: NEW_PASSWORD,
    });
    expect(changed.status).toBe(204);
    expectProblem(await browser(other)("GET", "/api/auth/me"), 401, "unauthenticated");
    // What was in this browser before is worth nothing either: somebody else may have it.
    expectProblem(await here("GET", "/api/auth/me"), 401, "unauthenticated");
    expect((await browser(cookieOf(changed))("GET", "/api/auth/me")).status).toBe(200);
  });

  it("B2 signing in makes a new session, whatever the browser brought", async () => {
    const { email } = await newPerson();
    const planted = "bursar_session=bss_planted_by_somebody_else";
    const signedIn = await browser(planted)("POST", "/api/auth/sign-in", { email, password: PASSWORD });
    expect(cookieOf(signedIn)).toMatch(/^bursar_session=bss_/);
    expect(cookieOf(signedIn)).not.toBe(planted);
    expectProblem(await browser(planted)("GET", "/api/auth/me"), 401, "unauthenticated");
  });

  it("B2 a form of another site signs nobody in and changes nothing", async () => {
    const { email, cookie } = await newPerson();
    const elsewhere = { origin: "https://elsewhere.example" };
    const signingIn = await signIn(email, PASSWORD, elsewhere);
    expectProblem(signingIn, 403, "origin_not_allowed");
    expect(signingIn.headers.get("set-cookie")).toBeNull();
    const without = callerOf(running.url, { cookie });
    for (const [path, body] of [
      ["sign-out", {}],
      ["password", { currentPassword: PASSWORD, password: NEW_PASSWORD }],
    ] as const) {
      const forged = await browser(cookie)("POST", `/api/auth/${path}`, body, elsewhere);
      expectProblem(forged, 403, "origin_not_allowed");
      expectProblem(await without("POST", `/api/auth/${path}`, body), 403, "origin_not_allowed");
    }
    const asForm = { "content-type": "application/x-www-form-urlencoded" };
    const form = await browser()("POST", "/api/auth/sign-in", `email=${email}`, asForm);
    expectProblem(form, 415, "unsupported_media_type");
  });

  it("B2 one person in two accounts switches between them, and sees nothing of a third", async () => {
    const { email, account: first, cookie } = await newPerson();
    const second = await running.newAccount({ name: "Beta", ownerEmail: email });
    const strange = await running.newAccount({ name: "Gamma", ownerEmail: newEmail() });
    const here = browser(cookie);
    const { body } = await here<MeAnswer>("GET", "/api/auth/me");
    expect(body.accounts.map(({ name, current }) => [name, current])).toEqual([
      ["Acme", true],
      ["Beta", false],
    ]);
    const refused = await here("POST", "/api/auth/switch", { accountId: strange.accountId });
    expectProblem(refused, 404, "not_found");
    const named = { "bursar-account": second.accountId };
    expectProblem(await here("GET", "/api/billing", undefined, named), 404, "not_found");
    const switched = await here("POST", "/api/auth/switch", { accountId: second.accountId });
    expect(switched.status).toBe(204);
    expectProblem(await here("GET", "/api/billing"), 401, "unauthenticated");
    const there = browser(cookieOf(switched));
    const overview = await there<{ account: { id: string } }>("GET", "/api/billing");
    expect(overview.body.account.id).toBe(second.accountId);
    // The next sign-in leads to where they were last.
    const again = browser(cookieOf(await signIn(email, PASSWORD)));
    expect((await again<{ account: { id: string } }>("GET", "/api/billing")).body.account.id).toBe(
      second.accountId,
    );
    expect(first.accountId).not.toBe(second.accountId);
  });

  it("B2 a person lists their sessions and ends one; another's cannot be ended", async () => {
    const { email, account, cookie } = await newPerson();
    const agent = { "user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Firefox/130.0" };
    const away = cookieOf(await signIn(email, PASSWORD, agent));
    const here = browser(cookie);
    interface Listed {
      data: { id: string; device: string; current: boolean; account: { name: string } }[];
    }
    const { body } = await here<Listed>("GET", "/api/auth/sessions");
    expect(body.data.map(({ device, current }) => [device, current])).toEqual([
      ["Firefox on Windows", false],
      ["Unknown device", true],
    ]);
    const [other] = body.data;
    const stranger = browser((await newPerson()).cookie);
    expectProblem(await stranger("DELETE", `/api/auth/sessions/${other!.id}`), 404, "not_found");
    expect((await here("DELETE", `/api/auth/sessions/${other!.id}`)).status).toBe(204);
    expectProblem(await browser(away)("GET", "/api/auth/me"), 401, "unauthenticated");
    expectProblem(await here("DELETE", `/api/auth/sessions/${other!.id}`), 404, "not_found");
    const { rows } = await sql<{ action: string }>`
      select action from audit_log where account_id = ${account.accountId} order by audit_id`.execute(
      running.database.kysely,
    );
    expect(rows.map(({ action }) => action)).toEqual([
      "account.created",
      "password.set",
      "session.started",
      "session.started",
      "session.ended",
    ]);
  });

  it("B2 a new e-mail address counts when its own mail was opened, in all accounts, and the old one is told", async () => {
    const { email, account, cookie } = await newPerson();
    const taken = (await newPerson()).email;
    const moved = newEmail();
    const here = browser(cookie);
    const ask = (wanted: string, password = PASSWORD) =>
      here("POST", "/api/auth/email", { email: wanted, password });
    expectProblem(await ask(moved, "wrong wrong wrong"), 403, "forbidden");
    expect((await ask(moved)).body).toEqual({ status: "asked" });
    const token = await mailedToken(moved);
    // Nothing has changed before.
    expect((await here<MeAnswer>("GET", "/api/auth/me")).body.person?.email).toBe(email);
    expect((await ask(taken)).body).toEqual({ status: "asked" });
    const taking = await mailedToken(taken);
    const confirm = (given: string) => browser()("POST", "/api/auth/confirm-email", { token: given });
    expectProblem(await confirm(taking), 409, "conflict");
    expect((await confirm(token)).body).toEqual({ status: "changed", email: moved });
    expectProblem(await confirm(token), 404, "not_found");
    expect((await here<MeAnswer>("GET", "/api/auth/me")).body.person?.email).toBe(moved);
    expectProblem(await signIn(email, PASSWORD), 401, "unauthenticated");
    expect((await signIn(moved, PASSWORD)).status).toBe(200);
    await running.service.runDue();
    const told = mails.filter(({ subject }) => subject === "Your e-mail address was changed");
    expect(told.map(({ to }) => to)).toEqual([email]);
    const { members } = await account.overview();
    expect(members.map((member) => member.email)).toEqual([moved]);
  });

  it("B2 a person changes their name, and it is theirs in every account", async () => {
    const { email, account, cookie } = await newPerson();
    const second = await running.newAccount({ name: "Beta", ownerEmail: email });
    const here = browser(cookie);
    expect((await here("PATCH", "/api/auth/me", { name: "Anna Lindt" })).status).toBe(204);
    for (const each of [account, second]) {
      expect((await each.overview()).members.map(({ name }) => name)).toEqual(["Anna Lindt"]);
    }
  });

  it("B2 a role is changed by who may manage both, and an account keeps an owner", async () => {
    const account = await newCustomer(running, { planId: "team", seats: 4 });
    const owner = (await account.overview()).members[0]!;
    const join = async (email: string, role: string) => {
      const invitations = [{ email, role }];
      const invited = await account.call<{ data: { token: string }[] }>("POST", "/api/members", {
        invitations,
      });
      const { token } = invited.body.data[0]!;
      const { body } = await running.call<{ member: { id: string } }>("POST", "/api/invitations/accept", {
        token,
        name: email,
      });
      return body.member.id;
    };
    const [admin, member] = [await join(newEmail(), "admin"), await join(newEmail(), "member")];
    const as = async (id: string) =>
      browser(`bursar_session=${await running.issue("dashboard_session", account.accountId, "member", id)}`);
    const [byOwner, byAdmin, byMember] = [await as(owner.id), await as(admin), await as(member)];
    const give = (by: Call, id: string, role: string) => by("PATCH", `/api/members/${id}`, { role });
    expectProblem(await give(byMember, member, "owner"), 403, "forbidden");
    expectProblem(await give(byAdmin, member, "owner"), 403, "forbidden");
    expectProblem(await give(byAdmin, owner.id, "member"), 403, "forbidden");
    expect((await give(byAdmin, member, "billing")).status).toBe(204);
    const refused = await give(byOwner, owner.id, "admin");
    expectProblem(refused, 409, "conflict");
    expect((refused.body as { detail: string }).detail).toContain("Make somebody else an owner first.");
    expect((await give(byOwner, member, "owner")).status).toBe(204);
    expect((await give(byOwner, owner.id, "member")).status).toBe(204);
    // From the next request on.
    expectProblem(await give(byOwner, member, "member"), 403, "forbidden");
    const strange = await running.newAccount({ ownerEmail: newEmail() });
    const other = (await strange.overview()).members[0]!;
    expectProblem(await give(await as(member), other.id, "member"), 404, "not_found");
    const { rows } = await sql<{ before: object; after: object }>`
      select before, after from audit_log
      where  account_id = ${account.accountId} and action = 'member.changed' order by audit_id`.execute(
      running.database.kysely,
    );
    expect(rows).toEqual([
      { before: { role: "member" }, after: { role: "billing" } },
      { before: { role: "billing" }, after: { role: "owner" } },
      { before: { role: "owner" }, after: { role: "member" } },
    ]);
  });

  it("SE2 an invitation is sent again by mail, and its two weeks begin anew", async () => {
    const account = await newCustomer(running, { planId: "team", seats: 3 });
    const email = newEmail();
    const invited = await account.call<{ data: { id: string; expiresAt: string }[] }>(
      "POST",
      "/api/members",
      {
        invitations: [{ email, role: "member" }],
      },
    );
    const { id, expiresAt } = invited.body.data[0]!;
    const first = await mailedToken(email);
    ahead += DAY_MS;
    const again = await account.call<{ expiresAt: string }>("POST", `/api/members/${id}/resend`);
    expect(Date.parse(again.body.expiresAt)).toBeGreaterThanOrEqual(Date.parse(expiresAt) + DAY_MS);
    const second = await mailedToken(email);
    expect(second).toMatch(/^bsi_/);
    expect(second).not.toBe(first);
    const seen = await running.call("POST", "/api/auth/invitation", { token: first });
    expect(seen.body).toMatchObject({ account: { name: "Acme" }, email, signsIn: true, needsPassword: true });
    await account.call("DELETE", `/api/members/${id}`);
    expectProblem(await account.call("POST", `/api/members/${id}/resend`), 404, "not_found");
    expectProblem(await running.call("POST", "/api/auth/invitation", { token: first }), 404, "not_found");
  });

  it("B2 an invitation into a second account leaves the password as it is", async () => {
    const { email } = await newPerson();
    const account = await newCustomer(running, { planId: "team", seats: 3 });
    await account.call("POST", "/api/members", { invitations: [{ email, role: "admin" }] });
    const token = await mailedToken(email);
    const seen = await running.call("POST", "/api/auth/invitation", { token });
    expect(seen.body).toMatchObject({ needsPassword: false });
    const joining = { token, name: "Ann", password: "not asked for at all" };
    const joined = await browser()("POST", "/api/auth/accept-invitation", joining);
    expect(joined.body).toMatchObject({ status: "signed_in" });
    expectProblem(await signIn(email, joining.password), 401, "unauthenticated");
    const signedIn = browser(cookieOf(await signIn(email, PASSWORD)));
    const { body } = await signedIn<MeAnswer>("GET", "/api/auth/me");
    expect(body.accounts.map(({ role, current }) => [role, current])).toEqual([
      ["owner", false],
      ["admin", true],
    ]);
  });

  it("section 13 who is in no account any more is told so by the right password, and by that alone", async () => {
    const account = await newCustomer(running, { planId: "team", seats: 3 });
    const email = newEmail();
    await account.call("POST", "/api/members", { invitations: [{ email, role: "member" }] });
    const joining = { token: await mailedToken(email), name: "Bo", password: PASSWORD };
    const cookie = cookieOf(await browser()("POST", "/api/auth/accept-invitation", joining));
    const { body } = await browser(cookie)<{ data: { id: string; email: string }[] }>("GET", "/api/members");
    const { id } = body.data.find((member) => member.email === email)!;
    expect((await account.call("DELETE", `/api/members/${id}`)).status).toBe(204);
    const ended = expectProblem(await browser(cookie)("GET", "/api/billing"), 401, "unauthenticated");
    expect(ended).toMatchObject({ reason: "session_ended" });
    const told = expectProblem(await signIn(email, PASSWORD), 403, "forbidden");
    expect(told).toMatchObject({ reason: "no_account" });
    const untold = expectProblem(await signIn(email, "wrong wrong wrong"), 401, "unauthenticated");
    expect(untold).toMatchObject({ reason: "wrong_password" });
    const nobody = expectProblem(await browser()("GET", "/api/billing"), 401, "unauthenticated");
    expect(nobody).not.toHaveProperty("reason");
  });

  it("S4 who is not active on a plan with one seat signs out and changes their password all the same", async () => {
    const account = await newCustomer(running, { planId: "team", seats: 3 });
    const email = newEmail();
    await account.call("POST", "/api/members", { invitations: [{ email, role: "admin" }] });
    const token = await mailedToken(email);
    const joined = await browser()("POST", "/api/auth/accept-invitation", {
      token,
      name: "Bo",
      password: PASSWORD,
    });
    const overrides = { plan: "personal" };
    const here = browser(cookieOf(joined));
    await running.database.kysely.transaction().execute(async (db) => {
      await sql`update accounts set overrides = ${JSON.stringify(overrides)}::jsonb where account_id = ${account.accountId}`.execute(
        db,
      );
    });
    expectProblem(await here("POST", "/api/billing/portal", {}), 403, "forbidden");
    const changed = await here("POST", "/api/auth/password", {
      currentPassword: PASSWORD,
      password: NEW_PASSWORD,
    });
    expect(changed.status).toBe(204);
    expect((await browser(cookieOf(changed))("POST", "/api/auth/sign-out", {})).status).toBe(204);
  });
});
