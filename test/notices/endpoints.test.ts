/* Webhook endpoints by the API, with a receiver that checks signatures by the specification's own library. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "kysely";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createClient } from "@bursar/client";
import { callerOf, databases, startService, type Call, type RunningService } from "../api/service.ts";
import { expectProblem } from "../api/problem.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;

interface Endpoint {
  id: string;
  url: string;
  enabled: boolean;
  secret: string;
  eventTypes: string[] | null;
}
interface Delivery {
  id: string;
  type: string;
  state: string;
  tries: { status: number | null; error: string | null }[];
}
interface Received {
  readonly body: string;
  readonly headers: Record<string, string>;
}

describe("webhook endpoints", () => {
  let running: RunningService;
  let receiver: Server;
  let url = "";
  let received: Received[] = [];
  let status = 204;
  beforeAll(async () => {
    running = await startService(open, { jobsByHand: true, outgoing: { targets: "loopback" } });
    receiver = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        received.push({ body, headers: request.headers as Record<string, string> });
        response.writeHead(status).end(status === 500 ? "no room" : "");
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;
  });
  afterAll(async () => {
    await new Promise((resolve) => receiver.close(resolve));
    await running.stop();
  });
  beforeEach(async () => {
    // A retry of another test's would come here.
    await sql`delete from webhook_deliveries`.execute(running.database.kysely);
    received = [];
    status = 204;
  });

  async function register(call: Call, more: object = {}): Promise<Endpoint> {
    const { status: answered, body } = await call<Endpoint>("POST", "/api/webhook-endpoints", {
      url,
      ...more,
    });
    expect(answered).toBe(200);
    return body;
  }
  const use = (call: Call, id: string) =>
    call("POST", "/api/events", { id, meter: "sessions", quantity: 16 });
  const verified = (secret: string, { body, headers }: Received) => new Webhook(secret).verify(body, headers);
  const logOf = async (call: Call, id: string) =>
    (
      await call<{ data: Delivery[]; nextCursor: string | null }>(
        "GET",
        `/api/webhook-endpoints/${id}/deliveries`,
      )
    ).body;

  it("U5 B4 an alert arrives signed, once, and the log shows it", async () => {
    const account = await running.newAccount();
    const { id, secret } = await register(account.call);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    await use(account.call, "e1");
    await running.service.runDue();
    await running.service.runDue();
    expect(received).toHaveLength(1);
    expect(verified(secret, received[0]!)).toMatchObject({
      type: "usage.threshold_reached",
      data: { account: { id: account.accountId }, meter: "sessions", percent: 80, used: 16, limit: 20 },
    });
    expect(() =>
      new Webhook("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").verify(received[0]!.body, received[0]!.headers),
    ).toThrow();
    const [delivery] = (await logOf(account.call, id)).data;
    expect(delivery).toMatchObject({
      id: received[0]?.headers["webhook-id"],
      type: "usage.threshold_reached",
      state: "sent",
      tries: [{ status: 204, error: null }],
    });
  });

  it("the client makes, tests, reads and removes one", async () => {
    const account = await running.newAccount();
    const token = await running.issue("account_key", account.accountId, "admin");
    const { webhooks } = createClient({ baseUrl: running.url, token });
    const { id, secret } = await webhooks.create({ url }, "endpoint-1");
    expect(await webhooks.test(id)).toMatchObject({ delivered: true });
    expect(verified(secret, received[0]!)).toMatchObject({ data: { account: null, endpointId: id } });
    expect((await webhooks.deliveries(id, { limit: 1 })).data).toHaveLength(1);
    expect(await webhooks.change(id, { description: "ours" })).toMatchObject({ id, description: "ours" });
    await webhooks.remove(id);
    expect((await webhooks.list()).data).toEqual([]);
  });

  it("the secret is told once, and after a rotation both sign", async () => {
    const account = await running.newAccount();
    const { id, secret } = await register(account.call);
    const listed = await account.call("GET", "/api/webhook-endpoints");
    expect(JSON.stringify(listed.body)).not.toContain("whsec_");
    const rotated = await account.call<{ secret: string }>("POST", `/api/webhook-endpoints/${id}/rotate`);
    expect(rotated.body.secret).not.toBe(secret);
    const tested = await account.call<{ delivered: boolean }>("POST", `/api/webhook-endpoints/${id}/test`);
    expect([tested.status, tested.body.delivered]).toEqual([200, true]);
    for (const each of [secret, rotated.body.secret]) {
      expect(verified(each, received[0]!)).toMatchObject({ type: "webhook_endpoint.test" });
    }
  });

  it("B2 says what an endpoint can ask for, and who may change it", async () => {
    const account = await running.newAccount();
    interface List {
      eventTypes: { type: string; description: string }[];
      can: { change: object };
    }
    const { body } = await account.call<List>("GET", "/api/webhook-endpoints");
    expect(body.can.change).toEqual({ allowed: true });
    const types = body.eventTypes.map(({ type }) => type);
    expect(types).toContain("payment.failed");
    expect(types).not.toContain("webhook_endpoint.test");
    const token = await running.issue("session_token", account.accountId, "member");
    const reader = callerOf(running.url, { authorization: `Bearer ${token}` });
    expect((await reader<List>("GET", "/api/webhook-endpoints")).body.can.change).toEqual({
      allowed: false,
      code: "webhooks_role",
      names: ["Ann Lindt"],
      reason: "Ann Lindt can change webhooks.",
    });
  });

  it("a test says what went wrong", async () => {
    const account = await running.newAccount();
    const { id } = await register(account.call);
    status = 500;
    const { body } = await account.call<{ delivered: boolean; try: Delivery["tries"][number] }>(
      "POST",
      `/api/webhook-endpoints/${id}/test`,
    );
    expect(body).toMatchObject({
      delivered: false,
      try: { status: 500, error: "The endpoint answered 500.", answer: "no room" },
    });
  });

  it("B4 is edited: what waits goes to the new address, for the events chosen by then; a bad address changes nothing", async () => {
    const account = await running.newAccount();
    const { id } = await register(account.call, {
      url: "http://127.0.0.1:9/old",
      eventTypes: ["payment.failed"],
    });
    const path = `/api/webhook-endpoints/${id}`;
    await account.call("POST", `${path}/test`);
    const failing = await account.call<{ data: { failingSince: string | null }[] }>(
      "GET",
      "/api/webhook-endpoints",
    );
    expect(failing.body.data[0]?.failingSince).not.toBeNull();
    for (const [bad, code] of [
      [{ url: "http://169.254.169.254/" }, "invalid_request"],
      [{ url: "https://user:pw@hooks.acme.example/" }, "invalid_request"],
      [{ eventTypes: [] }, "invalid_request"],
      [{ eventTypes: ["moon.full"] }, "invalid_request"],
      [{ secret: "whsec_mine" }, "invalid_request"],
    ] as const) {
      expectProblem(await account.call("PATCH", path, bad), 400, code);
    }
    const changed = await account.call("PATCH", path, { url, eventTypes: ["usage.threshold_reached"] });
    // Of another address nothing is known yet.
    expect(changed.body).toMatchObject({ url, eventTypes: ["usage.threshold_reached"], failingSince: null });
    await use(account.call, "e1");
    await account.call("POST", `${path}/replay`, { from: "2020-01-01T00:00:00Z" });
    await running.database.kysely.transaction().execute(async (db) => {
      await sql`update webhook_deliveries set not_before = created_at where endpoint_id = ${id} and state = 'due'`.execute(
        db,
      );
    });
    await running.service.runDue();
    const types = received.map(({ body }) => (JSON.parse(body) as { type: string }).type).sort();
    expect(types).toEqual(["usage.threshold_reached", "webhook_endpoint.test"]);
  });

  it("B4 of two changes at once neither takes the other's back, and none enables what was just disabled", async () => {
    const account = await running.newAccount();
    const { id } = await register(account.call);
    const path = `/api/webhook-endpoints/${id}`;
    for (let turn = 0; turn < 10; turn += 1) {
      const wishes = [
        { description: `turn ${turn}` },
        { eventTypes: turn % 2 === 0 ? ["payment.failed"] : null },
        { enabled: turn % 2 === 1 },
        { url: `${url}?turn=${turn}` },
      ];
      await Promise.all(wishes.map((wish) => account.call("PATCH", path, wish)));
      const { body } = await account.call<{ data: Endpoint[] }>("GET", "/api/webhook-endpoints");
      expect(body.data[0]).toMatchObject(Object.assign({}, ...wishes) as object);
    }
  });

  it("what a disabled endpoint missed is replayed, all or one, under the same ids", async () => {
    const account = await running.newAccount();
    const { id } = await register(account.call);
    const path = `/api/webhook-endpoints/${id}`;
    await account.call("PATCH", path, { enabled: false });
    await use(account.call, "e1");
    await running.service.runDue();
    expect(received).toHaveLength(0);
    const [missed] = (await logOf(account.call, id)).data;
    expect(missed?.state).toBe("failed");
    const span = { from: "2020-01-01T00:00:00Z" };
    expectProblem(await account.call("POST", `${path}/replay`, span), 409, "conflict");
    await account.call("PATCH", path, { enabled: true });
    expect((await account.call("POST", `${path}/replay`, span)).body).toEqual({ replayed: 1 });
    await running.service.runDue();
    expect((await account.call("POST", `${path}/replay`, span)).body).toEqual({ replayed: 0 });
    const again = { ...span, includeSent: true };
    expect((await account.call("POST", `${path}/replay`, again)).body).toEqual({ replayed: 1 });
    await running.service.runDue();
    await account.call("POST", `${path}/deliveries/${missed?.id}/replay`);
    await running.service.runDue();
    expect(received.map(({ headers }) => headers["webhook-id"])).toEqual(
      Array.from({ length: 3 }, () => missed?.id),
    );
  });

  it("B2 the installation's own endpoint hears of all accounts, an account's of its own alone", async () => {
    const platform = callerOf(running.url, { authorization: `Bearer ${running.platformKey}` });
    const [mine, theirs] = [await running.newAccount(), await running.newAccount()];
    const own = await register(mine.call);
    const all = await register(platform, { eventTypes: ["usage.threshold_reached"] });
    await use(mine.call, "e1");
    await use(theirs.call, "e1");
    await running.service.runDue();
    const heard = (secret: string) =>
      received.flatMap((each) => {
        try {
          return [(verified(secret, each) as { data: { account: { id: string } } }).data.account.id];
        } catch {
          return [];
        }
      });
    expect(heard(own.secret)).toEqual([mine.accountId]);
    expect(heard(all.secret).sort()).toEqual([mine.accountId, theirs.accountId].sort());
    expect((await platform("DELETE", `/api/webhook-endpoints/${all.id}`)).status).toBe(204);
  });

  it("B2 another account's endpoint is not found, and only an owner or admin changes one", async () => {
    const [mine, theirs] = [await running.newAccount(), await running.newAccount()];
    const { id } = await register(theirs.call);
    const path = `/api/webhook-endpoints/${id}`;
    const foreign: [string, string, unknown?][] = [
      ["PATCH", path, { enabled: false }],
      ["DELETE", path],
      ["POST", `${path}/rotate`],
      ["POST", `${path}/test`],
      ["GET", `${path}/deliveries`],
      ["POST", `${path}/replay`, { from: "2020-01-01T00:00:00Z" }],
      ["POST", `${path}/deliveries/ntc_1/replay`],
    ];
    for (const [method, at, body] of foreign) {
      expectProblem(await mine.call(method, at, body), 404, "not_found");
    }
    const secret = await running.issue("account_key", theirs.accountId, "billing");
    const billing = callerOf(running.url, { authorization: `Bearer ${secret}` });
    for (const [method, at, body] of foreign.filter(([method]) => method !== "GET")) {
      expectProblem(await billing(method, at, body), 403, "forbidden");
    }
    expectProblem(await billing("POST", "/api/webhook-endpoints", { url }), 403, "forbidden");
    expect((await billing("GET", "/api/webhook-endpoints")).status).toBe(200);
    expect(received).toHaveLength(0);
  });

  it.each([
    ["http://169.254.169.254/latest/meta-data"],
    ["https://10.0.0.1/"],
    ["https://user:pw@hooks.acme.example/"],
    ["javascript:alert(1)"],
  ])("%s is refused as an endpoint", async (bad) => {
    const account = await running.newAccount();
    const answer = await account.call("POST", "/api/webhook-endpoints", { url: bad });
    expectProblem(answer, 400, "invalid_request");
  });

  it("an event type that there is not is refused, and so is the 21st endpoint", async () => {
    const account = await running.newAccount();
    const unknown = { url, eventTypes: ["moon.full"] };
    expectProblem(await account.call("POST", "/api/webhook-endpoints", unknown), 400, "invalid_request");
    for (let count = 0; count < 20; count++) await register(account.call);
    expectProblem(await account.call("POST", "/api/webhook-endpoints", { url }), 409, "conflict");
  });
});
