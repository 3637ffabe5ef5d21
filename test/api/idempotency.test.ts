import { createHash } from "node:crypto";
import { MINUTE_MS } from "@bursar/core";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { claimKey, keepAnswer, releaseKey } from "../../packages/server/src/http/store-idempotency.ts";
import { expectProblem } from "./problem.ts";
import { databases, startService, type RunningService, type TestAccount } from "./service.ts";

describe.each(databases)("Idempotency-Key on $name", ({ open }) => {
  let running: RunningService;
  beforeAll(async () => {
    running = await startService(open);
  });
  afterAll(() => running.stop());

  const hold = (account: TestAccount, tokens: number, key: string) =>
    account.call<{ id: string }>("POST", "/api/holds", { tokens }, { "idempotency-key": key });
  const left = async (account: TestAccount) => (await account.overview()).credits.allocationLeft;

  it("the same request is answered the same, says so, and is done once", async () => {
    const account = await running.newAccount();
    const first = await hold(account, 1_000, "k");
    const second = await hold(account, 1_000, "k");
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    expect([second.status, second.body]).toEqual([first.status, first.body]);
    const third = await hold(account, 1_000, "another");
    expect(third.body.id).not.toBe(first.body.id);
  });

  it("a refusal is replayed too, with its type", async () => {
    const account = await running.newAccount();
    const first = await hold(account, 900_000, "k");
    const second = await hold(account, 900_000, "k");
    expect([first.status, second.status]).toEqual([402, 402]);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get("content-type")).toContain("application/problem+json");
  });

  it("an answer without a body is replayed without one", async () => {
    const account = await running.newAccount();
    const { id } = (await hold(account, 10, "h")).body;
    const release = () =>
      account.call("POST", `/api/holds/${id}/release`, undefined, { "idempotency-key": "r" });
    expect([(await release()).status, (await release()).status]).toEqual([204, 204]);
  });

  it("the same key for another request is a mismatch, and nothing is done", async () => {
    const account = await running.newAccount();
    await hold(account, 1_000, "k");
    const before = await left(account);
    expectProblem(await hold(account, 1_001, "k"), 422, "idempotency_mismatch");
    const elsewhere = await account.call("POST", "/api/check", { tokens: 1_000 }, { "idempotency-key": "k" });
    expectProblem(elsewhere, 422, "idempotency_mismatch");
    expect(await left(account)).toBe(before);
  });

  it("while the first is running the second is told to come again", async () => {
    const account = await running.newAccount();
    const { clock } = running.service.services;
    const body = JSON.stringify({ tokens: 5 });
    const requestHash = createHash("sha256").update(`/api/holds\n${body}`).digest();
    const claim = {
      scope: `${account.accountId}:platform_key:owner`,
      key: "k",
      requestHash,
      now: clock.now(),
    };
    await claimKey(running.database.kysely, { ...claim, abandonedBefore: clock.now() - MINUTE_MS });
    const answer = await hold(account, 5, "k");
    expectProblem(answer, 409, "idempotency_in_progress");
    expect(answer.headers.get("retry-after")).toBe("1");
  });

  it("ten at once are done once: each is answered the same or told to come again", async () => {
    const account = await running.newAccount();
    const answers = await Promise.all(Array.from({ length: 10 }, () => hold(account, 100, "k")));
    const done = answers.filter(({ status }) => status === 200);
    expect(answers.filter(({ status }) => status !== 409)).toEqual(done);
    expect(done.length).toBeGreaterThanOrEqual(1);
    expect(new Set(done.map(({ body }) => body.id)).size).toBe(1);
  });

  it("the same key in two accounts is two keys", async () => {
    const [one, two] = [await running.newAccount(), await running.newAccount()];
    const [first, second] = [await hold(one, 100, "k"), await hold(two, 200, "k")];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.headers.get("idempotency-replayed")).toBeNull();
    expect(second.body.id).not.toBe(first.body.id);
  });

  it("both names of an account are one scope for its keys", async () => {
    const made = await running.call<{ id: string }>(
      "POST",
      "/api/accounts",
      { id: "two-names", name: "Acme", email: "billing@acme.test" },
      { authorization: `Bearer ${running.platformKey}` },
    );
    const named = (account: string) => ({ "bursar-account": account, "idempotency-key": "k" });
    const authorization = `Bearer ${running.platformKey}`;
    const holdAs = (account: string) =>
      running.call("POST", "/api/holds", { tokens: 5 }, { authorization, ...named(account) });
    const first = await holdAs("two-names");
    expect([first.status, (await holdAs(made.body.id)).body]).toEqual([200, first.body]);
  });

  it("B2 a role is never handed the answer that was made for another", async () => {
    const { accountId } = await running.newAccount();
    const [owner, member] = [
      await running.issue("session_token", accountId, "owner"),
      await running.issue("session_token", accountId, "member"),
    ];
    const invite = (token: string) =>
      running.call(
        "POST",
        "/api/keys",
        { name: "robot", role: "member" },
        { authorization: `Bearer ${token}`, "idempotency-key": "k" },
      );
    expect((await invite(owner)).status).toBe(200);
    expectProblem(await invite(member), 403, "forbidden");
  });

  it("an answer with a secret is kept sealed: told again to the same credential, to no other, and not to a reader of the table", async () => {
    const { accountId } = await running.newAccount();
    const [one, other] = [
      await running.issue("session_token", accountId),
      await running.issue("session_token", accountId),
    ];
    const make = (token: string) =>
      running.call<{ key: string }>(
        "POST",
        "/api/keys",
        { name: "robot", role: "member" },
        { authorization: `Bearer ${token}`, "idempotency-key": "sealed" },
      );
    const first = await make(one);
    const again = await make(one);
    expect(first.body.key).toMatch(/^bak_/);
    expect([again.body, again.headers.get("idempotency-replayed")]).toEqual([first.body, "true"]);
    expectProblem(await make(other), 409, "conflict");
    const { rows } = await sql<{ body: string }>`
      select body from idempotency_keys where key = 'sealed'`.execute(running.database.kysely);
    expect(rows).toHaveLength(1);
    expect(rows[0]!.body).not.toContain("bak_");
    expect(rows[0]!.body).not.toContain(first.body.key.slice(4));
  });

  it("B1 two keys of one account and one role share it at once: one body is done, the other is a mismatch", async () => {
    const { accountId } = await running.newAccount();
    const [one, other] = [
      await running.issue("account_key", accountId),
      await running.issue("account_key", accountId),
    ];
    const stranger = await running.issue("account_key", (await running.newAccount()).accountId);
    const holdAs = (key: string, tokens: number) =>
      running.call<{ id: string }>(
        "POST",
        "/api/holds",
        { tokens },
        { authorization: `Bearer ${key}`, "idempotency-key": "at-once" },
      );
    const [first, second, theirs] = await Promise.all([
      holdAs(one, 11),
      holdAs(other, 22),
      holdAs(stranger, 33),
    ]);
    expect([first.status, second.status].sort()).toEqual([200, 422]);
    expect(theirs.status).toBe(200);
    const { rows } = await sql<{ tokens: number }>`
      select tokens from holds where account_id = ${accountId}`.execute(running.database.kysely);
    expect(rows).toEqual([{ tokens: first.status === 200 ? 11 : 22 }]);
  });

  it("an answer that comes when its key was given to another request long since is not told as that one's", async () => {
    const account = await running.newAccount();
    const { clock } = running.service.services;
    const scope = `${account.accountId}:platform_key:owner`;
    const requestHash = createHash("sha256").update("of a request that hangs").digest();
    const now = clock.now() - 3 * MINUTE_MS;
    const slow = { scope, key: "slow", requestHash, now, abandonedBefore: now - MINUTE_MS };
    expect(await claimKey(running.database.kysely, slow)).toBe("taken");
    const first = await hold(account, 5, "slow");
    expect(first.status).toBe(200);
    // Only now the one that hung goes on: it has its answer, or it failed.
    const late = {
      status: 200,
      contentType: "application/json",
      body: '{"id":"of another"}',
      isSealed: false,
    };
    await keepAnswer(running.database.kysely, slow, late);
    await releaseKey(running.database.kysely, slow);
    const again = await hold(account, 5, "slow");
    expect([again.body, again.headers.get("idempotency-replayed")]).toEqual([first.body, "true"]);
  });

  it("a key of no or too many characters is refused", async () => {
    const account = await running.newAccount();
    expectProblem(await hold(account, 1, "k".repeat(256)), 400, "invalid_request");
  });
});
