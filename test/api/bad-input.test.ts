import { createHmac } from "node:crypto";
import { DAY_MS } from "@bursar/core";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectProblem } from "./problem.ts";
import {
  databases,
  startService,
  usedOf,
  type Ingested,
  type RunningService,
  type TestAccount,
} from "./service.ts";

const NOTHING_USED = { sessions: 0, events: 0, enrichments: 0, storage: 0, aiTokens: 0 };
const MiB = 1024 * 1024;

describe.each(databases)("bad input on $name", ({ open }) => {
  let running: RunningService;
  beforeAll(async () => {
    running = await startService(open);
  });
  afterAll(() => running.stop());

  /** Nothing was stored by halves, and the next good event of the same account is taken. */
  async function expectUntouched(account: TestAccount): Promise<void> {
    expect(await usedOf(account)).toEqual(NOTHING_USED);
    expect((await running.call("GET", "/healthz")).status).toBe(200);
    const good = await account.call<Ingested>("POST", "/api/events", { id: "good", meter: "sessions" });
    expect([good.status, good.body.accepted]).toEqual([200, 1]);
    expect(await usedOf(account)).toEqual({ ...NOTHING_USED, sessions: 1 });
  }

  async function storedEvents(): Promise<number> {
    const { rows } = await sql<{ count: number }>`select count(*) as count from stripe_events`.execute(
      running.database.kysely,
    );
    return Number(rows[0]?.count);
  }

  it.each([
    ["an unknown meter", { id: "e", meter: "minutes" }, /sessions, events, enrichments, storage, ai_tokens/],
    ["a negative quantity", { id: "e", meter: "sessions", quantity: -1 }, /from 1 on/],
    ["no quantity at all", { id: "e", meter: "sessions", quantity: 0 }, /from 1 on/],
    ["no change of storage", { id: "e", meter: "storage", quantity: 0 }, /not 0/],
    ["storage below zero", { id: "e", meter: "storage", quantity: -5 }, /below 0/],
    ["a fractional quantity", { id: "e", meter: "ai_tokens", quantity: 1.5 }, /quantity/],
    ["a quantity past safe integers", { id: "e", meter: "ai_tokens", quantity: 2 ** 53 }, /quantity/],
    ["a quantity in words", { id: "e", meter: "sessions", quantity: "3" }, /quantity/],
    ["a time far in the future", { id: "e", meter: "sessions", time: "2199-01-01T00:00:00Z" }, /future/],
    ["a quantity past a million million", { id: "e", meter: "sessions", quantity: 1e12 + 1 }, /in parts/],
    ["a time before 1970", { id: "e", meter: "sessions", time: "0000-01-01T00:00:00Z" }, /1970/],
    ["a time that is none", { id: "e", meter: "sessions", time: "yesterday" }, /time/],
    ["no id", { meter: "sessions" }, /id/],
    ["an id too long", { id: "x".repeat(256), meter: "sessions" }, /id/],
    ["an id of 10 kB", { id: "x".repeat(10_000), meter: "sessions" }, /id/],
    [
      "properties of 1 MB",
      { id: "e", meter: "sessions", properties: { text: "x".repeat(MiB) } },
      /properties: has 8192 bytes at most/,
    ],
    [
      "a clock that is a day ahead",
      { id: "e", meter: "sessions", time: new Date(Date.now() + DAY_MS).toISOString() },
      /Check the sender's clock/,
    ],
    ["a zero byte in the id", { id: "a\u0000b", meter: "sessions" }, /id/],
    ["half a character in the id", { id: "a\ud800b", meter: "sessions" }, /id/],
    ["a zero byte in the account", { id: "e", meter: "sessions", account: "a\u0000b" }, /account/],
    [
      "a zero byte in a property",
      { id: "e", meter: "sessions", properties: { a: ["\u0000"] } },
      /properties/,
    ],
    ["an event that is a number", 7, /event/],
    ["an event that is null", null, /event/],
  ])(
    "%s is refused alone, says why, and does not take its neighbours along",
    async (_what, event, reason) => {
      const account = await running.newAccount();
      const single = await account.call("POST", "/api/events", JSON.stringify(event));
      expect(expectProblem(single, 400, "invalid_request").detail).toMatch(reason);
      await expectUntouched(account);

      const list = [{ id: "before", meter: "events" }, event, { id: "after", meter: "events" }];
      const { status, body } = await account.call<Ingested>("POST", "/api/events", list);
      expect(status).toBe(200);
      expect(body).toMatchObject({ accepted: 2, duplicates: 0, refused: 1 });
      expect(body.results.map((result) => result.status)).toEqual(["accepted", "refused", "accepted"]);
      expect(body.results[1]?.detail).toMatch(reason);
      expect(await usedOf(account)).toEqual({ ...NOTHING_USED, sessions: 1, events: 2 });
    },
  );

  it("a clock that is a day behind is taken: the event counts in the window of its time", async () => {
    const account = await running.newAccount({ createdAt: Date.now() - 3 * DAY_MS });
    const time = new Date(Date.now() - DAY_MS).toISOString();
    const { status } = await account.call("POST", "/api/events", { id: "e", meter: "sessions", time });
    expect(status).toBe(200);
    expect(await usedOf(account)).toEqual({ ...NOTHING_USED, sessions: 1 });
  });

  it("storage takes a negative change as long as something is stored", async () => {
    const account = await running.newAccount();
    await account.call("POST", "/api/events", { id: "up", meter: "storage", quantity: 500 });
    const { status } = await account.call("POST", "/api/events", {
      id: "down",
      meter: "storage",
      quantity: -200,
    });
    expect(status).toBe(200);
    expect(await usedOf(account)).toEqual({ ...NOTHING_USED, storage: 300 });
  });

  it("1,001 events in a batch are too many, and none of them is stored; 1,000 are taken", async () => {
    const account = await running.newAccount();
    const events = Array.from({ length: 1_001 }, (_, index) => ({ id: `e-${index}`, meter: "events" }));
    expectProblem(await account.call("POST", "/api/events", events), 413, "too_large");
    await expectUntouched(account);
    const { body } = await account.call<Ingested>("POST", "/api/events", events.slice(1));
    expect(body).toMatchObject({ accepted: 1_000, refused: 0 });
  });

  it.each([
    ["/api/events", '{"id":"e","meter":'],
    ["/api/events", ""],
    ["/api/check", "{meter}"],
    ["/api/holds", "[1,"],
    ["/api/billing/checkout", "planId=team"],
  ])("a body that is not JSON is refused by %s", async (path, body) => {
    const account = await running.newAccount();
    expectProblem(await account.call("POST", path, body), 400, "invalid_json");
    await expectUntouched(account);
  });

  it.each(["/api/events", "/api/check", "/api/billing/checkout"])(
    "a body of 20 MB is refused by %s",
    async (path) => {
      const account = await running.newAccount();
      const body = JSON.stringify({ id: "e", meter: "sessions", properties: { text: "x".repeat(20 * MiB) } });
      expectProblem(await account.call("POST", path, body), 413, "too_large");
      await expectUntouched(account);
    },
  );

  it("a body of 20 MB that does not tell its length is refused too", async () => {
    const account = await running.newAccount();
    const chunk = new TextEncoder().encode("x".repeat(MiB));
    let sent = 0;
    const response = await fetch(`${running.url}/api/events`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${running.platformKey}`,
        "bursar-account": account.accountId,
        "content-type": "application/json",
      },
      duplex: "half",
      body: new ReadableStream({
        pull(controller) {
          sent += 1;
          if (sent > 20) controller.close();
          else controller.enqueue(chunk);
        },
      }),
    } as RequestInit);
    expect(response.status).toBe(413);
    await response.body?.cancel();
    await expectUntouched(account);
  });

  it("a wrong key, and a key of a kind that is no key, are not let in", async () => {
    const account = await running.newAccount();
    const event = { id: "e", meter: "sessions" };
    const link = await running.issue("sign_in_link", account.accountId);
    for (const authorization of ["Bearer bsk_wrong", `Bearer ${link}`, "Basic YTpi", "Bearer"]) {
      const answer = await account.call("POST", "/api/events", event, { authorization });
      expectProblem(answer, 401, "unauthenticated");
    }
    expectProblem(await running.call("GET", "/api/billing"), 401, "unauthenticated");
    await expectUntouched(account);
  });

  it("a platform key without Bursar-Account is told to name one; an unknown account is not found", async () => {
    const account = await running.newAccount();
    const headers = { authorization: `Bearer ${running.platformKey}` };
    const event = { id: "e", meter: "sessions" };
    for (const [method, path, body] of [
      ["GET", "/api/billing", undefined],
      ["POST", "/api/events", event],
      ["POST", "/api/holds", { tokens: 5 }],
    ] as const) {
      const problem = expectProblem(await running.call(method, path, body, headers), 400, "invalid_request");
      expect(problem.detail).toContain("Bursar-Account");
      const unknown = { ...headers, "bursar-account": "acc_nobody" };
      expectProblem(await running.call(method, path, body, unknown), 404, "not_found");
    }
    await expectUntouched(account);
  });

  it("a webhook with a bad, an old or no signature is refused and not stored", async () => {
    const account = await running.newAccount();
    const before = await storedEvents();
    const payload = JSON.stringify({ id: "evt_forged", object: "event", type: "invoice.paid", data: {} });
    const sign = (secret: string, at: number) =>
      `t=${at},v1=${createHmac("sha256", secret).update(`${at}.${payload}`).digest("hex")}`;
    const now = Math.floor(Date.now() / 1_000);
    const signatures = [
      sign("whsec_wrong", now),
      sign(running.webhookSecret, now - 3_600),
      "nonsense",
      "",
      "t=,v1=",
      "t=1,v1",
    ];
    for (const signature of signatures) {
      const answer = await running.call("POST", "/webhooks/stripe", payload, {
        "stripe-signature": signature,
      });
      expectProblem(answer, 400, "invalid_signature");
    }
    expectProblem(await running.call("POST", "/webhooks/stripe", payload), 400, "invalid_signature");
    expect(await storedEvents()).toBe(before);
    await expectUntouched(account);
  });

  it.each(["/api/events", "/api/check", "/api/holds", "/api/billing/checkout", "/api/billing/reconcile"])(
    "another content type than JSON is refused by %s",
    async (path) => {
      const account = await running.newAccount();
      const body = JSON.stringify({ id: "e", meter: "sessions", tokens: 5, planId: "team" });
      for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/xml"]) {
        const answer = await account.call("POST", path, body, { "content-type": type });
        expectProblem(answer, 415, "unsupported_media_type");
      }
      await expectUntouched(account);
    },
  );

  it.each([
    ["/api/check", { meter: "minutes" }, "meter"],
    ["/api/check", { meter: "sessions", quantity: 0 }, "quantity"],
    ["/api/holds", { tokens: 0 }, "tokens"],
    ["/api/holds", { tokens: 5, ttlSeconds: 86_401 }, "ttlSeconds"],
    ["/api/billing/checkout", { planId: "team", interval: "week" }, "interval"],
    ["/api/billing/checkout", { planId: "team", successUrl: "javascript:alert(1)" }, "successUrl"],
  ])("%s with %j names the field to blame: %s", async (path, body, field) => {
    const account = await running.newAccount();
    const problem = expectProblem(await account.call("POST", path, body), 400, "invalid_request");
    expect(problem.errors?.map((error) => error.path)).toEqual([field]);
    await expectUntouched(account);
  });

  it("a zero byte in any other text is refused as the sender's mistake", async () => {
    const account = await running.newAccount();
    for (const [path, body] of [
      ["/api/holds", { tokens: 5, resource: "a\u0000b" }],
      ["/api/billing/reconcile", { sessionId: "cs_\u0000" }],
      ["/api/holds/hold_%00/settle", { tokens: 5 }],
    ] as const) {
      expectProblem(await account.call("POST", path, body), 400, "invalid_request");
    }
    await expectUntouched(account);
  });

  it("a call that needs a body is told so when it has none", async () => {
    const account = await running.newAccount();
    for (const path of ["/api/events", "/api/check", "/api/holds"]) {
      const answer = await account.call("POST", path);
      expect([400, 415], JSON.stringify(answer.body)).toContain(answer.status);
    }
    // A choice of plan that names nothing is the plan of today.
    expectProblem(await account.call("POST", "/api/billing/checkout"), 409, "no_change");
    expect((await account.call("POST", "/api/billing/reconcile")).status).toBe(200);
    await expectUntouched(account);
  });

  it("an address that is none of ours is not found, with a problem", async () => {
    const account = await running.newAccount();
    expectProblem(await account.call("GET", "/api/nothing"), 404, "not_found");
    expectProblem(await account.call("POST", "/api/holds/hold_none/settle", { tokens: 1 }), 404, "not_found");
    await expectUntouched(account);
  });
});
