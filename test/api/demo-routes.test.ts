/* The demo's own routes: who may, what they answer, and that a service in production does not have them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newCustomer, type Customer } from "./customer.ts";
import { declaredAnswers } from "./declared.ts";
import { callerOf, databases, startService, type RunningService } from "./service.ts";

const WRITES: Readonly<Record<string, unknown>> = {
  "POST /api/demo/advance": { days: 1 },
  "POST /api/demo/usage": {},
  "POST /api/demo/card": { card: "works" },
};
const OPERATIONS = ["GET /api/demo", ...Object.keys(WRITES)];
/** Without a caller: the demo listens to its own machine alone. */
const PAGES = ["GET /demo/mail", "GET /demo/mail/:id"];

describe("the demo's routes", () => {
  let running: RunningService;
  let customer: Customer;
  beforeAll(async () => {
    running = await startService(databases[1]!.open, { canTravel: true });
    customer = await newCustomer(running, { planId: "team", seats: 2 });
  });
  afterAll(() => running.stop());

  it("are these, and production has none of them", async () => {
    const isDemo = (path: string) => path.startsWith("/demo") || path.startsWith("/api/demo");
    const routes = running.service.app.routes.filter(({ method, path }) => method !== "ALL" && isDemo(path));
    const names = new Set(routes.map(({ method, path }) => `${method} ${path}`));
    expect([...names].sort()).toEqual([...OPERATIONS, ...PAGES].sort());
    const plain = await startService(databases[0]!.open);
    try {
      for (const { path } of routes) {
        expect(
          (await plain.call("GET", path, undefined, { authorization: `Bearer ${plain.platformKey}` })).status,
        ).toBe(404);
      }
    } finally {
      await plain.stop();
    }
  });

  it.each(OPERATIONS)("%s answers as it declares, to who may, and to nobody else", async (operation) => {
    const [method = "", path = ""] = operation.split(" ");
    const body = WRITES[operation];
    const isWrite = method === "POST";
    const wrong = declaredAnswers(running.service);
    const as = (secret: string) => callerOf(running.url, { authorization: `Bearer ${secret}` });
    for (const role of ["owner", "admin", "billing", "member"] as const) {
      const call = as(await running.issue("session_token", customer.accountId, role));
      const { status, body: answer } = await call(method, path, body);
      const mayNot = isWrite && role === "member";
      expect([role, status]).toEqual([role, mayNot ? 403 : 200]);
      if (!mayNot) expect(wrong(operation, status, JSON.stringify(answer))).toBeNull();
    }
    expect((await running.call(method, path, body)).status).toBe(401);
    const elsewhere = { authorization: `Bearer ${running.platformKey}`, "bursar-account": "acc_of_nobody" };
    expect((await running.call(method, path, body, elsewhere)).status).toBe(404);
    if (!isWrite) return;
    expect((await customer.call(method, path, "{")).status).toBe(400);
    expect((await customer.call(method, path, { days: -1, card: 7, other: true })).status).toBe(400);
  });

  it("the letter box is a page, and a letter that is not there is not found", async () => {
    expect((await running.call("GET", "/demo/mail")).status).toBe(200);
    expect((await running.call("GET", "/demo/mail/<script>")).status).toBe(404);
  });
});
