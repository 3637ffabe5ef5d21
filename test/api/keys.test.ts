import { SECOND_MS } from "@bursar/core";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { issueCredential } from "../../packages/server/src/accounts/credentials.ts";
import { openPostgres } from "../../packages/server/src/db/open-database.ts";
import { systemClock, systemIds } from "../../packages/server/src/system.ts";
import { expectProblem } from "./problem.ts";
import { callerOf, databases, startService, type Call, type RunningService } from "./service.ts";

interface Key {
  id: string;
  name: string;
  role: string;
  hint: string;
  createdBy: string;
  lastUsedAt: string | null;
  can: { revoke: { allowed: boolean; reason?: string } };
}
interface KeyList {
  data: Key[];
  nextCursor: string | null;
  revoked: (Key & { revokedByName: string | null })[];
  can: { make: { allowed: boolean; reason?: string }; makeAs: string[] };
}
type NewKey = Key & { key: string };

describe("API keys, session tokens and sign-in links", () => {
  let running: RunningService;
  let beside: RunningService;
  beforeAll(async () => {
    const opened = await databases[1]!.open();
    running = await startService(() => Promise.resolve(opened));
    const database = openPostgres(opened.url!);
    beside = await startService(() => Promise.resolve({ database, url: null, drop: () => database.close() }));
  });
  afterAll(async () => {
    await beside.stop();
    await running.stop();
  });

  const bearer = (secret: string, at = running) => callerOf(at.url, { authorization: `Bearer ${secret}` });
  const list = async (call: Call) => (await call<KeyList>("GET", "/api/keys")).body;
  const make = (call: Call, role: string, name = "robot") =>
    call<NewKey>("POST", "/api/keys", { name, role });

  it("B1 a key is told once, opens its account with its role, and is revoked at once on every server", async () => {
    const account = await running.newAccount();
    const made = await make(account.call, "billing");
    expect(made.status).toBe(200);
    expect(made.headers.get("cache-control")).toBe("no-store");
    const { key, ...told } = made.body;
    expect(key).toMatch(/^bak_/);
    expect((await list(account.call)).data).toEqual([
      { ...told, createdByName: null, lastUsedAt: null, can: { revoke: { allowed: true } } },
    ]);
    expect(told.hint).toBe(`bak_...${key.slice(-4)}`);
    const { rows } = await sql<{ text: string }>`select credentials::text as text from credentials`.execute(
      running.database.kysely,
    );
    expect(rows.filter(({ text }) => text.includes(key.slice(4)))).toEqual([]);

    for (const server of [running, beside]) {
      const overview = await bearer(key, server)<{ viewer: { role: string } }>("GET", "/api/billing");
      expect([overview.status, overview.body.viewer.role]).toEqual([200, "billing"]);
    }
    const revoked = await bearer(running.platformKey)("DELETE", `/api/keys/${told.id}`, undefined, {
      "bursar-account": account.accountId,
    });
    expect(revoked.status).toBe(204);
    for (const server of [beside, running]) {
      expectProblem(await bearer(key, server)("GET", "/api/billing"), 401, "unauthenticated");
    }
    const left = await list(account.call);
    expect(left.data).toEqual([]);
    const { id, hint } = told;
    expect(left.revoked).toMatchObject([{ id, hint, name: "robot", role: "billing", revokedByName: null }]);
  });

  it("B2 only owners and admins make and revoke keys, none above their own role, and a key makes none", async () => {
    const account = await running.newAccount();
    const as = async (role: "owner" | "admin" | "billing" | "member") =>
      bearer(await running.issue("session_token", account.accountId, role));
    const ownersKey = (await make(await as("owner"), "owner")).body;
    expectProblem(await make(await as("admin"), "owner"), 403, "forbidden");
    expect((await make(await as("admin"), "admin")).status).toBe(200);
    for (const role of ["billing", "member"] as const) {
      expectProblem(await make(await as(role), "member"), 403, "forbidden");
      const gone = await (await as(role))("DELETE", `/api/keys/${ownersKey.id}`);
      expectProblem(gone, 403, "forbidden");
    }
    expectProblem(await (await as("admin"))("DELETE", `/api/keys/${ownersKey.id}`), 403, "forbidden");
    expectProblem(await make(bearer(ownersKey.key), "member"), 403, "forbidden");
    expect((await (await as("owner"))("DELETE", `/api/keys/${ownersKey.id}`)).status).toBe(204);
  });

  it("B2 says who may make and revoke keys, as what, and who made them", async () => {
    const account = await running.newAccount();
    const [owner] = (await account.overview()).members;
    const ann = bearer(await running.issue("session_token", account.accountId, "owner", owner!.id));
    await make(ann, "owner", "nightly");
    const seen = async (role: "admin" | "billing") =>
      list(bearer(await running.issue("session_token", account.accountId, role)));
    expect((await list(ann)).data[0]).toMatchObject({ createdByName: "Ann Lindt", name: "nightly" });
    expect((await list(ann)).can).toEqual({
      make: { allowed: true },
      makeAs: ["member", "billing", "admin", "owner"],
    });
    expect((await seen("admin")).can.makeAs).toEqual(["member", "billing", "admin"]);
    expect((await seen("admin")).data[0]?.can.revoke).toEqual({
      allowed: false,
      code: "role_above_own",
      reason: "The role of this key is above your own.",
    });
    const reader = await seen("billing");
    const refused = {
      allowed: false,
      code: "keys_role",
      names: ["Ann Lindt"],
      reason: "Ann Lindt can change keys.",
    };
    expect([reader.can, reader.data[0]?.can.revoke]).toEqual([{ make: refused, makeAs: [] }, refused]);
    const { key } = (await make(ann, "owner", "robot")).body;
    expect((await list(bearer(key))).can.make).toEqual({
      allowed: false,
      code: "key_makes_none",
      reason: "An account key cannot make keys.",
    });
  });

  it("B2 another account's key is not there", async () => {
    const [mine, theirs] = [await running.newAccount(), await running.newAccount()];
    const { id, key } = (await make(theirs.call, "owner")).body;
    expectProblem(await mine.call("DELETE", `/api/keys/${id}`), 404, "not_found");
    expect((await list(mine.call)).data).toEqual([]);
    expect((await bearer(key)("GET", "/api/billing")).status).toBe(200);
  });

  it("says when a key was last used", async () => {
    const account = await running.newAccount();
    const { key } = (await make(account.call, "member")).body;
    await bearer(key)("GET", "/api/billing");
    await running.service.services.lastUsed.write();
    const [listed] = (await list(account.call)).data;
    expect(Date.now() - Date.parse(listed!.lastUsedAt!)).toBeLessThan(60 * SECOND_MS);
  });

  it("lists by pages, the newest first", async () => {
    const account = await running.newAccount();
    for (const name of ["a", "b", "c"]) await make(account.call, "member", name);
    const first = await account.call<{ data: Key[]; nextCursor: string }>("GET", "/api/keys?limit=2");
    const cursor = first.body.nextCursor;
    const second = await account.call<{ data: Key[]; nextCursor: null }>(
      "GET",
      `/api/keys?limit=2&cursor=${cursor}`,
    );
    const names = [...first.body.data, ...second.body.data].map(({ name }) => name);
    expect([names, second.body.nextCursor]).toEqual([["c", "b", "a"], null]);
  });

  it("what was made and revoked is in the audit log: who, when, from what, to what", async () => {
    const account = await running.newAccount();
    const owner = await running.issue("session_token", account.accountId, "owner");
    const { id } = (await make(bearer(owner), "billing", "nightly")).body;
    await bearer(owner)("DELETE", `/api/keys/${id}`);
    const { rows } = await sql<object>`
      select action, actor_kind as by, subject, before, after from audit_log
      where account_id = ${account.accountId} and action like 'key.%' order by audit_id`.execute(
      running.database.kysely,
    );
    expect(rows).toEqual([
      {
        action: "key.created",
        by: "session_token",
        subject: id,
        before: null,
        after: { name: "nightly", role: "billing", hint: expect.stringMatching(/^bak_/) as string },
      },
      {
        action: "key.revoked",
        by: "session_token",
        subject: id,
        before: { name: "nightly", role: "billing" },
        after: null,
      },
    ]);
  });

  it("a session token leads a browser back to this site, or to the one it was made for, and to no other", async () => {
    const account = await running.newAccount();
    const token = async (returnOrigin?: string) => {
      const body = { account: account.accountId, role: "owner", returnOrigin };
      return bearer((await account.call<{ token: string }>("POST", "/api/session-tokens", body)).body.token);
    };
    const open = (call: Call, successUrl: string) =>
      call("POST", "/api/billing/checkout", { planId: "team", successUrl });
    expectProblem(await open(await token(), "https://app.example.com/done"), 400, "invalid_request");
    const own = await token("https://app.example.com");
    expect((await open(own, "https://app.example.com/done")).status).toBe(200);
    for (const stranger of ["https://app.example.com.evil.test/", "https://evil.test/app.example.com/"]) {
      expectProblem(await open(own, stranger), 400, "invalid_request");
    }
  });

  it("a stream ends with the credential that opened it", async () => {
    const account = await running.newAccount();
    const secret = await issueCredential(
      { db: running.database.kysely, clock: systemClock, ids: systemIds },
      {
        kind: "session_token",
        accountId: account.accountId,
        memberId: null,
        role: "member",
        lifetimeMs: 700,
      },
    );
    const authorization = `Bearer ${secret}`;
    const response = await fetch(`${running.url}/api/billing/stream`, { headers: { authorization } });
    expect(response.status).toBe(200);
    // Reads until the server ends it; a stream that outlived its token would keep this test for good.
    expect(await response.text()).toContain("event: ready");
  });

  it("a sign-in link that is for one use signs in once", async () => {
    const account = await running.newAccount();
    const link = await issueCredential(
      { db: running.database.kysely, clock: systemClock, ids: systemIds },
      {
        kind: "sign_in_link",
        accountId: account.accountId,
        memberId: null,
        role: "owner",
        lifetimeMs: 60 * SECOND_MS,
        uses: 1,
      },
    );
    const open = () => running.call("GET", `/sign-in?token=${link}`);
    const opened = await Promise.all([open(), open(), open()]);
    expect(opened.map(({ status }) => status).sort()).toEqual([303, 401, 401]);
  });
});
