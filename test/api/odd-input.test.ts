/*
 * What a program sends that nobody meant: years before the calendar, half of a character, an address without end, a wish
 * for a table that is none. It is answered as the sender's mistake or as what was meant, never as ours (B1).
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newCustomer, type Customer } from "./customer.ts";
import { expectProblem } from "./problem.ts";
import { callerOf, databases, startService, type Call, type RunningService } from "./service.ts";

interface MemberList {
  data: { id: string; email: string }[];
  nextCursor: string | null;
}

describe.each(databases)("odd input on $name", ({ open }) => {
  let running: RunningService;
  let customer: Customer;
  let platform: Call;
  let person: Call;
  beforeAll(async () => {
    running = await startService(open, { jobsByHand: true, outgoing: { targets: "loopback" } });
    customer = await newCustomer(running, { planId: "team", seats: 6 });
    platform = callerOf(running.url, { authorization: `Bearer ${running.platformKey}` });
    const [owner] = (await customer.overview()).members;
    const secret = await running.issue("dashboard_session", customer.accountId, "owner", owner!.id);
    person = callerOf(running.url, { cookie: `bursar_session=${secret}`, origin: running.url });
  });
  afterAll(() => running.stop());

  const DAYS = ["0000-01-01", "0001-01-01", "1969-12-31", "9999-12-31"];
  const INSTANTS = [
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-23:59",
  ];
  it.each([...DAYS, ...INSTANTS])("K5 a span from or to %s is one to the calendar's end", async (at) => {
    for (const path of ["/api/audit", "/api/billing/credits/transactions"]) {
      for (const accept of ["application/json", "text/csv"]) {
        const asked = ["from", "to"].map((side) =>
          customer.call("GET", `${path}?${side}=${encodeURIComponent(at)}`, undefined, { accept }),
        );
        for (const { status } of await Promise.all(asked))
          expect([path, at, status]).toEqual([path, at, 200]);
      }
    }
    const all = await customer.call<{ data: unknown[] }>("GET", "/api/audit?from=0000-01-01&to=9999-12-31");
    expect(all.body.data.length).toBeGreaterThan(0);
    if (INSTANTS.includes(at)) return;
    for (const side of ["from", "to"]) {
      const daily = await customer.call("GET", `/api/billing/usage/daily?meter=sessions&${side}=${at}`);
      expect([200, 400]).toContain(daily.status);
    }
  });

  it("B4 a replay of a span without an end or a beginning is one of everything", async () => {
    const { body } = await customer.call<{ id: string }>("POST", "/api/webhook-endpoints", {
      url: "http://127.0.0.1:9/",
    });
    const path = `/api/webhook-endpoints/${body.id}`;
    await customer.call("POST", `${path}/test`);
    for (const from of INSTANTS.slice(0, 2)) {
      for (const to of INSTANTS.slice(2)) {
        expect((await customer.call("POST", `${path}/replay`, { from, to })).status).toBe(200);
      }
    }
    expect((await customer.call("POST", `${path}/replay`, { from: INSTANTS[2] })).body).toEqual({
      replayed: 0,
    });
    for (const cursor of ["999999999999999.x", "253402300800000.x"]) {
      const list = await customer.call("GET", `${path}/deliveries?cursor=${cursor}`);
      expectProblem(list, 400, "invalid_request");
      const mails = await person("GET", `/api/notifications/mails?cursor=${cursor}`);
      expectProblem(mails, 400, "invalid_request");
      const invoices = await customer.call("GET", `/api/billing/invoices?cursor=${cursor}`);
      expectProblem(invoices, 400, "invalid_request");
    }
  });

  it("I2 a year that a database cannot count beyond has no invoices", async () => {
    expect((await customer.call("GET", "/api/billing/invoices?year=9998")).status).toBe(200);
    expectProblem(await customer.call("GET", "/api/billing/invoices?year=9999"), 400, "invalid_request");
  });

  it.each([
    ["POST", "/api/accounts", '{"name":"\\ud800","email":"a@b.test"}', "name"],
    ["POST", "/api/accounts", '{"name":"A\\u0000","email":"a@b.test"}', "name"],
    ["POST", "/api/accounts", '{"id":"x\\udc00","name":"A","email":"a@b.test"}', "id"],
    ["POST", "/api/webhook-endpoints", '{"url":"https://a.test/","description":"\\ud800"}', "description"],
    ["POST", "/api/keys", '{"name":"\\ud800","role":"member"}', "name"],
    ["PATCH", "/api/auth/me", '{"name":"\\ud800"}', "name"],
    ["POST", "/api/holds", '{"tokens":1,"description":"\\ud800"}', "description"],
  ] as const)(
    "%s %s with half a character is refused with the field: %s",
    async (method, path, body, field) => {
      const call = path === "/api/accounts" ? platform : path === "/api/auth/me" ? person : customer.call;
      const problem = expectProblem(await call(method, path, body), 400, "invalid_request");
      expect(problem.errors?.map((error) => error.path)).toEqual([field]);
    },
  );

  it("B1 an e-mail address longer than mail carries is refused, wherever one is given", async () => {
    const long = `${"a".repeat(250)}@b.test`;
    for (const body of [{ email: long }, { email: "a@b.test", ownerEmail: long }]) {
      expectProblem(await platform("POST", "/api/accounts", { name: "A", ...body }), 400, "invalid_request");
    }
    const invitations = [{ email: long, role: "member" }];
    expectProblem(await customer.call("POST", "/api/members", { invitations }), 400, "invalid_request");
  });

  it("B2 one address is one person's, however it is written, and letters that only look alike are another's", async () => {
    const invite = (email: string) =>
      customer.call("POST", "/api/members", { invitations: [{ email, role: "member" }] });
    expect((await invite("Kim@Here.test")).status).toBe(200);
    for (const same of ["kim@here.test", "KIM@HERE.TEST"]) expectProblem(await invite(same), 409, "conflict");
    // The Kelvin sign becomes a k in lower case, a long s an s in upper case, and a dotted I two letters.
    for (const alike of [
      "\u212aim@here.test",
      "ki\u017f@here.test",
      "\u0130m@here.test",
      "kim@here\u3002test",
    ]) {
      expectProblem(await invite(alike), 400, "invalid_request");
    }
  });

  it("U3 of a number with too many digits the limit is told, not struck out as a card's", async () => {
    const tooMany = [
      ["/api/events", '{"id":"q","meter":"sessions","quantity":9007199254740993}'],
      ["/api/events", '{"id":"q","meter":"sessions","quantity":1000000000001}'],
      ["/api/check", '{"meter":"sessions","quantity":9007199254740993}'],
      ["/api/holds", '{"tokens":1000000000001}'],
    ] as const;
    for (const [path, body] of tooMany) {
      const { detail } = expectProblem(await customer.call("POST", path, body), 400, "invalid_request");
      expect(detail).toContain("at most 1,000,000,000,000");
      expect(detail).not.toContain("struck out");
    }
  });

  it.each([
    ["application/json, text/csv;q=0.5", "application/json"],
    ["text/csv;q=0, application/json", "application/json"],
    ["text/csv;q=0", "application/json"],
    ["*/*", "application/json"],
    [";;;,,,q=", "application/json"],
    ["text/csv", "text/csv"],
    ["TEXT/CSV ; q=0.3, */*;q=0.1", "text/csv"],
    ["text/csv, application/json;q=0.9", "text/csv"],
  ])("K5 Accept: %s is answered with %s", async (accept, type) => {
    const answer = await customer.call("GET", "/api/billing/credits/transactions", undefined, {
      accept,
      range: "bytes=0-10",
    });
    expect([answer.status, answer.headers.get("content-type")?.split(";")[0]]).toEqual([200, type]);
  });

  it("a query that names a thing twice is refused, and what is no field is left alone", async () => {
    for (const query of ["limit=1&limit=2", "cursor=a&cursor=b", "limit=", "limit=1.5", "limit=-1"]) {
      expectProblem(await customer.call("GET", `/api/audit?${query}`), 400, "invalid_request");
    }
    expect((await customer.call("GET", "/api/audit?limit[]=3&LIMIT=x&__proto__=1")).status).toBe(200);
  });

  it("B2 pages of members go on though who stood at the end of the last one has left", async () => {
    const own = await newCustomer(running, { planId: "team", seats: 6 });
    const invitations = ["a", "b", "c", "d"].map((name) => ({ email: `${name}@pages.test`, role: "member" }));
    await own.call("POST", "/api/members", { invitations });
    const page = (cursor = "") => own.call<MemberList>("GET", `/api/members?limit=2${cursor}`);
    const first = (await page()).body;
    await own.call("DELETE", `/api/members/${first.data.at(-1)!.id}`);
    const second = (await page(`&cursor=${first.nextCursor}`)).body;
    expect(second.data.map(({ email }) => email)).toEqual(["b@pages.test", "c@pages.test"]);
    const third = (await page(`&cursor=${second.nextCursor}`)).body;
    expect([third.data.map(({ email }) => email), third.nextCursor]).toEqual([["d@pages.test"], null]);
  });
});
