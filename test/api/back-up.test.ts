/*
 * docs/back-up.md, step by step: what was copied is put back, proves its book, and takes from Stripe what happened since.
 * With PostgreSQL by a copy of the stopped server's folder, with the embedded database by a copy of its own.
 */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startStripeEmulator, type StripeEmulator } from "@bursar/stripe-emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Overview } from "../../packages/client/src/index.ts";
import { openEmbedded } from "../../packages/server/src/db/open-database.ts";
import { createGateway } from "../../packages/server/src/stripe/gateway.ts";
import { openAccount, openBook } from "../book/databases.ts";
import { freePort } from "../support/free-port.ts";
import { putMigratedEmbedded } from "../support/migrated.ts";
import { startPostgres, type PostgresServer } from "../support/postgres-server.ts";
import { bursar } from "../support/run-bursar.ts";
import { startServing, type Serving } from "../support/serve.ts";
import { payHostedPage } from "./hosted-page.ts";
import { callerOf } from "./service.ts";

describe("a service on PostgreSQL", () => {
  let postgres: PostgresServer;
  let stripe: StripeEmulator;
  let env: Record<string, string>;
  let url: string;
  let serving: Serving | undefined;
  beforeAll(async () => {
    postgres = await startPostgres();
    stripe = await startStripeEmulator({ account: { settings: { portalSettingsSaved: true } } });
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const connection = { apiBase: stripe.url, secretKey: stripe.secretKey, webhookSecret: "" };
    const { secret } = await createGateway(connection).ensureWebhookEndpoint({
      url: `${url}/webhooks/stripe`,
    });
    env = {
      DATABASE_URL: postgres.url,
      STRIPE_API_BASE: stripe.url,
      STRIPE_SECRET_KEY: stripe.secretKey,
      STRIPE_WEBHOOK_SECRET: secret!,
      BURSAR_PUBLIC_URL: url,
      PORT: String(port),
    };
  });
  afterAll(async () => {
    await serving?.end("SIGKILL");
    await stripe.close();
    await postgres.stop();
  });

  it("comes back from a copy: its book is exact, and what was charged since is found and granted once", async () => {
    expect((await bursar(["catalog", "push"], env)).status).toBe(0);
    serving = await startServing(env);
    const key = (await bursar(["keys", "create", "--name", "backend"], env)).output.trim();
    const made = ["accounts", "create", "--name", "Acme", "--email", "ann@acme.test", "--id", "acme"];
    expect((await bursar(made, env)).status).toBe(0);
    const acme = callerOf(url, { authorization: `Bearer ${key}`, "bursar-account": "acme" });
    const overview = async () => (await acme<Overview>("GET", "/api/billing")).body;
    const buy = (packId: string) => acme("POST", "/api/billing/credits/purchase", { packId });
    const plan = { planId: "team", seats: 2 };
    const { body } = await acme<{ url: string }>("POST", "/api/billing/checkout", plan);
    await payHostedPage(body.url);
    await expect.poll(async () => (await overview()).plan.id, { timeout: 20_000 }).toBe("team");
    expect((await buy("credits_1m")).body).toMatchObject({ balance: 1_000_000 });

    expect(await serving.end("SIGTERM")).toBe(0);
    await postgres.backUp();
    serving = await startServing(env);
    expect((await buy("credits_2_5m")).body).toMatchObject({ balance: 3_500_000 });

    // The machine is lost, and the copy put in its place.
    await serving.end("SIGKILL");
    await postgres.restore();
    const verified = await bursar(["verify"], env);
    expect([verified.status, verified.output]).toEqual([0, expect.stringContaining("exact")]);
    serving = await startServing(env);
    expect((await overview()).credits.balance).toBe(1_000_000);
    const reconciled = await bursar(["reconcile"], env);
    expect([reconciled.status, reconciled.output]).toEqual([
      0,
      expect.stringContaining("were not granted yet"),
    ]);
    expect((await overview()).credits.balance).toBe(3_500_000);
    expect((await bursar(["reconcile"], env)).output).not.toContain("were not granted yet");
    expect((await bursar(["verify"], env)).status).toBe(0);
  }, 120_000);
});

it("the embedded database comes back from a copy of its folder, as it was", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bursar-copy-"));
  const grant = { type: "grant", kind: "adjustment", tokens: 500 } as const;
  const note = { priceCents: null, currency: null, description: "a gift", resource: null };
  try {
    await putMigratedEmbedded(join(folder, "data/database"));
    const database = await openEmbedded(join(folder, "data/database"));
    const book = openBook(database);
    const accountId = await openAccount(database);
    await book.submit({ ...grant, accountId, source: "before", note });
    await book.close();
    await database.close();
    cpSync(join(folder, "data"), join(folder, "copy"), { recursive: true });

    const verified = await bursar(["verify"], { BURSAR_DATA: join(folder, "copy") });
    expect([verified.status, verified.output]).toEqual([0, expect.stringContaining("exact")]);
    const restored = await openEmbedded(join(folder, "copy/database"));
    const again = openBook(restored);
    const outcomes = [
      await again.submit({ ...grant, accountId, source: "before", note }),
      await again.submit({ ...grant, accountId, source: "after", note }),
    ];
    expect(outcomes).toMatchObject([{ code: "duplicate" }, { code: "granted", balance: 1_000 }]);
    await again.close();
    await restored.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
