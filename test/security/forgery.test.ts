/*
 * Requests that another site makes a signed-in browser send (CSRF): for every operation that writes, as the OpenAPI
 * document lists them, nothing is done unless the request comes from our own page.
 */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databases, startService, type RunningService, type TestAccount } from "../api/service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;

/** What a form or a script of another site can send without the browser asking us first. */
const FORM_TYPES = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"];

interface Operation {
  readonly method: string;
  readonly path: string;
}

/** These have no session: what is sent is the credential, and it is nothing that a browser adds by itself. */
const WITHOUT_SESSION = [
  "/api/auth/sign-in",
  "/api/auth/forgot-password",
  "/api/auth/reset-password",
  "/api/auth/invitation",
  "/api/auth/accept-invitation",
  "/api/auth/confirm-email",
  "/api/invitations/accept",
];

async function writesOf({ call }: RunningService): Promise<Operation[]> {
  const { body } = await call<{ paths: Record<string, object> }>("GET", "/api/openapi.json");
  return Object.entries(body.paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((method) => method !== "get")
      .map((method) => ({ method: method.toUpperCase(), path })),
  );
}

interface Given {
  readonly status: number;
  readonly code: string | undefined;
  readonly cookie: string | null;
}

async function send(
  url: string,
  { method, path }: Operation,
  headers: Record<string, string>,
  body = "{}",
): Promise<Given> {
  const response = await fetch(url + path.replaceAll(/\{\w+\}/g, "none"), { method, headers, body });
  const text = await response.text();
  const isProblem = response.headers.get("content-type") === "application/problem+json";
  const code = isProblem ? (JSON.parse(text) as { code: string }).code : undefined;
  return { status: response.status, code, cookie: response.headers.get("set-cookie") };
}

describe("a signed-in browser and a page of another site", () => {
  let running: RunningService;
  let account: TestAccount;
  let writes: Operation[];
  let ownerId: string;
  beforeAll(async () => {
    running = await startService(open, { canTravel: true, jobsByHand: true });
    account = await running.newAccount();
    ownerId = (await account.overview()).members[0]!.id;
    writes = await writesOf(running);
  });
  afterAll(() => running.stop());

  const session = async () => {
    const secret = await running.issue("dashboard_session", account.accountId, "owner", ownerId);
    return `bursar_session=${secret}`;
  };

  /** All that the account could lose. */
  async function standing(): Promise<unknown> {
    const tables = ["audit_log", "credentials", "members", "webhook_endpoints", "person_mails", "accounts"];
    const counts = tables.map(async (table) => {
      const { rows } = await sql<{ row: string }>`
        select t::text as row from ${sql.table(table)} as t order by 1`.execute(running.database.kysely);
      return [table, rows.map(({ row }) => row)] as const;
    });
    return Object.fromEntries(await Promise.all(counts));
  }

  it("B1 is refused for every operation that writes, whatever Origin it has and whatever type it sends", async () => {
    expect(writes.length).toBeGreaterThan(35);
    const port = new URL(running.url).port;
    const origins = [
      "https://elsewhere.example",
      "null",
      "",
      `http://127.0.0.1.elsewhere.example:${port}`,
      `http://127.0.0.1:1`,
      `http://localhost:${port}`,
      `${running.url}@elsewhere.example`,
      `${running.url}, https://elsewhere.example`,
      // An app's own scheme, whose host it chooses.
      running.url.replace("http:", "app:"),
      running.url.toUpperCase(),
      `${running.url}/`,
    ];
    const cookie = await session();
    // The session's own last use is written with the others' at its time.
    await running.service.services.lastUsed.write();
    const before = await standing();
    const wrong: string[] = [];
    const ways = [
      ...origins.map((origin) => ({ origin, type: "application/json" })),
      ...FORM_TYPES.map((type) => ({ origin: "https://elsewhere.example", type })),
      ...["application/json", ...FORM_TYPES].map((type) => ({ origin: undefined, type })),
    ];
    for (const operation of writes) {
      const isDoor = WITHOUT_SESSION.includes(operation.path);
      const tried = ways.map(async ({ origin, type }) => {
        // A door is for programs too, which have no Origin; a browser sends JSON elsewhere only after it has asked.
        if (isDoor && type === "application/json" && origin === undefined) return;
        const headers = { cookie, "content-type": type, ...(origin === undefined ? {} : { origin }) };
        const { code, cookie: set } = await send(running.url, operation, headers);
        const isRefused = code === "origin_not_allowed" || (isDoor && code === "unsupported_media_type");
        // It signs nobody in, and has no other effect than what its token says.
        const isByToken = operation.path === "/api/invitations/accept" && code === "invalid_request";
        if (!(isRefused || isByToken) || set !== null) {
          wrong.push(`${operation.method} ${operation.path} from ${origin} as ${type}: ${code}`);
        }
      });
      await Promise.all(tried);
    }
    expect(wrong).toEqual([]);
    expect(await standing()).toEqual(before);
  });

  it("B1 is let through to the same operations from our own page, as JSON alone", async () => {
    const wrong: string[] = [];
    await Promise.all(
      writes.map(async (operation) => {
        const headers = { cookie: await session(), origin: running.url };
        for (const type of ["application/json", ...FORM_TYPES]) {
          const { code } = await send(running.url, operation, { ...headers, "content-type": type });
          const isTaken = code !== "origin_not_allowed" && code !== "unsupported_media_type";
          // What signs out leaves nothing to try the rest with.
          if (isTaken !== (type === "application/json") && code !== "unauthenticated") {
            wrong.push(`${operation.method} ${operation.path} as ${type}: ${code}`);
          }
        }
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("B1 cannot name a cookie's session in another way, and a preflight of another site lets no cookie along", async () => {
    const cookie = await session();
    const asked = await fetch(`${running.url}/api/billing/cancel`, {
      method: "OPTIONS",
      headers: {
        origin: "https://elsewhere.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
        cookie,
      },
    });
    expect(asked.headers.get("access-control-allow-origin")).toBe("*");
    expect(asked.headers.get("access-control-allow-credentials")).toBeNull();
    const elsewhere = await fetch(`${running.url}/api/keys`, {
      method: "OPTIONS",
      headers: { origin: "https://elsewhere.example", "access-control-request-method": "POST" },
    });
    expect(elsewhere.headers.get("access-control-allow-origin")).toBeNull();
    for (const authorization of ["Basic Og==", "Bearer", "Bearer "]) {
      const { code } = await send(
        running.url,
        { method: "POST", path: "/api/keys" },
        { cookie, authorization, "content-type": "application/json", origin: "https://elsewhere.example" },
      );
      expect([authorization, code]).toEqual([authorization, "origin_not_allowed"]);
    }
    const overridden = await fetch(`${running.url}/api/auth/me`, {
      headers: { cookie, "x-http-method-override": "PATCH", origin: "https://elsewhere.example" },
    });
    expect(overridden.status).toBe(200);
  });
});

describe("without a public address", () => {
  let running: RunningService;
  beforeAll(async () => (running = await startService(open, { jobsByHand: true })));
  afterAll(() => running.stop());

  it("B1 scheme and port are compared by the browser, which says so", async () => {
    const account = await running.newAccount();
    const ownerId = (await account.overview()).members[0]!.id;
    const secret = await running.issue("dashboard_session", account.accountId, "owner", ownerId);
    const write = async (more: Record<string, string>) => {
      const headers = { cookie: `bursar_session=${secret}`, "content-type": "application/json", ...more };
      const body = JSON.stringify({ name: "robot", role: "member" });
      return send(running.url, { method: "POST", path: "/api/keys" }, headers, body);
    };
    const { host } = new URL(running.url);
    // A page by http beside one by https of the same host, or of another port: the browser calls it another site's.
    for (const site of ["cross-site", "same-site", "none", "whatever"]) {
      for (const origin of [`http://${host}`, `https://${host}`]) {
        const { code } = await write({ origin, "sec-fetch-site": site });
        expect([site, code]).toEqual([site, "origin_not_allowed"]);
      }
    }
    // A proxy may have taken the TLS off; an old browser says nothing.
    for (const origin of [`http://${host}`, `https://${host}`]) {
      expect((await write({ origin, "sec-fetch-site": "same-origin" })).status).toBe(200);
      expect((await write({ origin })).status).toBe(200);
    }
    const door = { method: "POST", path: "/api/auth/sign-in" };
    const { code } = await send(running.url, door, {
      origin: `https://${host}`,
      "sec-fetch-site": "cross-site",
      "content-type": "application/json",
    });
    expect(code).toBe("origin_not_allowed");
  });
});

describe("behind a public address with https", () => {
  const publicUrl = "https://billing.acme.test";
  let running: RunningService;
  let cookie: string;
  beforeAll(async () => {
    running = await startService(open, { publicUrl, jobsByHand: true });
    const account = await running.newAccount();
    const ownerId = (await account.overview()).members[0]!.id;
    const secret = await running.issue("dashboard_session", account.accountId, "owner", ownerId);
    cookie = `__Host-bursar_session=${secret}`;
  });
  afterAll(() => running.stop());

  it.each([
    ["http://billing.acme.test"],
    ["https://billing.acme.test:444"],
    ["https://billing.acme.test.elsewhere.example"],
    ["https://elsewhere.example"],
    ["https://acme.test"],
    ["HTTPS://BILLING.ACME.TEST/"],
    ["the Host of the request itself"],
  ])("B1 a write from %s is refused", async (named) => {
    const origin = named.startsWith("the Host") ? running.url : named;
    const headers = { cookie, origin, "content-type": "application/json" };
    const { code } = await send(running.url, { method: "POST", path: "/api/keys" }, headers);
    expect(code).toBe("origin_not_allowed");
  });

  it("B1 a write from the public address is taken, with the cookie of https alone", async () => {
    const body = JSON.stringify({ name: "robot", role: "member" });
    const operation = { method: "POST", path: "/api/keys" };
    const headers = { origin: publicUrl, "content-type": "application/json" };
    expect((await send(running.url, operation, { ...headers, cookie }, body)).status).toBe(200);
    // A neighbour below acme.test can plant a cookie without the prefix.
    const planted = cookie.replace("__Host-", "");
    const { code } = await send(running.url, operation, { ...headers, cookie: planted }, body);
    expect(code).toBe("unauthenticated");
  });
});
