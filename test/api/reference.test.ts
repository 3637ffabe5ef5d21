import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalog } from "../book/databases.ts";
import { createLog } from "../../packages/server/src/log.ts";
import { compose, listen, type Listening, type Service } from "../../packages/server/src/main.ts";
import { systemIds } from "../../packages/server/src/system.ts";
import { expectProblem } from "./problem.ts";
import { callerOf, databases, startService, type RunningService } from "./service.ts";

describe("the API's own papers and bounds", () => {
  let running: RunningService;
  beforeAll(async () => {
    running = await startService(databases[1]!.open);
  });
  afterAll(() => running.stop());

  it("B5 /docs/api tells every operation, from this origin alone and without a script", async () => {
    const response = await fetch(`${running.url}/docs/api`);
    const page = await response.text();
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const { body } = await running.call<{ paths: Record<string, object>; openapi: string }>(
      "GET",
      "/api/openapi.json",
    );
    expect(body.openapi).toBe("3.1.0");
    const operations = Object.entries(body.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `<b>${method}</b> <code>${path}</code>`),
    );
    expect(operations.length).toBeGreaterThan(35);
    expect(operations.filter((operation) => !page.includes(operation))).toEqual([]);
    expect(page).not.toMatch(/<script|\sstyle=|\son\w+=|https?:\/\//);
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!);
    expect(links.filter((id) => !page.includes(`id="${id}"`))).toEqual([]);
    const style = await fetch(`${running.url}/docs/style.css`);
    expect([style.status, style.headers.get("content-type")]).toEqual([200, "text/css; charset=utf-8"]);
  });

  it("long answers are packed for who can read that, the docs and the OpenAPI document too", async () => {
    const headers = { authorization: `Bearer ${running.platformKey}`, "accept-encoding": "gzip" };
    const account = await running.newAccount();
    for (const path of ["/docs", "/docs/api", "/api/openapi.json", "/api/billing"]) {
      const named = { ...headers, "bursar-account": account.accountId };
      const response = await fetch(running.url + path, { headers: named });
      expect([path, response.headers.get("content-encoding")]).toEqual([path, "gzip"]);
      await response.text();
    }
  });

  describe("with few requests a minute", () => {
    let now = Date.parse("2026-03-01T00:00:00Z");
    let strict: Service;
    let server: Listening;
    beforeAll(async () => {
      strict = compose({
        database: running.database,
        catalog,
        clock: { now: () => now },
        ids: systemIds,
        stripe: {
          apiBase: running.emulator.url,
          secretKey: running.emulator.secretKey,
          webhookSecret: "whsec_1",
        },
        log: createLog("silent"),
        rawEventsKeptDays: 90,
        jobsByHand: true,
        rateLimits: { platform: 60_000, account: 12, session: 6 },
      });
      server = await listen(strict, 0);
    });
    afterAll(async () => {
      await server.close();
      await strict.stop();
    });

    it("a credential past its rate is told when to come again, and others are not held up", async () => {
      const url = `http://127.0.0.1:${server.port}`;
      const { accountId } = await running.newAccount({ createdAt: now });
      const as = async (kind: "account_key" | "session_token") =>
        callerOf(url, { authorization: `Bearer ${await running.issue(kind, accountId)}` });
      const [key, other, token] = [
        await as("account_key"),
        await as("account_key"),
        await as("session_token"),
      ];
      const ask = (call: typeof key) => call("GET", "/api/billing/usage");
      // 12 a minute are one in 5 s; 10 s of them may come at once, so two.
      expect([(await ask(key)).status, (await ask(key)).status]).toEqual([200, 200]);
      const refused = await ask(key);
      expectProblem(refused, 429, "rate_limited");
      expect(refused.headers.get("retry-after")).toBe("5");
      expect([(await ask(other)).status, (await ask(token)).status]).toEqual([200, 200]);
      expect((await ask(token)).headers.get("retry-after")).toBe("10");
      now += 5_000;
      expect([(await ask(key)).status, (await ask(key)).status]).toEqual([200, 429]);
    });

    it("a clock that is set back shuts nobody out", async () => {
      const { accountId } = await running.newAccount({ createdAt: now });
      const key = callerOf(`http://127.0.0.1:${server.port}`, {
        authorization: `Bearer ${await running.issue("account_key", accountId)}`,
      });
      expect((await key("GET", "/api/billing/usage")).status).toBe(200);
      now -= 3_600_000;
      expect((await key("GET", "/api/billing/usage")).status).toBe(200);
    });
  });
});
