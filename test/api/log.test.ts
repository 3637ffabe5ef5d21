/* What the log says of requests, and that no secret is in it, whatever is sent and whatever fails. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLog } from "../../packages/server/src/log.ts";
import { newCustomer, type Customer } from "./customer.ts";
import { databases, startService, type RunningService } from "./service.ts";

const PASSWORD = "correct-horse-battery-staple-9";
const CARDS = ["4242424242424242", "4000 0025 0000 3155", "378282246310005"];

it("what libraries put into their errors is struck out: keys, passwords in addresses, card numbers", () => {
  const secrets = [
    "sk_live_51HABCdefGHIjkl",
    "rk_test_51HABCdefGHIjkl",
    "whsec_abcDEF123+/=",
    `bsk_${"x".repeat(43)}`,
    `bak_${"y".repeat(43)}`,
    `bsl_${"-".repeat(43)}`,
    ...CARDS,
  ];
  const lines: string[] = [];
  const log = createLog("info", { write: (line) => void lines.push(line) });
  const address = `postgres://bursar:${PASSWORD}@db.internal:5432/bursar`;
  const cause = Object.assign(new Error(secrets.join(" and ")), { parameters: secrets, code: "E42" });
  log.error(
    { err: new Error(`cannot reach ${address}`, { cause }), note: secrets },
    `it was ${secrets.join(", ")}`,
  );
  const text = lines.join("");
  for (const secret of [...secrets, PASSWORD]) expect(text).not.toContain(secret);
  expect(JSON.parse(text)).toMatchObject({
    level: 50,
    err: {
      message: "cannot reach postgres://bursar:[struck out]@db.internal:5432/bursar",
      cause: { code: "E42" },
    },
  });
  log.info({ amount: 1234567890123, id: "acc_0123456789012345", at: "2026-11-26T11:23:27.673Z" }, "as it is");
  expect(JSON.parse(lines[1]!)).toMatchObject({ id: "acc_0123456789012345", at: "2026-11-26T11:23:27.673Z" });
});

describe("the log of a running service", () => {
  const lines: string[] = [];
  let running: RunningService;
  let customer: Customer;
  let secrets: Record<string, string>;
  beforeAll(async () => {
    running = await startService(databases[1]!.open, { logTo: (line) => void lines.push(line) });
    customer = await newCustomer(running, { planId: "team", seats: 2 });
    const { accountId } = customer;
    secrets = {
      platformKey: running.platformKey,
      accountKey: await running.issue("account_key", accountId, "admin"),
      sessionToken: await running.issue("session_token", accountId, "owner"),
      session: await running.issue("dashboard_session", accountId, "owner"),
      link: await running.issue("sign_in_link", accountId, "owner"),
      webhookSecret: running.webhookSecret,
      stripeKey: running.emulator.secretKey,
      password: PASSWORD,
      ...Object.fromEntries(CARDS.map((card, index) => [`card${index}`, card])),
    };
  });
  afterAll(() => running.stop());

  /** The lines since then, as they left the process. */
  const since = (start: number) => lines.slice(start).join("");

  it("has one line for a request: who, on which route, how it ended, and nothing that was sent", async () => {
    const start = lines.length;
    const answer = await customer.call("GET", "/api/audit?actor=somebody-of-note&limit=1");
    await customer.call("DELETE", "/api/keys/key_of_nobody");
    await running.call("GET", "/nowhere/at-all");
    const seen = lines.slice(start).map((line) => JSON.parse(line) as Record<string, unknown>);
    const requests = seen.filter(({ msg }) => msg === "request");
    const { accountId } = customer;
    const mine = { credentialKind: "platform_key", accountId };
    expect(requests).toMatchObject([
      {
        method: "GET",
        route: "/api/audit",
        status: 200,
        requestId: answer.headers.get("request-id"),
        ...mine,
      },
      { method: "DELETE", route: "/api/keys/:id", status: 404, ...mine },
      {
        method: "GET",
        route: "none",
        status: 404,
        credentialKind: null,
        credentialId: null,
        accountId: null,
      },
    ]);
    expect(typeof requests[0]!["ms"]).toBe("number");
    expect(since(start)).not.toMatch(/somebody-of-note|key_of_nobody|at-all/);
  });

  it("holds no secret, whatever route it is sent to and however it is answered", async () => {
    const start = lines.length;
    const routes = running.service.app.routes.filter(({ method }) => method !== "ALL");
    const known = new Set(routes.map(({ method, path }) => `${method} ${path}`));
    for (const route of known) {
      const [method = "", path = ""] = route.split(" ");
      for (const [name, secret] of Object.entries(secrets)) await send({ method, path, name, secret });
    }
    expect(since(start).split("\n").length).toBeGreaterThan(known.size * Object.keys(secrets).length);
    for (const [name, secret] of Object.entries(secrets)) {
      expect(since(start).includes(secret), `${name} is in the log`).toBe(false);
    }
  }, 90_000);

  /** In every place of a request at once: path, query, headers, cookie, body. */
  async function send({ method, path, name, secret }: Record<"method" | "path" | "name" | "secret", string>) {
    const written = encodeURIComponent(secret);
    const address = path.replaceAll(/:(\w+)|\*/g, written) + `?token=${written}&cursor=${written}`;
    const isPlain = !secret.includes(" ");
    const headers = {
      "content-type": "application/json",
      cookie: `bursar_session=${isPlain ? secret : secrets["session"]}`,
      "idempotency-key": secret,
      "stripe-signature": `t=1,v1=${secret}`,
      // Some are let in and then refused for what they send, some are let in nowhere.
      authorization: `Bearer ${name.startsWith("card") ? running.platformKey : secret}`,
      ...(name.startsWith("card") ? { "bursar-account": customer.accountId } : {}),
    };
    const parts = {
      token: secret,
      password: secret,
      email: `${secret}@x`,
      name: secret,
      url: secret,
      packId: secret,
    };
    const body = method === "GET" || method === "HEAD" ? null : JSON.stringify({ ...parts, number: secret });
    const controller = new AbortController();
    const response = await fetch(running.url + address, {
      ...{ method, headers, body, redirect: "manual" as const, signal: controller.signal },
    });
    // A stream goes on for good.
    if (response.headers.get("content-type")?.startsWith("text/event-stream") === true) controller.abort();
    else await response.text();
  }

  it("holds none where Stripe does not answer, nor where the database fails in the middle", async () => {
    const start = lines.length;
    running.emulator.faults.add({ kind: "server_error", path: "/v1/*" });
    expect((await customer.call("POST", "/api/billing/portal", {})).status).toBe(502);
    running.emulator.faults.clear();
    const { kysely } = running.database;
    await sql`alter table audit_log rename to audit_log_away`.execute(kysely);
    const failed = await customer.call("POST", "/api/keys", { name: CARDS[0], role: "member" });
    await sql`alter table audit_log_away rename to audit_log`.execute(kysely);
    expect(failed.status).toBe(500);
    const text = since(start);
    expect(text).toContain('"msg":"Stripe did not answer"');
    expect(text).toMatch(/"route":"\/api\/keys".*audit_log.*"msg":"a request failed"/);
    for (const [name, secret] of Object.entries(secrets)) {
      expect(text.includes(secret), `${name} is in the log`).toBe(false);
    }
  });
});
