/* N2: the demo as `npm start` makes it, in a process of its own, whose account travels in time. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { DemoState, Invoice, List, Overview, Preview } from "../../packages/client/src/index.ts";
import { startProduct, type Product } from "../support/product.ts";
import { bursar } from "../support/run-bursar.ts";
import { payHostedPage, sessionIdIn } from "./hosted-page.ts";
import { callerOf, type Call } from "./service.ts";

const root = join(import.meta.dirname, "../..");
const DAY_MS = 86_400_000;

let product: Product;
beforeAll(async () => {
  product = await startProduct();
}, 120_000);
afterAll(() => product.stop());

const callFor = (account: string): Call =>
  callerOf(product.url, { authorization: `Bearer ${product.platformKey}`, "bursar-account": account });

async function advance(call: Call, request: { days: number } | { to: string }): Promise<Overview> {
  const { status, body } = await call<Overview>("POST", "/api/demo/advance", request);
  expect([status, body]).toEqual([200, expect.anything()]);
  return body;
}

const stateOf = async (call: Call) => (await call<DemoState>("GET", "/api/demo")).body;
const invoicesOf = async (call: Call) =>
  (await call<List<Invoice>>("GET", "/api/billing/invoices")).body.data;

/** A new account of the demo, which has bought this plan on the hosted page. */
async function newCustomer(id: string, plan: object): Promise<{ call: Call; bought: Overview }> {
  const made = { id, name: id, email: `billing@${id}.test`, ownerEmail: `ann@${id}.test` };
  const { status } = await callFor(id)("POST", "/api/accounts", made);
  expect(status).toBeLessThan(300);
  return { call: callFor(id), bought: await buy(callFor(id), plan) };
}

async function buy(call: Call, plan: object): Promise<Overview> {
  const { body } = await call<{ url: string }>("POST", "/api/billing/checkout", plan);
  expect((await payHostedPage(body.url)).status).toBe(303);
  const sessionId = sessionIdIn(body.url);
  return (await call<Overview>("POST", "/api/billing/reconcile", { sessionId })).body;
}

it("N2 a month later Team is renewed, the counters are at zero and the new allocation is there", async () => {
  const { call, bought } = await newCustomer("renews", { planId: "team", interval: "month", seats: 3 });
  expect((await call("POST", "/api/demo/usage", {})).status).toBe(200);
  const hold = await call<{ id: string }>("POST", "/api/holds", { tokens: 1_000, ttlSeconds: 600 });
  const used = await call<Overview>("GET", "/api/billing");
  expect(used.body.usage["sessions"]!.used).toBeGreaterThan(0);
  expect(used.body.credits.allocationLeft).toBeLessThan(5_000_000);

  const later = await advance(call, { days: 31 });
  expect(Date.parse(later.now)).toBeGreaterThanOrEqual(Date.parse(bought.now) + 31 * DAY_MS);
  expect(later).toMatchObject({ plan: { id: "team" }, status: "active", seats: { purchased: 3 } });
  expect(later.period.start).toBe(bought.period.end);
  expect(later.usage["sessions"]!.used).toBe(0);
  expect(later.usage["storage"]!.used).toBe(used.body.usage["storage"]!.used);
  expect(later.usage["aiTokens"]!.used).toBe(0);
  expect(later.credits.allocationLeft).toBe(5_000_000);
  expect((await invoicesOf(call)).map(({ status, subtotal }) => [status, subtotal])).toEqual([
    ["paid", 3 * 1_900],
    ["paid", 3 * 1_900],
  ]);
  // The hold's ten minutes are long over; the work was done all the same, in the window that is open now (K3).
  const settled = await call("POST", `/api/holds/${hold.body.id}/settle`, { tokens: 400 });
  expect([settled.status, settled.body]).toEqual([200, { fromAllocation: 400, fromCredits: 0, balance: 0 }]);
});

it("N2 fewer seats come at the period's end, and a cancelled plan ends in Free", async () => {
  const { call, bought } = await newCustomer("shrinks", { planId: "team", interval: "month", seats: 5 });
  const wanted = { seats: 2 };
  const { quoteId } = (await call<Preview>("POST", "/api/billing/preview", wanted)).body;
  const cut = await call("POST", "/api/billing/change", { ...wanted, quoteId });
  expect([cut.status, cut.body]).toEqual([200, expect.objectContaining({ status: "scheduled" })]);

  const dayBefore = await advance(call, {
    to: new Date(Date.parse(bought.period.end) - DAY_MS).toISOString(),
  });
  expect(dayBefore).toMatchObject({ seats: { purchased: 5 }, pendingChange: { seats: 2 } });
  const after = await advance(call, { days: 2 });
  expect(after).toMatchObject({ seats: { purchased: 2 }, pendingChange: null, status: "active" });
  expect((await invoicesOf(call))[0]).toMatchObject({ status: "paid", subtotal: 2 * 1_900 });

  expect((await call("POST", "/api/billing/cancel", {})).status).toBe(200);
  expect(await advance(call, { days: 31 })).toMatchObject({ plan: { id: "free" }, renewsAt: null });
});

it("N2 a card that declines makes the renewal past due, a new one pays, and unpaid it is Free after 14 days", async () => {
  const { call } = await newCustomer("declines", { planId: "team", interval: "month", seats: 2 });
  expect((await call("POST", "/api/demo/card", { card: "declines" })).status).toBe(200);
  const failed = await advance(call, { days: 31 });
  expect(failed).toMatchObject({ plan: { id: "team" }, status: "past_due" });
  expect(failed.notices.map(({ id }) => id)).toContain("past_due");
  const mended = await call<Overview>("POST", "/api/demo/card", { card: "works" });
  expect(mended.status).toBe(200);
  expect(await advance(call, { days: 1 })).toMatchObject({ status: "active" });

  await call("POST", "/api/demo/card", { card: "declines" });
  expect(await advance(call, { days: 30 })).toMatchObject({ plan: { id: "team" }, status: "past_due" });
  expect(await advance(call, { days: 12 })).toMatchObject({ plan: { id: "team" }, status: "past_due" });
  expect(await advance(call, { days: 3 })).toMatchObject({ plan: { id: "free" }, status: "active" });
  expect((await invoicesOf(call))[0]).toMatchObject({ status: "void" });
  expect((await stateOf(call)).webhooks.map(({ error }) => error)).not.toContain(expect.any(String));
});

it("N2 on Free only the account's own clock moves, others keep theirs, and it never goes back", async () => {
  const call = callFor(product.account);
  const before = await call<Overview>("GET", "/api/billing");
  const later = await advance(call, { days: 40 });
  expect(Date.parse(later.now)).toBeGreaterThanOrEqual(Date.parse(before.body.now) + 40 * DAY_MS);
  expect(later.usage["sessions"]!.used).toBe(0);
  const event = { id: "now-1", meter: "sessions", time: later.now };
  expect((await call("POST", "/api/events", event)).body).toMatchObject({ accepted: 1 });
  expect((await call<Overview>("GET", "/api/billing")).body.usage["sessions"]!.used).toBe(1);

  const state = await stateOf(call);
  expect([state.advancingTo, state.aheadSeconds >= 40 * 86_400]).toEqual([null, true]);
  const stays = { id: "stays", name: "Stays", email: "b@stays.test", ownerEmail: "a@stays.test" };
  await call("POST", "/api/accounts", stays);
  expect((await stateOf(callFor("stays"))).aheadSeconds).toBe(0);
  for (const request of [
    { to: before.body.now },
    { days: 401 },
    { days: 0 },
    {},
    { days: 1, to: later.now },
  ]) {
    const refused = await call<{ code: string }>("POST", "/api/demo/advance", request);
    expect([request, refused.status, refused.body.code]).toEqual([request, 400, "invalid_request"]);
  }
});

it("N2 the command line advances the same clock and says where it is; called wrongly it says how", async () => {
  const { call, bought } = await newCustomer("by-command", { planId: "personal", interval: "month" });
  const guide = readFileSync(join(root, "docs/time-travel.md"), "utf8");
  const lines = [...guide.matchAll(/^npx bursar (clock .+)$/gm)].map(([, words]) => words!.split(" "));
  expect(lines).not.toEqual([]);
  for (const words of lines) {
    const { status, output } = await bursar(
      words.map((word) => word.replace(/^acme$/, "by-command")),
      { BURSAR_DATA: product.dataFolder },
    );
    expect([words, status]).toEqual([words, 0]);
    expect(output).toMatch(/^It is \d{4}-\d\d-\d\d \d\d:\d\d UTC for /);
  }
  const { body } = await call<Overview>("GET", "/api/billing");
  expect(Date.parse(body.now)).toBeGreaterThan(Date.parse(bought.period.end));
  expect(await invoicesOf(call)).toHaveLength(2);
  for (const [args, exitCode, sentence] of [
    [["--days", "many"], 2, "whole number from 1 to 400"],
    [[], 2, "Name either --days or --to."],
    [["--days", "1", "--account", "nobody"], 1, "There is no account nobody here."],
  ] as const) {
    const ended = await bursar(["clock", "advance", ...args], { BURSAR_DATA: product.dataFolder });
    expect([ended.status, ended.output]).toEqual([exitCode, expect.stringContaining(sentence)]);
  }
});

it("N2 of two advances at once the second is refused, and one that a kill cut off is finished by the next start", async () => {
  const { call, bought } = await newCustomer("is-killed", { planId: "team", interval: "month", seats: 2 });
  const target = Date.parse(bought.now) + 300 * DAY_MS;
  const cutOff = call("POST", "/api/demo/advance", { to: new Date(target).toISOString() }).then(
    ({ status }) => status,
    () => "cut off",
  );
  const hasLeft = async () => Date.parse((await stateOf(call)).now) > Date.parse(bought.now) + 20 * DAY_MS;
  while (!(await hasLeft())) await pause(10);
  const second = await call<{ code: string }>("POST", "/api/demo/advance", { days: 1 });
  expect([second.status, second.body.code]).toEqual([409, "conflict"]);
  await product.kill();
  expect(await cutOff).toBe("cut off");

  await product.restart();
  const state = await stateOf(call);
  expect(state.advancingTo).toBeNull();
  expect(Date.parse(state.now)).toBeGreaterThanOrEqual(target);
  const invoices = await invoicesOf(call);
  expect(invoices.map(({ status, subtotal }) => [status, subtotal])).toEqual(
    Array.from({ length: 10 }, () => ["paid", 2 * 1_900]),
  );
});
