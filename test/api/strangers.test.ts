/*
 * What the matrix of operations does not reach: another account's things named elsewhere than in a path's `{id}`: in
 * headers, query parameters, bodies, cursors, events and streams, by every kind of credential (B1, B2). Nothing of theirs
 * is told or changed.
 */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newCustomer, type Customer } from "./customer.ts";
import { payHostedPage, sessionIdIn } from "./hosted-page.ts";
import { callerOf, databases, startService, type Call, type RunningService } from "./service.ts";

const SECRET = "Undisclosed";

interface Named {
  customer: Customer;
  ownerId: string;
  sessionId: string;
  invitationId: string;
  invitationToken: string;
  keyId: string;
  endpointId: string;
  deliveryId: string;
  holdId: string;
  quoteId: string;
  checkoutId: string;
  cursors: Record<string, string>;
}

describe.each(databases)("another account's things on $name", ({ open }) => {
  let running: RunningService;
  let mine: Named;
  let theirs: Named;
  let callers: { name: string; call: Call }[];

  beforeAll(async () => {
    running = await startService(open, { jobsByHand: true, outgoing: { targets: "loopback" } });
    mine = await nameThings("mine");
    theirs = await nameThings(SECRET);
    callers = await makeCallers();
  }, 180_000);
  afterAll(() => running.stop());

  /** A customer with one of each thing, whose texts and ids all are their own. */
  async function nameThings(word: string): Promise<Named> {
    const customer = await newCustomer(running, { planId: "team", seats: 3 });
    const { call, accountId } = customer;
    const [owner] = (await customer.overview()).members;
    const answer = async <Body>(method: string, path: string, body?: unknown) =>
      (await call<Body>(method, path, body)).body;
    await sql`update accounts set name = ${word} where account_id = ${accountId}`.execute(
      running.database.kysely,
    );
    await sql`update members set name = ${word}, email = ${`${word}@stranger.test`.toLowerCase()} where account_id = ${accountId}`.execute(
      running.database.kysely,
    );
    const invited = await answer<{ data: { id: string; token: string }[] }>("POST", "/api/members", {
      invitations: [{ email: `${word}-invited@stranger.test`, name: word, role: "member" }],
    });
    const key = await answer<{ id: string }>("POST", "/api/keys", { name: word, role: "member" });
    await answer("POST", "/api/keys", { name: word, role: "member" });
    const endpoint = await answer<{ id: string }>("POST", "/api/webhook-endpoints", {
      url: "http://127.0.0.1:9/",
      description: word,
    });
    const path = `/api/webhook-endpoints/${endpoint.id}`;
    for (let turn = 0; turn < 2; turn += 1) await answer("POST", `${path}/test`);
    const deliveries = await answer<{ data: { id: string }[] }>("GET", `${path}/deliveries`);
    const hold = await answer<{ id: string }>("POST", "/api/holds", { tokens: 5, description: word });
    for (let turn = 0; turn < 2; turn += 1) {
      await answer("POST", "/api/events", { id: `${word}-${turn}`, meter: "ai_tokens", quantity: 7 });
      const { url } = await answer<{ url: string }>("POST", "/api/billing/credits/checkout", {
        packId: "credits_1m",
      });
      await payHostedPage(url);
      await answer("POST", "/api/billing/reconcile", { sessionId: sessionIdIn(url) });
    }
    const { quoteId } = await customer.preview({ seats: 4 });
    const opened = await answer<{ url: string }>("POST", "/api/billing/credits/checkout", {
      packId: "credits_1m",
    });
    const cursors: Record<string, string> = {};
    for (const list of [
      "/api/members",
      "/api/keys",
      "/api/audit",
      "/api/billing/invoices",
      "/api/billing/credits/transactions",
      `${path}/deliveries`,
    ]) {
      const { nextCursor } = await answer<{ nextCursor: string }>("GET", `${list}?limit=1`);
      expect([list, nextCursor]).toEqual([list, expect.any(String)]);
      cursors[list.replace(endpoint.id, "{id}")] = nextCursor;
    }
    await running.issue("dashboard_session", accountId, "owner", owner!.id);
    const { rows } = await sql<{ id: string }>`
      update credentials set expires_at = now() + interval '1 day'
      where  account_id = ${accountId} and kind = 'dashboard_session' returning credential_id as id`.execute(
      running.database.kysely,
    );
    return {
      customer,
      ownerId: owner!.id,
      sessionId: rows[0]!.id,
      invitationId: invited.data[0]!.id,
      invitationToken: invited.data[0]!.token,
      keyId: key.id,
      endpointId: endpoint.id,
      deliveryId: deliveries.data[0]!.id,
      holdId: hold.id,
      quoteId,
      checkoutId: sessionIdIn(opened.url),
      cursors,
    };
  }

  async function makeCallers() {
    const { accountId } = mine.customer;
    const origin = { origin: running.url };
    const bearer = async (kind: "account_key" | "session_token", role: "owner" | "member") => ({
      name: `${kind} ${role}`,
      call: callerOf(running.url, { authorization: `Bearer ${await running.issue(kind, accountId, role)}` }),
    });
    const cookie = await running.issue("dashboard_session", accountId, "owner", mine.ownerId);
    const nobodys = await running.issue("dashboard_session", accountId, "owner");
    return [
      await bearer("account_key", "owner"),
      await bearer("account_key", "member"),
      await bearer("session_token", "owner"),
      {
        name: "a person's cookie",
        call: callerOf(running.url, { cookie: `bursar_session=${cookie}`, ...origin }),
      },
      {
        name: "a cookie of the product's",
        call: callerOf(running.url, { cookie: `bursar_session=${nobodys}`, ...origin }),
      },
      { name: "a platform key for mine", call: mine.customer.call },
    ];
  }

  /** All that they could miss or find changed. */
  async function fingerprint(): Promise<unknown> {
    const tables = [
      "accounts",
      "members",
      "invitations",
      "credentials",
      "audit_log",
      "ledger_entries",
      "holds",
    ];
    const rows = tables.map(async (table) => {
      const found = await sql<{ row: object }>`
        select to_jsonb(t) - 'version' - 'last_used_at' as row from ${sql.table(table)} as t
        where account_id = ${theirs.customer.accountId} order by t::text`.execute(running.database.kysely);
      return [table, found.rows];
    });
    const endpoints = await sql<{ row: object }>`
      select to_jsonb(e) as row from webhook_endpoints e where scope = ${theirs.customer.accountId}`.execute(
      running.database.kysely,
    );
    const deliveries = await sql<{ row: object }>`
      select to_jsonb(d) as row from webhook_deliveries d where scope = ${theirs.customer.accountId}
      order by notice_id`.execute(running.database.kysely);
    return [...(await Promise.all(rows)), endpoints.rows, deliveries.rows];
  }

  it("B1 no id of theirs in a path, body or header is found, by whatever credential, and nothing is changed", async () => {
    const before = await fingerprint();
    const own = `/api/webhook-endpoints/${mine.endpointId}`;
    const their = `/api/webhook-endpoints/${theirs.endpointId}`;
    const named = { "bursar-account": theirs.customer.accountId };
    const span = { from: "2020-01-01T00:00:00Z", includeSent: true };
    const attempts: [string, string, unknown?, Record<string, string>?][] = [
      ["PATCH", `/api/members/${theirs.ownerId}`, { role: "member" }],
      ["DELETE", `/api/members/${theirs.ownerId}`],
      ["DELETE", `/api/members/${theirs.invitationId}`],
      ["POST", `/api/members/${theirs.invitationId}/resend`],
      ["DELETE", `/api/keys/${theirs.keyId}`],
      ["PATCH", their, { enabled: false }],
      ["PATCH", their, { url: "ftp://not.one" }],
      ["DELETE", their],
      ["POST", `${their}/test`],
      ["POST", `${their}/rotate`],
      ["POST", `${their}/replay`, span],
      ["GET", `${their}/deliveries`],
      ["POST", `${their}/deliveries/${theirs.deliveryId}/replay`],
      ["POST", `${own}/deliveries/${theirs.deliveryId}/replay`],
      ["POST", `${their}/deliveries/${mine.deliveryId}/replay`],
      ["POST", `/api/holds/${theirs.holdId}/settle`, { tokens: 1 }],
      ["POST", `/api/holds/${theirs.holdId}/release`],
      ["DELETE", `/api/auth/sessions/${theirs.sessionId}`],
      ["DELETE", `/api/keys/${theirs.sessionId}`],
      ["DELETE", `/api/auth/sessions/${theirs.keyId}`],
      ["POST", "/api/auth/switch", { accountId: theirs.customer.accountId }],
      ["POST", "/api/billing/reconcile", { sessionId: theirs.checkoutId }],
      ["GET", "/api/billing", undefined, { "bursar-account": `${theirs.customer.accountId} ` }],
      ["GET", "/api/notifications", undefined, named],
      ["GET", "/api/notifications/mails", undefined, named],
      ["POST", "/api/notifications/test", undefined, named],
      ["GET", "/api/auth/sessions", undefined, named],
      ["GET", "/api/auth/me", undefined, named],
      ["GET", "/api/billing/stream", undefined, { ...named, "last-event-id": "1" }],
      ["POST", "/api/events", { id: "e", meter: "sessions", account: theirs.customer.accountId }],
    ];
    const wrong: string[] = [];
    for (const { name, call } of callers) {
      for (const [method, path, body, headers] of attempts) {
        // The platform may name every account; here it speaks for mine, and by a header for theirs.
        if (name.startsWith("a platform key") && (headers !== undefined || path === "/api/events")) continue;
        const answer = await call(method, path, body, headers);
        const text = JSON.stringify(answer.body);
        if (answer.status !== 404 && answer.status !== 403)
          wrong.push(`${name}: ${method} ${path}: ${answer.status}`);
        if (text.includes(SECRET)) wrong.push(`${name}: ${method} ${path} tells ${text}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await fingerprint()).toEqual(before);
  });

  it("S1 their quote is none of mine: it binds nothing and is told as unknown", async () => {
    const before = await fingerprint();
    for (const { name, call } of callers) {
      for (const path of ["/api/billing/change", "/api/billing/checkout"]) {
        const { status, body } = await call("POST", path, {
          seats: 4,
          quoteId: theirs.quoteId,
        });
        const isReader = name === "account_key member";
        expect([name, path, status]).toEqual([name, path, isReader ? 403 : 409]);
        expect(JSON.stringify(body)).not.toContain(SECRET);
      }
    }
    expect((await mine.customer.overview()).seats.purchased).toBe(3);
    expect(await fingerprint()).toEqual(before);
  });

  it("B1 their cursors and ids in my lists tell my things or a mistake, and none of theirs", async () => {
    const wrong: string[] = [];
    const queries = Object.entries(theirs.cursors).map(
      ([list, cursor]) => `${list.replace("{id}", mine.endpointId)}?cursor=${encodeURIComponent(cursor)}`,
    );
    queries.push(
      `/api/audit?actor=${theirs.ownerId}`,
      `/api/audit?subject=${theirs.keyId}`,
      `/api/audit?cursor=${theirs.cursors["/api/audit"]}&action=key`,
      `/api/billing/credits/auto-recharge/attempts?cursor=${theirs.cursors["/api/audit"]}`,
      `/api/notifications/mails?cursor=${theirs.cursors["/api/webhook-endpoints/{id}/deliveries"]}`,
    );
    for (const { name, call } of callers) {
      for (const query of queries) {
        for (const accept of ["application/json", "text/csv"]) {
          const { status, body } = await call("GET", query, undefined, { accept });
          const text = JSON.stringify(body);
          if (![200, 400, 403].includes(status)) wrong.push(`${name}: ${query}: ${status}`);
          const named = [SECRET, theirs.customer.accountId, theirs.keyId, theirs.invitationId];
          if (named.some((each) => text.includes(each))) wrong.push(`${name}: ${query} tells ${text}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it("U3 their account in an event of mine is refused alone, however it is written", async () => {
    const { accountId } = theirs.customer;
    const usedBefore = (await theirs.customer.call("GET", "/api/billing/usage")).body;
    const cloud = (subject: string, id: string) => ({
      specversion: "1.0",
      id,
      source: "here",
      type: "sessions",
      subject,
    });
    for (const { call } of callers.filter(({ name }) => name.startsWith("account_key"))) {
      const list = [
        { id: "for-them", meter: "sessions", account: accountId },
        { id: "for-me", meter: "sessions", account: mine.customer.accountId },
      ];
      const plain = await call("POST", "/api/events", list);
      expect(plain.body).toMatchObject({
        results: [{ status: "refused", code: "not_found" }, {}],
        refused: 1,
      });
      const batch = { "content-type": "application/cloudevents-batch+json" };
      const both = [cloud(accountId, "c1"), cloud(mine.customer.accountId, "c2")];
      expect((await call("POST", "/api/events", both, batch)).body).toMatchObject({ refused: 1 });
      const binary = { "ce-specversion": "1.0", "ce-id": "b", "ce-source": "here", "ce-type": "sessions" };
      const single = await call("POST", "/api/events", {}, { ...binary, "ce-subject": accountId });
      expect(single.status).toBe(404);
    }
    expect((await theirs.customer.call("GET", "/api/billing/usage")).body).toEqual(usedBefore);
  });

  it("B1 my own account may be named by the product's id for it, theirs by neither", async () => {
    const made = async (id: string) => {
      const platform = callerOf(running.url, { authorization: `Bearer ${running.platformKey}` });
      const { body } = await platform<{ id: string }>("POST", "/api/accounts", {
        id,
        name: id,
        email: "a@stranger.test",
      });
      return body.id as typeof mine.customer.accountId;
    };
    const [own] = [await made("studio-1"), await made("studio-2")];
    const key = callerOf(running.url, { authorization: `Bearer ${await running.issue("account_key", own)}` });
    const named = (account: string) => key("GET", "/api/billing", undefined, { "bursar-account": account });
    expect((await named("studio-1")).status).toBe(200);
    expect((await named(own)).status).toBe(200);
    const [other, nobodys] = [await named("studio-2"), await named("studio-3")];
    expect([other.status, nobodys.status]).toEqual([404, 404]);
    const plain = (body: unknown) =>
      JSON.stringify(body)
        .replaceAll(/studio-\d/g, "ID")
        .replace(/"req_\w+"/, '""');
    expect(plain(other.body)).toBe(plain(nobodys.body));
    const event = { id: "e", meter: "sessions", account: "studio-1" };
    expect((await key("POST", "/api/events", event)).body).toMatchObject({ accepted: 1 });
  });

  it("B1 an idempotency key of theirs is another one: nothing of their answer is told", async () => {
    const key = { "idempotency-key": "shared-by-both" };
    const body = { name: SECRET, role: "member" };
    const their = await theirs.customer.call<{ key: string }>("POST", "/api/keys", body, key);
    for (const { name, call } of callers) {
      const answer = await call<{ key?: string }>("POST", "/api/keys", { name: "mine", role: "member" }, key);
      expect([name, answer.headers.get("idempotency-replayed")]).toEqual([name, null]);
      expect(answer.body.key).not.toBe(their.body.key);
      expect(JSON.stringify(answer.body)).not.toContain(SECRET);
    }
  });

  it("B1 a stream of mine hears nothing of theirs", async () => {
    const { accountId } = mine.customer;
    const secret = await running.issue("session_token", accountId);
    const response = await fetch(`${running.url}/api/billing/stream`, {
      headers: { authorization: `Bearer ${secret}`, "last-event-id": "0" },
    });
    const reader = response.body!.getReader();
    let heard = "";
    const listening = (async () => {
      for (let each = await reader.read(); !each.done; each = await reader.read()) {
        heard += new TextDecoder().decode(each.value);
      }
    })();
    await expect.poll(() => heard).toContain("event: ready");
    await theirs.customer.call("POST", "/api/events", { id: "unheard", meter: "sessions" });
    await theirs.customer.call("POST", "/api/keys", { name: SECRET, role: "member" });
    const { stream } = running.service.services;
    await stream.poll();
    // Whoever reads hears mine after all that was theirs.
    await mine.customer.call("POST", "/api/events", { id: "heard", meter: "ai_tokens" });
    await stream.poll();
    await expect.poll(() => heard).toContain("event: usage");
    expect(heard.match(/^event: .*$/gm)?.filter((line) => line === "event: usage")).toHaveLength(1);
    await reader.cancel();
    await listening;
  });
});
