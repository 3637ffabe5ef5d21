/*
 * Every operation for every credential and role: it answers as its rule says and as the OpenAPI document declares, each
 * refusal can be reached, and nothing of another account is shown or changed (B1, B2).
 */
import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROBLEMS } from "../../packages/server/src/http/problem.ts";
import { newCustomer } from "./customer.ts";
import { declaredAnswers } from "./declared.ts";
import { payHostedPage, sessionIdIn } from "./hosted-page.ts";
import { RULES, type Named, type Rule, type Who } from "./matrix-rules.ts";
import { databases, startService, type RunningService, type TestAccount } from "./service.ts";

/** Routes that have no caller, and why they need none. */
const WITHOUT_CALLER: Readonly<Record<string, string>> = {
  "GET /healthz": "the process lives",
  "GET /readyz": "its database answers",
  "GET /metrics": "numbers without names",
  "GET /docs": "the guides",
  "GET /docs/:slug{.+}": "a guide, or the reference",
  "GET /docs/style.css": "its look",
  "GET /plain.css": "the look of pages without a script",
  "GET /api/openapi.json": "the same for programs",
  "POST /webhooks/stripe": "Stripe's signature is the credential",
  "GET /sign-in": "the link is the credential",
  "GET /unsubscribe": "the mail's link is the credential",
  "POST /unsubscribe": "the same, by one click of a mail program",
  "GET /forgot-password": "the page, for who is not signed in",
  "GET /reset-password": "the same; the link's secret is the credential of what it sends",
  "GET /confirm-email": "the same",
  "GET /invitation": "the same",
  "GET /": "leads to the page",
  "GET /settings/*": "the page, which then asks as its person",
  "GET /assets/:name": "its files",
};

/** What takes a state that the matrix does not bring about, and the test that does. */
const SEEN_ELSEWHERE: Readonly<Record<string, string>> = {
  already_subscribed: "subscription.test.ts",
  change_in_progress: "plan-faults.test.ts",
  idempotency_in_progress: "idempotency.test.ts",
  no_saved_payment_method: "pack-purchase.test.ts",
  past_due: "plan-stories.test.ts",
  payment_failed: "pack-purchase.test.ts",
  payment_requires_action: "pack-purchase.test.ts",
  unavailable: "database-faults.test.ts",
};

const ROLES = ["owner", "admin", "billing", "member"] as const;
type Role = (typeof ROLES)[number];
type Kind = "platform_key" | "account_key" | "session_token" | "cookie";

interface Credential {
  readonly name: string;
  readonly headers: Record<string, string>;
  /** `null`: nobody is let in with it. */
  readonly caller: { readonly kind: Kind; readonly role: Role; readonly isPerson?: boolean } | null;
  /** A platform key that names no account. */
  readonly namesNone?: true;
  /** A cookie that comes from another site. */
  readonly isForged?: true;
}

interface Given {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly code: string | undefined;
  readonly requestId: string;
}

function permits(who: Who, { kind, role, isPerson = false }: NonNullable<Credential["caller"]>): boolean {
  switch (who) {
    case "everybody":
    case "reading":
      return true;
    case "billing":
      return role !== "member";
    case "persons":
      return isPerson;
    case "signed in":
      return kind === "cookie";
    case "managing":
      return role === "owner" || role === "admin";
    case "making keys":
      return (role === "owner" || role === "admin") && kind !== "account_key";
    case "keys":
      return kind === "platform_key" || kind === "account_key";
    case "platform":
      return kind === "platform_key";
  }
}

const SECRET_NAME = "Zyx Undisclosed";

describe("the matrix of operations, credentials and roles", () => {
  let running: RunningService;
  let mine: TestAccount;
  let theirs: TestAccount;
  let named: Named;
  let strange: Named;
  let credentials: Credential[];
  let declaration: ReturnType<typeof declaredAnswers>;
  let requests = 0;
  let checked = 0;
  const seenCodes = new Set<string>();
  let turn = 0;

  beforeAll(async () => {
    // No name is looked up: a resolver that is slow would keep every try waiting.
    running = await startService(databases[1]!.open, { outgoing: { targets: "loopback" } });
    declaration = declaredAnswers(running.service);
    mine = await newCustomer(running, { planId: "team", seats: 3 }, undefined);
    theirs = await running.newAccount({ name: SECRET_NAME, ownerEmail: "else@zyx.test" });
    [named, strange] = [await nameThings(mine), await nameThings(theirs)];
    credentials = await makeCredentials();
  }, 120_000);
  afterAll(async () => {
    console.info(
      `matrix: ${Object.keys(RULES).length} operations x ${credentials.length} credentials, ${requests} requests, ${checked} successes as declared, ${seenCodes.size} of ${Object.keys(PROBLEMS).length} problem codes`,
    );
    await running.stop();
  });

  async function nameThings({ accountId, call }: TestAccount): Promise<Named> {
    await call("POST", "/api/events", { id: "own", meter: "sessions", quantity: 3 });
    const hold = await call<{ id: string }>("POST", "/api/holds", { tokens: 10 });
    const key = await call<{ id: string }>("POST", "/api/keys", { name: "own", role: "member" });
    const otherHold = await call<{ id: string }>("POST", "/api/holds", { tokens: 10 });
    const invitations = [{ email: "invited@acme.test", role: "member" }];
    const invited = await call<{ data?: { id: string }[] }>("POST", "/api/members", { invitations });
    const endpoint = await call<{ id: string }>("POST", "/api/webhook-endpoints", {
      url: "http://127.0.0.1:9/bursar",
    });
    const people = await call<{ data: { id: string }[] }>("GET", "/api/members");
    const opened = await call<{ url: string }>("POST", "/api/billing/credits/checkout", {
      packId: "credits_1m",
    });
    // Free buys no packs; there the session is that of a plan.
    const plan =
      opened.status === 200
        ? opened
        : await call<{ url: string }>("POST", "/api/billing/checkout", { planId: "personal" });
    if (opened.status === 200) await payHostedPage(opened.body.url);
    return {
      accountId,
      holdId: hold.body.id,
      keyId: key.body.id,
      endpointId: endpoint.body.id,
      otherHoldId: otherHold.body.id,
      personId: (invited.body.data ?? people.body.data)[0]!.id,
      memberId: people.body.data[0]!.id,
      sessionId: sessionIdIn(plan.body.url),
    };
  }

  async function makeCredentials(): Promise<Credential[]> {
    const { accountId } = mine;
    const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
    const platform = bearer(running.platformKey);
    const of = async (kind: "account_key" | "session_token", role: Role): Promise<Credential> => ({
      name: `${kind} ${role}`,
      headers: bearer(await running.issue(kind, accountId, role)),
      caller: { kind, role },
    });
    const { members } = await mine.overview();
    const ownerId = members.find(({ role }) => role === "owner")!.id;
    // Of a member or, for the other roles, of nobody: then it has the role that it was given.
    const cookie = async (role: Role, origin: string): Promise<Credential> => ({
      name: `cookie ${role} from ${origin}`,
      headers: {
        cookie: `bursar_session=${await running.issue("dashboard_session", accountId, role, role === "owner" ? ownerId : undefined)}`,
        origin,
      },
      caller: { kind: "cookie", role, isPerson: role === "owner" },
      ...(origin === running.url ? {} : { isForged: true as const }),
    });
    return [
      { name: "nobody", headers: {}, caller: null },
      { name: "an unknown key", headers: bearer("bsk_unknown"), caller: null },
      {
        name: "a sign-in link as key",
        headers: bearer(await running.issue("sign_in_link", accountId)),
        caller: null,
      },
      { name: "a key as cookie", headers: { cookie: `bursar_session=${running.platformKey}` }, caller: null },
      {
        name: "platform key",
        headers: { ...platform, "bursar-account": accountId },
        caller: { kind: "platform_key", role: "owner" },
      },
      {
        name: "platform key without account",
        headers: platform,
        caller: { kind: "platform_key", role: "owner" },
        namesNone: true,
      },
      ...(await Promise.all(ROLES.map((role) => of("account_key", role)))),
      ...(await Promise.all(ROLES.map((role) => of("session_token", role)))),
      // Before the others: one of these may end all sessions of its person.
      await cookie("owner", "https://elsewhere.example"),
      ...(await Promise.all(ROLES.map((role) => cookie(role, running.url)))),
    ];
  }

  async function send(
    operation: string,
    rule: Rule,
    how: { headers: Record<string, string>; of?: Named; body?: string; type?: string },
  ): Promise<Given> {
    requests += 1;
    const [method = "", path = ""] = operation.split(" ");
    const of = how.of ?? named;
    const address =
      running.url +
      path.replace("{id}", rule.id?.(of) ?? "").replace("{delivery}", "none") +
      (rule.query ?? "");
    const body =
      how.body ?? (rule.body === undefined ? undefined : JSON.stringify(rule.body(of, (turn += 1))));
    const response = await fetch(address, {
      method,
      redirect: "manual",
      headers: {
        ...(body === undefined ? {} : { "content-type": how.type ?? "application/json" }),
        ...how.headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const type = response.headers.get("content-type") ?? "";
    let text = "";
    // A stream goes on for good; that it began is its answer.
    if (type.startsWith("text/event-stream")) await response.body!.cancel();
    else text = await response.text();
    const isProblem = type.startsWith("application/problem+json");
    if (response.ok && !type.startsWith("text/event-stream")) {
      checked += 1;
      expect(declaration(operation, response.status, text)).toBeNull();
    }
    const code = isProblem ? (JSON.parse(text) as { code: string }).code : undefined;
    const requestId = response.headers.get("request-id") ?? "";
    expect(requestId, operation).toMatch(/^req_/);
    expect(text, `${operation} shows another account`).not.toContain(SECRET_NAME);
    if (code !== undefined) seenCodes.add(code);
    return { status: response.status, type, text, code, requestId };
  }

  const operations = Object.entries(RULES);
  const person = () => credentials.find(({ caller, isForged }) => caller?.isPerson && !isForged)!.headers;
  const own = () => credentials.find(({ name }) => name === "platform key")!.headers;

  it("B1 has a rule for every route of the service, and a route for every rule", async () => {
    const routes = running.service.app.routes
      .filter(({ method }) => method !== "ALL")
      .map(
        ({ method, path }) =>
          `${method} ${path.replaceAll(/:(\w+)/g, path.startsWith("/api/") ? "{$1}" : ":$1")}`,
      );
    const files = routes.filter((route) => /^GET \/[\w.-]+\.\w+$/.test(route));
    const known = new Set([...Object.keys(RULES), ...Object.keys(WITHOUT_CALLER), ...files]);
    expect(
      routes.filter((route) => !known.has(route)),
      "routes without a rule",
    ).toEqual([]);
    expect(
      [...known].filter((rule) => !routes.includes(rule)),
      "rules without a route",
    ).toEqual([]);

    const { body } = await running.call<{ paths: Record<string, object> }>("GET", "/api/openapi.json");
    const documented = Object.entries(body.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const undocumented = Object.keys(RULES).filter((operation) => !documented.includes(operation));
    expect(undocumented, "only the stream has no JSON to describe").toEqual(["GET /api/billing/stream"]);
  });

  it.each(operations)("B2 %s answers each credential and role as its rule says", async (operation, rule) => {
    const [success, ...codes] = rule.answers;
    const isWrite = !operation.startsWith("GET ");
    const wrong: string[] = [];
    const requestIds: string[] = [];
    let hasSucceeded = false;
    const used = rule.endsSession === true ? await makeCredentials() : credentials;
    for (const { name, headers, caller, namesNone, isForged } of used) {
      const { status, type, code, requestId } = await send(operation, rule, { headers });
      requestIds.push(requestId);
      const isAnswered = status === success || (code !== undefined && codes.includes(code));
      const expected = expectedOf();
      const isRight = expected === "answered" ? isAnswered : expected === code;
      if (!isRight) wrong.push(`${name}: ${expected} expected, not ${status} ${code ?? ""}`);
      if (status >= 400 && !type.startsWith("application/problem+json")) wrong.push(`${name}: no problem`);
      if (status === success) hasSucceeded = true;

      function expectedOf(): string {
        if (rule.who === "everybody") return "answered";
        if (caller === null) return "unauthenticated";
        if (isForged && isWrite) return "origin_not_allowed";
        if (!permits(rule.who, caller)) return "forbidden";
        const needsName =
          rule.who !== "platform" && rule.who !== "signed in" && rule.hasPlatformScope === undefined;
        return namesNone && needsName ? "invalid_request" : "answered";
      }
    }
    if (rule.endsSession === true) credentials = await makeCredentials();
    expect(wrong).toEqual([]);
    // An invitation is taken by its own secret, which is another test's.
    if (rule.who !== "everybody") expect(hasSucceeded, "success is reached").toBe(true);
    if (!isWrite) return;
    // A new operation says here what the audit log has of it, or why nothing.
    const { audits } = rule;
    expect(audits, "what it audits").toBeDefined();
    const written = await auditedBy(requestIds);
    if (typeof audits === "string") expect(written).toEqual([audits]);
    else if (audits !== undefined && "none" in audits) expect(written).toEqual([]);
  });

  /** The actions that these requests left in the audit log. */
  async function auditedBy(requestIds: readonly string[]): Promise<string[]> {
    const { rows } = await sql<{ action: string }>`
      select distinct action from audit_log where request_id = any(${requestIds}::text[])`.execute(
      running.database.kysely,
    );
    return rows.map(({ action }) => action);
  }

  it("B1 no credential reaches another account, by its name or by what belongs to it", async () => {
    const before = await fingerprint();
    const wrong: string[] = [];
    for (const [operation, rule] of operations) {
      if (rule.who === "everybody") continue;
      for (const { name, headers, caller, isForged } of credentials) {
        if (caller === null || isForged || caller.kind === "platform_key") continue;
        const attempts = [
          { headers: { ...headers, "bursar-account": theirs.accountId } },
          ...(rule.id === undefined && operation !== "POST /api/billing/reconcile"
            ? []
            : [{ headers, of: strange }]),
        ];
        for (const attempt of attempts) {
          const { status, code } = await send(operation, rule, attempt);
          if (code !== "not_found" && code !== "forbidden")
            wrong.push(`${operation} ${name}: ${status} ${code}`);
        }
      }
      const isOfKeys = rule.who !== "persons" && rule.isGlobal === undefined;
      if (isOfKeys && rule.id !== undefined) {
        const { status } = await send(operation, rule, { headers: own(), of: strange });
        if (status !== 404) wrong.push(`${operation} platform key for this account: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await fingerprint()).toEqual(before);
  });

  /** All that the other account would see changed. */
  async function fingerprint(): Promise<unknown[]> {
    const paths = ["", "/usage", "/invoices", "/credits"].map((path) => `/api/billing${path}`);
    const answers = await Promise.all(
      [...paths, "/api/members", "/api/keys"].map(async (path) => (await theirs.call("GET", path)).body),
    );
    return answers.map((body) => ({ ...(body as object), now: null }));
  }

  it.each(
    operations.filter(([, { who }]) => !["everybody", "platform", "persons", "signed in"].includes(who)),
  )("%s says that an account which does not exist is not found", async (operation, rule) => {
    const headers = { ...own(), "bursar-account": "acc_of_nobody" };
    const { status, code } = await send(operation, rule, { headers });
    expect([status, code]).toEqual([404, "not_found"]);
  });

  it.each(operations.filter(([, { body }]) => body !== undefined))(
    "%s refuses what is no JSON, no shape of its own, another type, too large, or another body for a key",
    async (operation, rule) => {
      // A person's own takes a person.
      const headers = rule.who === "persons" || rule.who === "signed in" ? person() : own();
      const problems = [
        await send(operation, rule, { headers, body: "{" }),
        await send(operation, rule, { headers, body: '"x"' }),
        await send(operation, rule, { headers, body: "x", type: "text/plain" }),
      ].map(({ status, code }) => `${status} ${code}`);
      expect(problems).toEqual(["400 invalid_json", "400 invalid_request", "415 unsupported_media_type"]);
      expect(await statusOfTooLarge(operation, rule)).toBe(413);
      if (!operation.startsWith("POST ") || rule.who === "everybody" || rule.endsSession === true) return;
      const keyed = { ...headers, "idempotency-key": operation };
      await send(operation, rule, { headers: keyed });
      const { status, code } = await send(operation, rule, { headers: keyed, body: '{"another":1}' });
      expect([status, code]).toEqual([422, "idempotency_mismatch"]);
    },
  );

  it("every code of a problem is answered here, or in the test that is named", async () => {
    const ask = async (...given: Parameters<TestAccount["call"]>) => {
      const { status, body } = await mine.call<{ code?: keyof typeof PROBLEMS }>(...given);
      expect([given[1], status]).toEqual([given[1], PROBLEMS[body.code!]]);
      seenCodes.add(body.code!);
    };
    const account = { id: "taken", name: "Taken", email: "taken@acme.test" };
    await mine.call("POST", "/api/accounts", account);
    await ask("POST", "/api/accounts", account);
    await ask("POST", "/api/holds", { tokens: 900_000_000_000 });
    await ask("POST", `/api/holds/${named.otherHoldId}/settle`, { tokens: 1 });
    await ask("POST", "/api/billing/change", { seats: 40, quoteId: "quo_unknown" });
    await ask("POST", "/webhooks/stripe", { id: "evt_1" }, { "stripe-signature": "t=1,v1=00" });
    const limited = { "bursar-account": theirs.accountId };
    const invitations = [{ email: "second@acme.test", role: "member" }];
    await ask("POST", "/api/members", { invitations }, limited);
    await ask(
      "POST",
      "/api/events",
      { id: "much", meter: "sessions", quantity: 999_999, enforce: true },
      limited,
    );
    running.emulator.faults.add({ kind: "rate_limit", path: "/v1/*" });
    await ask("POST", "/api/billing/portal", {});
    running.emulator.faults.clear();
    await sql`alter table audit_log rename to audit_log_away`.execute(running.database.kysely);
    await ask("POST", "/api/keys", { name: "robot", role: "member" });
    await sql`alter table audit_log_away rename to audit_log`.execute(running.database.kysely);
    const missing = Object.keys(PROBLEMS).filter((code) => !seenCodes.has(code));
    expect(missing.sort()).toEqual(Object.keys(SEEN_ELSEWHERE).sort());
    for (const [code, file] of Object.entries(SEEN_ELSEWHERE)) {
      expect(readFileSync(new URL(file, import.meta.url), "utf8"), `${file} has ${code}`).toContain(code);
    }
  });

  /** Only says that it will send much: a server that waits for it would keep the test for good. */
  function statusOfTooLarge(operation: string, rule: Rule): Promise<number | undefined> {
    requests += 1;
    const [method, path = ""] = operation.split(" ");
    const headers = { ...own(), "content-type": "application/json", "content-length": "50000000" };
    return new Promise((resolve, reject) => {
      const address = running.url + path.replace("{id}", rule.id?.(named) ?? "");
      const sent = httpRequest(address, { method, headers }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
        response.on("end", () => {
          seenCodes.add((JSON.parse(text) as { code: string }).code);
          resolve(response.statusCode);
          sent.destroy();
        });
      });
      sent.once("error", reject);
      sent.flushHeaders();
    });
  }
});
