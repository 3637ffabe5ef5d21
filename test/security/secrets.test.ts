/*
 * Where secrets are not: in an answer that refuses or fails, in the log beside it, in the database. A run sends every kind
 * of secret in every place of a request to every route, and lets Stripe and the database fail meanwhile.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OutgoingMail } from "../../packages/server/src/mail/mailer.ts";
import { newCustomer, type Customer } from "../api/customer.ts";
import { callerOf, databases, startService, type RunningService } from "../api/service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;
const PASSWORD = "correct-horse-battery-staple-9";

describe("a run in which much fails", () => {
  const lines: string[] = [];
  const mails: OutgoingMail[] = [];
  let running: RunningService;
  let customer: Customer;
  let secrets: Record<string, string>;
  beforeAll(async () => {
    const send = (mail: OutgoingMail) => Promise.resolve(void mails.push(mail));
    const mailer = { way: "smtp" as const, send, close: () => {} };
    running = await startService(open, {
      logTo: (line) => void lines.push(line),
      outgoing: { mailer, targets: "loopback" },
      jobsByHand: true,
    });
    customer = await newCustomer(running, { planId: "team", seats: 3 });
    secrets = await everySecret();
  });
  afterAll(() => running.stop());

  /** One of each kind that there is, all of them good. */
  async function everySecret(): Promise<Record<string, string>> {
    const { accountId, call } = customer;
    const { members } = await customer.overview();
    const { email, id: ownerId } = members[0]!;
    await running.call("POST", "/api/auth/forgot-password", { email });
    await running.service.runDue();
    const invited = await call<{ data: { token: string }[] }>("POST", "/api/members", {
      invitations: [{ email: "bo@acme.test", role: "member" }],
    });
    const endpoint = await call<{ secret: string }>("POST", "/api/webhook-endpoints", {
      url: "http://127.0.0.1:9/hooks",
    });
    return {
      "platform key": running.platformKey,
      "account key": await running.issue("account_key", accountId, "admin"),
      "session token": await running.issue("session_token", accountId, "owner"),
      session: await running.issue("dashboard_session", accountId, "owner", ownerId),
      "sign-in link": await running.issue("sign_in_link", accountId, "owner", ownerId),
      "link of a mail": tokenTo(email),
      invitation: invited.body.data[0]!.token,
      "Stripe's webhook secret": running.webhookSecret,
      "an endpoint's secret": endpoint.body.secret,
      "Stripe's key": running.emulator.secretKey,
      password: PASSWORD,
      "a token of the product": `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyXzEifQ.${"s".repeat(86)}`,
      card: "4000 0025 0000 3155",
    };
  }

  function tokenTo(email: string): string {
    const mail = mails.findLast(({ to, text }) => to === email && text.includes("token="));
    return /token=([\w-]+)/.exec(mail?.text ?? "")?.[1] ?? "";
  }

  it("B1 keeps none in the database but what signs webhooks: hashes, so that none is compared there", async () => {
    const browser = callerOf(running.url, { origin: running.url });
    const email = "cy@acme.test";
    await running.newAccount({ ownerEmail: email });
    await browser("POST", "/api/auth/forgot-password", { email });
    await running.service.runDue();
    const token = tokenTo(email);
    const set = await browser("POST", "/api/auth/reset-password", { token, password: PASSWORD });
    expect(set.status).toBe(200);
    const { rows: tables } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where  table_schema = 'public' and table_type = 'BASE TABLE'`.execute(running.database.kysely);
    expect(tables.length).toBeGreaterThan(30);
    const found: string[] = [];
    for (const { name } of tables) {
      const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(name)} t`.execute(
        running.database.kysely,
      );
      const text = rows.map(({ row }) => row).join("\n");
      for (const [kind, secret] of Object.entries(secrets)) {
        const asBytes = Buffer.from(secret).toString("hex");
        if (text.includes(secret) || text.includes(asBytes)) found.push(`${kind} in ${name}`);
      }
    }
    expect(found).toEqual(["an endpoint's secret in webhook_endpoints"]);
  });

  interface Refusal {
    readonly route: string;
    readonly status: number;
    readonly text: string;
  }

  /** In every place of a request at once: path, query, headers, body. A password has no form, so it is where passwords are. */
  async function send(
    route: string,
    sent: string,
    as: "nobody" | "itself" | "the platform",
  ): Promise<Refusal> {
    const [method = "", path = ""] = route.split(" ");
    const secret = sent === PASSWORD ? "another" : sent;
    const written = encodeURIComponent(secret);
    const address = `${path.replaceAll(/:\w+(\{[^}]*\})?|\*/g, written)}?token=${written}&cursor=${written}&meter=${written}`;
    const parts = {
      token: secret,
      password: sent,
      currentPassword: sent,
      email: `${secret}@x`,
      name: secret,
      url: secret,
    };
    const more = { packId: secret, planId: secret, account: secret, role: secret, successUrl: secret };
    const abort = new AbortController();
    const response = await fetch(running.url + address, {
      method,
      redirect: "manual",
      signal: abort.signal,
      headers: {
        "content-type": "application/json",
        "idempotency-key": secret,
        "stripe-signature": `t=1,v1=${secret}`,
        ...(as === "nobody"
          ? {}
          : { authorization: `Bearer ${as === "itself" ? secret : running.platformKey}` }),
        "bursar-account": as === "the platform" ? customer.accountId : secret,
      },
      body: method === "GET" ? null : JSON.stringify({ ...parts, ...more, [secret]: secret }),
    });
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
    const text = isStream ? "" : await response.text();
    if (isStream) abort.abort();
    return { route: `${route} as ${as}`, status: response.status, text };
  }

  /** What is let in is sent to every route as itself; of the others each route is sent some, to nobody and the platform. */
  async function refusals(): Promise<Refusal[]> {
    const routes = running.service.app.routes.filter(({ method }) => method !== "ALL");
    const known = [...new Set(routes.map(({ method, path }) => `${method} ${path}`))];
    const all = Object.values(secrets);
    const sent = known.flatMap((route, index): Parameters<typeof send>[] => [
      [route, secrets["platform key"]!, "itself"],
      [route, secrets["session token"]!, "itself"],
      ...[0, 5].flatMap((further): Parameters<typeof send>[] => {
        const secret = all[(index + further) % all.length]!;
        return [
          [route, secret, "nobody"],
          [route, secret, "the platform"],
        ];
      }),
    ]);
    const answers: Refusal[] = [];
    for (let from = 0; from < sent.length; from += 12) {
      answers.push(...(await Promise.all(sent.slice(from, from + 12).map((each) => send(...each)))));
    }
    return answers.filter(({ status }) => status >= 400);
  }

  it("B1 answers no secret back, nor writes one into the log, whatever is wrong", async () => {
    const found: string[] = [];
    const start = lines.length;
    const refused = await refusals();
    expect(refused.length).toBeGreaterThan(250);
    for (const { route, text } of refused) {
      for (const [name, secret] of Object.entries(secrets)) {
        if (text.includes(secret) || text.includes(encodeURIComponent(secret)))
          found.push(`${name}: ${route}`);
      }
    }
    const log = lines.slice(start).join("");
    for (const [name, secret] of Object.entries(secrets)) {
      if (log.includes(secret)) found.push(`${name} in the log`);
    }
    expect(found).toEqual([]);
  }, 90_000);

  it("B1 says nothing of Stripe's key or the database where one of them fails", async () => {
    const start = lines.length;
    const { call } = customer;
    const answers: { status: number; body: unknown }[] = [];
    for (const kind of ["server_error", "rate_limit"] as const) {
      running.emulator.faults.add({ kind, path: "/v1/*" });
      answers.push(await call("POST", "/api/billing/portal", {}));
      running.emulator.faults.clear();
    }
    for (const table of ["audit_log", "accounts", "credentials"]) {
      const away = sql.table(`${table}_away`);
      await sql`alter table ${sql.table(table)} rename to ${away}`.execute(running.database.kysely);
      answers.push(await call("POST", "/api/keys", { name: secrets["platform key"], role: "member" }));
      await sql`alter table ${away} rename to ${sql.table(table)}`.execute(running.database.kysely);
    }
    expect(answers.map(({ status }) => status >= 500)).toEqual(answers.map(() => true));
    const said = JSON.stringify(answers) + lines.slice(start).join("");
    expect(JSON.stringify(answers)).not.toMatch(/relation|_away|select |postgres|\/v1\//);
    for (const [name, secret] of Object.entries(secrets)) {
      expect(said.includes(secret), name).toBe(false);
    }
  });
});

describe("what is compared with a secret", () => {
  const SOURCES = join(import.meta.dirname, "../../packages/server/src");
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  const textOf = (name: string) => readFileSync(join(SOURCES, name), "utf8");

  it("B1 is compared in constant time, or found by its hash", () => {
    const inConstantTime = files.filter((name) => /\btimingSafeEqual\(/.test(textOf(name))).sort();
    // The token of /metrics and the password; the rest is looked up by its hash, Stripe's signature checked by its SDK.
    expect(inConstantTime).toEqual(["http/metrics-route.ts", "people/password.ts"]);
    expect(textOf("stripe/gateway.ts")).toContain("webhooks.constructEvent");
    const compared =
      /\b\w*(?:secret|token(?!s)|password|signature|digest|hash)\w*\)?\s*(?:===|!==|==|!=)\s*(?!null|undefined|"")\w|(?:===|!==)\s*\w*\.?(?:secret|token(?!s)|password|signature|digest|hash)\w*\b/i;
    const found = files.flatMap((name) =>
      textOf(name)
        .split("\n")
        .filter((line) => compared.test(line) && !/^\s*(\*|\/\/)/.test(line))
        .map((line) => `${name}: ${line.trim()}`),
    );
    // Kept hash against kept hash: nothing of it comes from outside.
    expect(found).toEqual([
      "people/sign-in.ts: if (now?.passwordHash !== person?.passwordHash) return null;",
    ]);
  });
});
