/*
 * Requests made to keep the service from everybody else, or to be read in two ways: what a body may cost before and after
 * it is known who sends it, and what stands between two readers of HTTP (U3, B1).
 */
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { strikeOut } from "../../packages/server/src/log.ts";
import { expectProblem } from "../api/problem.ts";
import {
  databases,
  startService,
  usedOf,
  type Ingested,
  type RunningService,
  type TestAccount,
} from "../api/service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;
/** Who is refused in the middle of a body is cut off; another request must not go the same way. */
const ONCE = { connection: "close" };
const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("a flood", () => {
  let running: RunningService;
  let account: TestAccount;
  beforeAll(async () => {
    const hostTokens = { jwksUrl: "http://127.0.0.1:9/", issuer: "https://product.test", audience: "bursar" };
    running = await startService(open, { hasWebhooks: false, jobsByHand: true, hostTokens });
    account = await running.newAccount();
  });
  afterAll(() => running.stop());

  /** Exactly these bytes on a connection of their own. @returns all that comes back until `isDone` */
  function raw(sent: string, isDone: (answer: string) => boolean = (answer) => answer.includes("\r\n\r\n")) {
    return new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(running.url);
      const socket = connect(Number(port), hostname);
      let answer = "";
      socket.on("data", (chunk: Buffer) => {
        answer += chunk.toString("utf8");
        if (isDone(answer)) socket.destroy();
      });
      socket.once("close", () => resolve(answer)).once("error", reject);
      socket.write(sent);
    });
  }
  const keyHeaders = () =>
    `Host: here\r\nAuthorization: Bearer ${running.platformKey}\r\nBursar-Account: ${account.accountId}\r\nContent-Type: application/json\r\n`;
  const statusIn = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

  it.each([
    "/api/auth/sign-in",
    "/api/auth/forgot-password",
    "/api/auth/reset-password",
    "/api/auth/invitation",
    "/api/auth/accept-invitation",
    "/api/auth/confirm-email",
    "/api/invitations/accept",
    "/sign-in/host",
  ])("B1 of who is nobody yet reads 16 KiB at most: %s", async (path) => {
    const body = JSON.stringify({ token: "x".repeat(16 * 1024) });
    expectProblem(await running.call("POST", path, body, ONCE), 413, "too_large");
    // One that does not say how long it is is counted as it comes.
    const chunked = `POST ${path} HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n8000\r\n${"x".repeat(0x8000)}\r\n0\r\n\r\n`;
    expect(statusIn(await raw(chunked))).toBe(413);
  });

  it.each([
    ["nested in each other", nested(50_001)],
    ["beside each other", `[${"[],".repeat(50_000)}[]]`],
    ["of objects", `[${'{"a":1},'.repeat(50_000)}{}]`],
  ])("U3 of more than 50,000 lists and objects %s is refused before it is read", async (_how, body) => {
    for (const path of ["/api/events", "/api/events/backfill", "/api/holds"]) {
      const problem = expectProblem(await account.call("POST", path, body, ONCE), 413, "too_large");
      expect(problem.detail).toContain("50000 lists and objects");
    }
  });

  it("U3 brackets within texts are no lists: a list of a thousand events is taken with many of them", async () => {
    const properties = { code: '[[{{"\\'.repeat(30) };
    const events = Array.from({ length: 1_000 }, (_, index) => ({
      id: `b${index}`,
      meter: "events",
      properties,
    }));
    const { status, body } = await account.call<Ingested>("POST", "/api/events", events);
    expect([status, body.accepted]).toEqual([200, 1_000]);
  });

  it.each([
    [
      "application/json",
      (id: string, value: string) => `{"id":"${id}","meter":"sessions","properties":{"a":${value}}}`,
    ],
    [
      "application/cloudevents+json",
      (id: string, value: string) =>
        `{"specversion":"1.0","id":"${id}","source":"here","type":"sessions","data":{"a":${value}}}`,
    ],
  ] as const)("U3 properties of many levels are refused alone, in %s", async (type, eventOf) => {
    const own = await running.newAccount();
    const headers = { "content-type": type };
    for (const levels of [32, 3_000, 20_000]) {
      const single = await own.call("POST", "/api/events", eventOf("deep", nested(levels)), headers);
      expect(expectProblem(single, 400, "invalid_request").detail).toContain("has 32 levels at most");
    }
    const list = `[${["one", "two"].map((id) => eventOf(id, nested(5))).join(",")},${eventOf("deep", nested(20_000))}]`;
    const listType = type === "application/json" ? type : "application/cloudevents-batch+json";
    const { body } = await own.call<Ingested>("POST", "/api/events", list, { "content-type": listType });
    expect(body).toMatchObject({ accepted: 2, refused: 1 });
    expect((await usedOf(own))["sessions"]).toBe(2);
    const past = { account: own.accountId, meter: "sessions", time: new Date().toISOString() };
    const rows = `[${JSON.stringify({ ...past, id: "past" })},${JSON.stringify({ ...past, id: "deep past", properties: { a: 0 } }).replace(":0}", `:${nested(20_000)}}`)}]`;
    const backfilled = await own.call<Ingested>("POST", "/api/events/backfill", rows);
    expect(backfilled.body).toMatchObject({ accepted: 1, refused: 1 });
  });

  it("B1 what looks like secrets without end is struck out in a time that grows as it does", () => {
    // Within a second on a slow machine; the square of it would be hours.
    for (const unit of ["-eyJ", "eyJaaaaaaaaaa.", "-bsk_", "://a:", "1 ", "-whsec_"]) {
      expect(strikeOut(unit.repeat(1_000_000)).length).toBeGreaterThan(0);
    }
    const token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";
    expect(strikeOut(`a ${token}, token-${token}; x.${token}.y and "${token}"`)).toBe(
      'a [struck out], token-[struck out]; x.[struck out].y and "[struck out]"',
    );
    expect(strikeOut("eyJ is no token, nor is eyJhbGciOiJFUzI1NiJ9.x")).toContain("eyJhbGciOiJFUzI1NiJ9.x");
  });

  it("B1 a refusal repeats some of what was sent, and not megabytes of it", async () => {
    const name = "-eyJ".repeat(500_000);
    const answer = await account.call("POST", "/api/events", `{"id":"e","meter":"sessions","${name}":1}`);
    const problem = expectProblem(answer, 400, "invalid_request");
    expect(JSON.stringify(problem).length).toBeLessThan(10_000);
    const path = await running.call("GET", `/${"-eyJ".repeat(3_500)}`);
    expectProblem(path, 404, "not_found");
    const named = await account.call("POST", "/api/session-tokens", {
      account: "x".repeat(201),
      role: "owner",
    });
    expectProblem(named, 400, "invalid_request");
  });

  it("U3 a packed body is not unpacked, whatever would come of it", async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000, " "));
    const response = await fetch(`${running.url}/api/events`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${running.platformKey}`,
        "bursar-account": account.accountId,
        "content-type": "application/json",
        "content-encoding": "gzip",
      },
      body: bomb,
    });
    expect([response.status, response.headers.get("accept-encoding")]).toEqual([415, "identity"]);
    expect(((await response.json()) as { detail: string }).detail).toContain("Send it plain");
  });

  it.each([
    ["two lengths", "Content-Length: 5\r\nContent-Length: 29\r\n"],
    ["the same length twice", "Content-Length: 29\r\nContent-Length: 29\r\n"],
    ["a length and pieces", "Content-Length: 29\r\nTransfer-Encoding: chunked\r\n"],
    ["pieces that are not the last coding", "Transfer-Encoding: chunked, identity\r\n"],
    ["an unknown coding", "Transfer-Encoding: xchunked\r\n"],
    ["a length that is no number", "Content-Length: +29\r\n"],
    ["a line end within a name", "Content-Length: 29\r\nX-A\n: b\r\n"],
  ])("B1 a request with %s is refused, and what follows it is no request", async (_what, framing) => {
    const own = await running.newAccount();
    const event = '{"id":"s1","meter":"sessions"}';
    const headers = keyHeaders().replace(account.accountId, own.accountId);
    const smuggled = `POST /api/events HTTP/1.1\r\n${headers}Content-Length: ${event.length}\r\n\r\n${event}`;
    const answer = await raw(`POST /api/events HTTP/1.1\r\n${headers}${framing}\r\n${event}${smuggled}`);
    expect(statusIn(answer)).toBe(400);
    expect((await usedOf(own))["sessions"]).toBe(0);
  });

  it("B1 of two keys, or two accounts, that are named at once the first one counts alone", async () => {
    const other = await running.newAccount({ name: "Other" });
    const get = (more: string) => raw(`GET /api/billing HTTP/1.1\r\n${keyHeaders()}${more}\r\n`);
    expect(statusIn(await get(`Authorization: Bearer ${running.platformKey}\r\n`))).toBeLessThan(500);
    // Node puts them together with a comma, which is no account's id.
    expect(statusIn(await get(`Bursar-Account: ${other.accountId}\r\n`))).toBe(404);
  });

  it("U3 a stream that only its headers are asked of is not opened", async () => {
    const hub = running.service.services.stream;
    const before = hub.watchers();
    for (let turn = 0; turn < 5; turn += 1) {
      const answer = await raw(`HEAD /api/billing/stream HTTP/1.1\r\n${keyHeaders()}\r\n`);
      expect(statusIn(answer)).toBe(200);
    }
    expect(hub.watchers()).toBe(before);
  });

  it("U3 others are answered while a hundred bodies come a byte now and then", async () => {
    const { hostname, port } = new URL(running.url);
    const slow = Array.from({ length: 100 }, () => {
      const socket = connect(Number(port), hostname);
      socket.write(`POST /api/events HTTP/1.1\r\n${keyHeaders()}Content-Length: 4000000\r\n\r\n{`);
      return socket;
    });
    const own = await running.newAccount();
    expect((await own.call("POST", "/api/events", { id: "quick", meter: "sessions" })).status).toBe(200);
    for (const socket of slow) socket.destroy();
    expect((await running.call("GET", "/readyz")).status).toBe(200);
    expect((await usedOf(own))["sessions"]).toBe(1);
  });
});
