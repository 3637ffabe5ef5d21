/*
 * Production from the outside: bursar serve as two processes on one real PostgreSQL, with a Stripe that is not theirs to
 * start, and an operator's commands beside them. The Stripe is the offline one; nothing in here tells them so.
 */
import { request } from "node:http";
import { startStripeEmulator, type StripeEmulator } from "@bursar/stripe-emulator";
import { createBackend } from "@bursar/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGateway } from "../../packages/server/src/stripe/gateway.ts";
import { freePort } from "../support/free-port.ts";
import { createDatabase, type TestDatabase } from "../support/postgres.ts";
import { bursar } from "../support/run-bursar.ts";
import { startServing, type Serving } from "../support/serve.ts";
import { payHostedPage } from "./hosted-page.ts";
import { callerOf } from "./service.ts";

describe("bursar serve", () => {
  let database: TestDatabase;
  let stripe: StripeEmulator;
  let env: Record<string, string>;
  let url: string;
  let first: Serving;
  let second: Serving;
  let secondUrl: string;
  let key: string;

  beforeAll(async () => {
    database = await createDatabase();
    stripe = await startStripeEmulator({ account: { settings: { portalSettingsSaved: true } } });
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const connection = { apiBase: stripe.url, secretKey: stripe.secretKey, webhookSecret: "" };
    const endpoint = await createGateway(connection).ensureWebhookEndpoint({ url: `${url}/webhooks/stripe` });
    env = {
      DATABASE_URL: database.url,
      STRIPE_API_BASE: stripe.url,
      STRIPE_SECRET_KEY: stripe.secretKey,
      STRIPE_WEBHOOK_SECRET: endpoint.secret!,
      BURSAR_PUBLIC_URL: url,
      PORT: String(port),
    };
    const secondPort = await freePort();
    secondUrl = `http://127.0.0.1:${secondPort}`;
    [first, second] = await Promise.all([
      startServing(env),
      startServing({ ...env, PORT: String(secondPort) }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([first, second].map((serving) => serving?.end("SIGKILL")));
    await stripe.close();
    await database.drop();
  });

  it("says at once what is missing, and what is wrong with the database", async () => {
    const bare = await startServing({}).catch((error: unknown) => String(error));
    expect(bare).toMatch(/DATABASE_URL: [\s\S]*STRIPE_SECRET_KEY: [\s\S]*STRIPE_WEBHOOK_SECRET: /);
    const lost = { ...env, DATABASE_URL: "postgres://nobody@127.0.0.1:9/bursar" };
    const unreachable = await startServing(lost).catch((error: unknown) => String(error));
    expect(unreachable).toContain("The database of DATABASE_URL cannot be used (ECONNREFUSED)");
    expect(unreachable).not.toMatch(/^\s+at /m);
  });

  it("bursar doctor says what is to be mended and how, and is content when it is", async () => {
    const before = await bursar(["doctor"], env);
    expect([before.status, before.output]).toEqual([1, expect.stringContaining("bursar catalog push")]);
    expect(second.output()).toContain("Run bursar catalog push");
    expect((await bursar(["catalog", "push"], env)).status).toBe(0);
    const after = await bursar(["doctor"], env);
    expect(after.status, after.output).toBe(0);
    for (const line of [
      /^ok {4}the database answers: PostgreSQL 18/m,
      /^ok {4}the tables are those of this version/m,
      /^ok {4}the clock of the database agrees/m,
      /^ok {4}every account is on a plan of the catalogue/m,
      /^ok {4}Stripe has the catalogue's prices/m,
      /^ok {4}Stripe sends its events to /m,
      /^ok {4}the clock of Stripe agrees/m,
      /^ok {4}http:.* leads to Bursar/m,
    ]) {
      expect(after.output).toMatch(line);
    }
    const wrong = { ...env, STRIPE_SECRET_KEY: "sk_test_wrong", BURSAR_PUBLIC_URL: "http://127.0.0.1:9" };
    const sick = await bursar(["doctor"], wrong);
    expect([sick.status, sick.output]).toEqual([
      1,
      expect.stringContaining("Stripe refuses STRIPE_SECRET_KEY"),
    ]);
    expect(sick.output).toContain("http://127.0.0.1:9 cannot be reached from here");
  });

  it("an operator makes keys, accounts and sign-in links, and takes keys away on all servers", async () => {
    const made = await bursar(["keys", "create", "--name", "backend"], env);
    key = made.output.trim();
    expect([made.status, key]).toEqual([0, expect.stringMatching(/^bsk_/)]);
    const account = await bursar(
      ["accounts", "create", "--name", "Acme", "--email", "ann@acme.test", "--id", "acme"],
      env,
    );
    expect([account.status, account.output]).toEqual([0, expect.stringMatching(/^acc_/)]);
    expect((await bursar(["accounts", "list"], env)).output).toContain("acme  Acme  ann@acme.test");

    const link = (await bursar(["accounts", "sign-in-link", "acme"], env)).output.trim();
    expect(link.startsWith(`${url}/sign-in?token=bsl_`)).toBe(true);
    const opened = [await fetch(link, { redirect: "manual" }), await fetch(link, { redirect: "manual" })];
    expect(opened.map(({ status }) => status)).toEqual([303, 401]);

    const asKey = (secret: string, at: string) =>
      callerOf(at, { authorization: `Bearer ${secret}`, "bursar-account": "acme" });
    const spare = (await bursar(["keys", "create", "--name", "spare"], env)).output.trim();
    expect((await asKey(spare, url)("GET", "/api/billing")).status).toBe(200);
    const listed = (await bursar(["keys", "list"], env)).output;
    const id = /^(key_\S+) .* spare$/m.exec(listed)?.[1];
    expect(listed).not.toContain(spare);
    expect((await bursar(["keys", "revoke", id!], env)).status).toBe(0);
    const audit = (await bursar(["audit", "--action", "key", "--limit", "1"], env)).output;
    expect(audit).toMatch(new RegExp(`^\\S+Z  key.revoked  operator  ${id}  .*"name":"spare".* -> -\n$`));
    const ofAcme = (await bursar(["audit", "acme"], env)).output.trimEnd().split("\n");
    expect(ofAcme.map((line) => line.split("  ")[1])).toEqual([
      "session.started",
      "sign_in_link.created",
      "account.created",
    ]);
    for (const at of [url, secondUrl]) {
      expect((await asKey(spare, at)("GET", "/api/billing")).status).toBe(401);
    }
  });

  it("sells a plan: paid on Stripe's page, told by the webhook, seen on both servers", async () => {
    const acme = callerOf(url, { authorization: `Bearer ${key}`, "bursar-account": "acme" });
    const opened = await acme<{ url: string }>("POST", "/api/billing/checkout", { planId: "team" });
    expect(opened.status).toBe(200);
    const paid = await payHostedPage(opened.body.url);
    expect([paid.status, paid.location]).toEqual([
      303,
      expect.stringContaining(`${url}/settings/billing/return`),
    ]);
    for (const baseUrl of [url, secondUrl]) {
      const account = createBackend({ baseUrl, key }).forAccount("acme");
      await expect.poll(async () => (await account.overview()).plan.id, { timeout: 20_000 }).toBe("team");
    }
  });

  it("finishes what it has begun when it is told to stop, and takes nothing new", async () => {
    const headers = { authorization: `Bearer ${key}`, "bursar-account": "acme" };
    const stream = await fetch(`${secondUrl}/api/billing/stream`, { headers });
    const body = JSON.stringify({ id: "late", meter: "sessions" });
    const slow = request(`${secondUrl}/api/events`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", "content-length": body.length },
    });
    const answered = new Promise<number | undefined>((resolve, reject) => {
      slow.once("response", (response) => resolve(response.resume().statusCode)).once("error", reject);
    });
    await new Promise<void>((resolve) => slow.write(body.slice(0, 10), () => resolve()));
    const ended = second.end("SIGTERM");
    // Streams end when it stops taking requests, so from here on it stops.
    await stream.text();
    await expect(fetch(`${secondUrl}/healthz`)).rejects.toThrow();
    slow.end(body.slice(10));
    expect([await answered, await ended]).toEqual([200, 0]);
    expect(second.output()).toContain("Bursar has stopped.");
    const account = createBackend({ baseUrl: url, key }).forAccount("acme");
    expect((await account.overview()).usage["sessions"]?.used).toBe(1);
  });
});
