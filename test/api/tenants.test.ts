import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Credits, Invoice, List, Overview } from "../../packages/client/src/index.ts";
import { payHostedPage, sessionIdIn } from "./hosted-page.ts";
import { expectProblem } from "./problem.ts";
import {
  callerOf,
  databases,
  startService,
  usedOf,
  type RunningService,
  type TestAccount,
} from "./service.ts";

describe.each(databases)("accounts and roles on $name", ({ open }) => {
  let running: RunningService;
  beforeAll(async () => {
    running = await startService(open);
  });
  afterAll(() => running.stop());

  const bearer = (secret: string) => callerOf(running.url, { authorization: `Bearer ${secret}` });

  async function cookieOf(account: TestAccount, role: "owner" | "member" = "owner") {
    const secret = await running.issue("dashboard_session", account.accountId, role);
    return callerOf(running.url, { cookie: `bursar_session=${secret}` });
  }

  it("B1 one account's key, token and session see nothing of another's", async () => {
    const [mine, theirs] = [await running.newAccount(), await running.newAccount()];
    const opened = await theirs.call<{ url: string }>("POST", "/api/billing/checkout", {
      planId: "team",
      seats: 2,
    });
    await payHostedPage(opened.body.url);
    const sessionId = sessionIdIn(opened.body.url);
    await theirs.call("POST", "/api/billing/reconcile", { sessionId });
    await theirs.call("POST", "/api/events", { id: "e", meter: "sessions", quantity: 9 });
    expect((await theirs.call<List<Invoice>>("GET", "/api/billing/invoices")).body.data).toHaveLength(1);

    const key = bearer(await running.issue("account_key", mine.accountId));
    const token = bearer(await running.issue("session_token", mine.accountId));
    const origin = { origin: running.url };
    for (const call of [key, token, await cookieOf(mine)]) {
      const overview = (await call<Overview>("GET", "/api/billing")).body;
      expect(overview).toMatchObject({ account: { id: mine.accountId }, plan: { id: "free" } });
      expect(overview.usage["sessions"]?.used).toBe(0);
      expect((await call<List<Invoice>>("GET", "/api/billing/invoices")).body.data).toEqual([]);
      expect((await call<Credits>("GET", "/api/billing/credits")).body.transactions).toEqual([]);
      const named = { "bursar-account": theirs.accountId };
      for (const path of [
        "/api/billing",
        "/api/billing/usage",
        "/api/billing/invoices",
        "/api/billing/credits",
      ]) {
        expectProblem(await call("GET", path, undefined, named), 404, "not_found");
      }
      const stolen = await call("POST", "/api/billing/reconcile", { sessionId }, origin);
      expectProblem(stolen, 404, "not_found");
      const inTheirName = await call("POST", "/api/billing/portal", {}, { ...named, ...origin });
      expectProblem(inTheirName, 404, "not_found");
    }
    expect((await mine.overview()).plan.id).toBe("free");
  });

  it("B1 a key changes nothing of another account: events, holds, settling, releasing", async () => {
    const [mine, theirs] = [await running.newAccount(), await running.newAccount()];
    const key = bearer(await running.issue("account_key", mine.accountId));
    const { id } = (await theirs.call<{ id: string }>("POST", "/api/holds", { tokens: 100 })).body;
    expectProblem(await key("POST", `/api/holds/${id}/settle`, { tokens: 5 }), 404, "not_found");
    expectProblem(await key("POST", `/api/holds/${id}/release`), 404, "not_found");
    const event = { id: "e", meter: "sessions", account: theirs.accountId };
    expectProblem(await key("POST", "/api/events", event), 404, "not_found");
    expect((await key("POST", "/api/events", [event])).body).toMatchObject({ accepted: 0, refused: 1 });
    const named = { "bursar-account": theirs.accountId };
    expectProblem(await key("POST", "/api/holds", { tokens: 5 }, named), 404, "not_found");
    expect((await usedOf(theirs))["sessions"]).toBe(0);
    // The same event id in two accounts is two events, and the hold is still theirs to settle.
    await key("POST", "/api/events", { id: "same", meter: "sessions" });
    await theirs.call("POST", "/api/events", { id: "same", meter: "sessions" });
    expect([(await usedOf(mine))["sessions"], (await usedOf(theirs))["sessions"]]).toEqual([1, 1]);
    expect((await theirs.call("POST", `/api/holds/${id}/settle`, { tokens: 5 })).status).toBe(200);
  });

  it("B2 a member reads billing and changes none of it", async () => {
    const account = await running.newAccount();
    const member = bearer(await running.issue("session_token", account.accountId, "member"));
    const overview = await member<Overview>("GET", "/api/billing");
    expect(overview.status).toBe(200);
    expect(Object.values(overview.body.can).map(({ allowed }) => allowed)).not.toContain(true);
    for (const [path, body] of [
      ["/api/billing/checkout", { planId: "team", seats: 2 }],
      ["/api/billing/credits/checkout", { packId: "credits_1m" }],
      ["/api/billing/portal", {}],
    ] as const) {
      expectProblem(await member("POST", path, body), 403, "forbidden");
    }
    expectProblem(await member("POST", "/api/events", { id: "e", meter: "sessions" }), 403, "forbidden");
    expect((await usedOf(account))["sessions"]).toBe(0);
  });

  it.each(["\\@evil.example", "@evil.example/", "/\r\nX-Evil: y", "/\u0000", ".evil.example/"])(
    "a person's checkout does not lead to this service's address followed by %j",
    async (tail) => {
      const call = await cookieOf(await running.newAccount());
      const successUrl = running.url + tail;
      const body = { planId: "team", seats: 3, successUrl };
      const { status } = await call("POST", "/api/billing/checkout", body, { origin: running.url });
      expect(status).toBe(400);
    },
  );

  it("a write by cookie needs the page's own origin; reading does not", async () => {
    const account = await running.newAccount();
    const call = await cookieOf(account);
    const choice = { planId: "team", seats: 2 };
    for (const headers of [{}, { origin: "https://evil.example" }, { origin: "null" }] as Record<
      string,
      string
    >[]) {
      const answer = await call("POST", "/api/billing/checkout", choice, headers);
      expectProblem(answer, 403, "origin_not_allowed");
    }
    expect((await call("GET", "/api/billing")).status).toBe(200);
    const own = await call("POST", "/api/billing/checkout", choice, { origin: running.url });
    expect(own.status).toBe(200);
  });

  it("a cookie session cannot send the browser to another site after paying; the product's backend may", async () => {
    const account = await running.newAccount();
    const call = await cookieOf(account);
    const origin = { origin: running.url };
    const choice = { planId: "team", seats: 2, successUrl: "https://evil.example/thanks" };
    expectProblem(await call("POST", "/api/billing/checkout", choice, origin), 400, "invalid_request");
    const cancel = { planId: "team", seats: 2, cancelUrl: `${running.url}@evil.example/` };
    expectProblem(await call("POST", "/api/billing/checkout", cancel, origin), 400, "invalid_request");
    // A header beside the cookie that is no credential of ours does not lift the rule.
    const dressed = { ...origin, authorization: "Basic YTpi" };
    expectProblem(await call("POST", "/api/billing/checkout", choice, dressed), 400, "invalid_request");
    expect((await account.call("POST", "/api/billing/checkout", choice)).status).toBe(200);
  });

  it("calls of the product's backend take its platform key only", async () => {
    const account = await running.newAccount();
    const requests = [
      ["POST", "/api/accounts", { name: "Other", email: "other@acme.test" }],
      ["GET", `/api/accounts/${account.accountId}`, undefined],
      ["POST", "/api/session-tokens", { account: account.accountId, role: "owner" }],
    ] as const;
    const key = bearer(await running.issue("account_key", account.accountId));
    const token = bearer(await running.issue("session_token", account.accountId));
    for (const [method, path, body] of requests) {
      for (const call of [key, token]) expectProblem(await call(method, path, body), 403, "forbidden");
      expect((await account.call(method, path, body)).status).toBe(200);
    }
  });

  it("an account made through the API is found by the product's own id, once", async () => {
    const platform = bearer(running.platformKey);
    const wanted = { id: "customer-17", name: "Acme", email: "billing@acme.test" };
    const made = await platform<{ id: string }>("POST", "/api/accounts", wanted);
    expect(made.status).toBe(200);
    expectProblem(await platform("POST", "/api/accounts", wanted), 409, "conflict");
    const named = { "bursar-account": "customer-17" };
    const overview = await platform<Overview>("GET", "/api/billing", undefined, named);
    expect(overview.body.account.id).toBe(made.body.id);
    const minted = await platform<{ token: string }>("POST", "/api/session-tokens", {
      account: "customer-17",
      role: "billing",
    });
    const mine = await bearer(minted.body.token)<Overview>("GET", "/api/billing");
    expect([mine.body.account.id, mine.body.viewer.role]).toEqual([made.body.id, "billing"]);
  });
});
