/* What every answer carries that keeps a browser strict, whatever kind of answer it is. */
import { request as httpRequest } from "node:http";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newCustomer, type Customer } from "../api/customer.ts";
import { databases, startService, type RunningService } from "../api/service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;

/** Written out, so that a change of them is a change here too. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const STRICT: Readonly<Record<string, string>> = {
  "content-security-policy": POLICY,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};
const HTTPS_ONLY = "max-age=15552000";

interface Kind {
  readonly what: string;
  readonly method?: string;
  readonly path: string;
  readonly status: number;
  readonly type: RegExp;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const html = { accept: "text/html" };
const JSON_TYPE = { "content-type": "application/json" };
const PROBLEM = /^application\/problem\+json$/;
const PAGE = /^text\/(html|plain)/;

const OPEN_TO_ALL: readonly Kind[] = [
  { what: "the guides", path: "/docs", status: 200, type: PAGE },
  { what: "a guide", path: "/docs/mail", status: 200, type: PAGE },
  { what: "the reference", path: "/docs/api", status: 200, type: PAGE },
  { what: "a picture of a guide", path: "/docs/how-it-works.svg", status: 200, type: /^image\/svg/ },
  { what: "a style", path: "/docs/style.css", status: 200, type: /^text\/css/ },
  { what: "the look of pages without a script", path: "/plain.css", status: 200, type: /^text\/css/ },
  { what: "the OpenAPI document", path: "/api/openapi.json", status: 200, type: /json/ },
  { what: "a redirect", path: "/", status: 302, type: /^$/ },
  { what: "health", path: "/healthz", status: 200, type: /json/ },
  { what: "readiness", path: "/readyz", status: 200, type: /json/ },
  { what: "metrics without their token", path: "/metrics", status: 401, type: PROBLEM },
  { what: "what is not there", path: "/nowhere", status: 404, type: PROBLEM },
  { what: "a file that is not there", path: "/assets/nothing.js", status: 404, type: PROBLEM },
  { what: "nobody's call", path: "/api/billing", status: 401, type: PROBLEM },
  { what: "a used sign-in link", path: "/sign-in?token=x", status: 401, type: PAGE, headers: html },
  { what: "the same for a program", path: "/sign-in?token=x", status: 401, type: PROBLEM },
  { what: "a mail's link", path: "/unsubscribe?token=x", status: 200, type: PAGE },
  { what: "the demo's letter box", path: "/demo/mail", status: 200, type: PAGE },
  {
    what: "an event without signature",
    method: "POST",
    path: "/webhooks/stripe",
    status: 400,
    type: PROBLEM,
  },
  {
    what: "a body that is no JSON",
    method: "POST",
    path: "/api/auth/sign-in",
    headers: JSON_TYPE,
    body: "{",
    status: 400,
    type: PROBLEM,
  },
  {
    what: "another type of body",
    method: "POST",
    path: "/api/auth/sign-in",
    headers: { "content-type": "text/plain" },
    body: "x",
    status: 415,
    type: PROBLEM,
  },
  {
    what: "a preflight",
    method: "OPTIONS",
    path: "/api/billing",
    headers: { origin: "https://elsewhere.example", "access-control-request-method": "GET" },
    status: 204,
    type: /^$/,
  },
  {
    what: "a method that there is not",
    method: "PROPFIND",
    path: "/api/billing",
    status: 401,
    type: PROBLEM,
  },
  { what: "the head alone", method: "HEAD", path: "/docs", status: 200, type: PAGE },
];

const OF_AN_ACCOUNT: readonly Kind[] = [
  { what: "the overview", path: "/api/billing", status: 200, type: /json/ },
  { what: "an empty answer", method: "DELETE", path: "/api/keys/none", status: 404, type: PROBLEM },
  { what: "the event stream", path: "/api/billing/stream", status: 200, type: /^text\/event-stream/ },
  ...[
    "/api/billing/credits/transactions",
    "/api/billing/invoices",
    "/api/billing/usage/daily?meter=sessions",
  ].map((path): Kind => ({
    what: `the file of ${path}`,
    path,
    status: 200,
    type: /^text\/csv/,
    headers: { accept: "text/csv" },
  })),
];

/** Node's own client: `fetch` hides some headers and adds others. */
function ask(
  url: string,
  { method = "GET", path, headers = {}, body }: Omit<Kind, "what" | "status" | "type">,
): Promise<{ status: number; headers: Record<string, string | string[] | undefined> }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url + path, { method, headers, agent: false }, (response) => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
      response.destroy();
    });
    sent.once("error", reject).end(body);
  });
}

describe.each([
  ["by plain http", undefined],
  ["by https", "https://billing.acme.test"],
])("every answer, where people come %s", (_how, publicUrl) => {
  let running: RunningService;
  let customer: Customer;
  let asCustomer: Record<string, string>;
  beforeAll(async () => {
    running = await startService(open, {
      canTravel: true,
      ...(publicUrl === undefined ? {} : { publicUrl }),
    });
    customer = await newCustomer(running, { planId: "team", seats: 2 });
    const { accountId } = customer;
    asCustomer = { authorization: `Bearer ${running.platformKey}`, "bursar-account": accountId };
  });
  afterAll(() => running.stop());

  function expectStrict({ headers }: Awaited<ReturnType<typeof ask>>, what: string): void {
    for (const [name, value] of Object.entries(STRICT)) expect([what, headers[name]]).toEqual([what, value]);
    const isHttps = publicUrl !== undefined;
    expect(headers["strict-transport-security"]).toBe(isHttps ? HTTPS_ONLY : undefined);
    expect(headers["referrer-policy"]).toMatch(/^(strict-origin-when-cross-origin|no-referrer)$/);
    expect(headers["server"] ?? headers["x-powered-by"]).toBeUndefined();
    expect(headers["request-id"]).toMatch(/^req_/);
  }

  async function expectKind({ what, status, type, ...request }: Kind): Promise<void> {
    const answer = await ask(running.url, request);
    expect([what, answer.status]).toEqual([what, status]);
    expect(answer.headers["content-type"] ?? "").toMatch(type);
    expectStrict(answer, what);
    if (request.path.startsWith("/api/")) {
      const kept = answer.headers["cache-control"];
      expect([what, kept]).toEqual([what, type.source.includes("event-stream") ? "no-cache" : "no-store"]);
    }
    if (type.source.includes("csv")) {
      expect(answer.headers["content-disposition"]).toMatch(/^attachment; filename="[\w.-]+\.csv"$/);
    }
  }

  it.each(OPEN_TO_ALL)("B1 has them on $what", expectKind);

  it.each(OF_AN_ACCOUNT)("B1 has them on $what", (kind) =>
    expectKind({ ...kind, headers: { ...asCustomer, ...kind.headers } }),
  );

  it("B1 has them on every page and file of the service's own routes", async () => {
    const gets = running.service.app.routes.filter(
      ({ method, path }) => method === "GET" && !path.startsWith("/api/"),
    );
    expect(gets.length).toBeGreaterThan(15);
    for (const { path } of gets) {
      const address = path.replaceAll(/:\w+(\{[^}]*\})?|\*/g, "x");
      expectStrict(await ask(running.url, { path: address, headers: html }), address);
    }
  });

  it("B1 has them where we fail ourselves, and says nothing of why", async () => {
    await sql`alter table audit_log rename to audit_log_away`.execute(running.database.kysely);
    const failed = await customer.call("POST", "/api/keys", { name: "robot", role: "member" });
    const headers = { ...asCustomer, ...JSON_TYPE };
    const body = JSON.stringify({ name: "robot", role: "member" });
    const answer = await ask(running.url, { method: "POST", path: "/api/keys", headers, body });
    await sql`alter table audit_log_away rename to audit_log`.execute(running.database.kysely);
    expect([failed.status, answer.status]).toEqual([500, 500]);
    expect(JSON.stringify(failed.body)).not.toMatch(/audit_log|relation|select|insert/i);
    expectStrict(answer, "a failure");
  });

  it("B1 leaves nothing of a link's secret to the next site", async () => {
    for (const path of ["/reset-password", "/confirm-email", "/invitation", "/unsubscribe?token=x"]) {
      const { headers } = await ask(running.url, { path });
      const isBuilt = headers["content-type"]?.includes("html") === true;
      if (isBuilt) expect([path, headers["referrer-policy"]]).toEqual([path, "no-referrer"]);
    }
  });
});
