/* N2: what an account's clock does when nobody advances it, and where there is none to move. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { DemoState } from "../../packages/client/src/index.ts";
import { insertStripeCustomer } from "../../packages/server/src/stripe/store-customers.ts";
import { newCustomer, stripeOf } from "./customer.ts";
import { databases, startService, type RunningService } from "./service.ts";

const DAY_MS = 86_400_000;
const [{ open }] = databases as [(typeof databases)[number]];

let now = Date.parse("2026-11-25T12:00:00Z");
let running: RunningService;
beforeAll(async () => {
  running = await startService(open, { clock: { now: () => now }, jobsByHand: true, canTravel: true });
}, 60_000);
afterAll(() => running.stop());

it("N2 a demo that was off for ten weeks has renewed twice when it is on again, each on its day", async () => {
  const customer = await newCustomer(running, { planId: "team", interval: "month", seats: 2 });
  now += 70 * DAY_MS;
  await running.service.services.travel!.keepUp();
  expect(await customer.overview()).toMatchObject({ plan: { id: "team" }, status: "active" });
  const invoices = await customer.invoices();
  expect(invoices.map(({ date, status }) => [date.slice(0, 10), status])).toEqual([
    ["2027-01-25", "paid"],
    ["2026-12-25", "paid"],
    ["2026-11-25", "paid"],
  ]);
  const { data: clocks } = await stripeOf(running).testHelpers.testClocks.list();
  expect(clocks.map(({ frozen_time }) => frozen_time * 1_000)).toEqual([now]);
});

it("N2 an account whose customer is on no test clock is told so, and nothing of it moves", async () => {
  const account = await running.newAccount();
  const { id } = await stripeOf(running).customers.create({ name: "Older" });
  await insertStripeCustomer(running.database.kysely, account.accountId, id);
  const refused = await account.call("POST", "/api/demo/advance", { days: 31 });
  expect([refused.status, refused.body]).toEqual([409, expect.objectContaining({ code: "conflict" })]);
  const { body } = await account.call<DemoState>("GET", "/api/demo");
  expect([body.aheadSeconds, body.advancingTo]).toEqual([0, null]);
});

it("N2 a member may look at the clock and not move it", async () => {
  const { accountId } = await running.newAccount();
  const authorization = `Bearer ${await running.issue("account_key", accountId, "member")}`;
  expect((await running.call("GET", "/api/demo", undefined, { authorization })).status).toBe(200);
  for (const [path, body] of [
    ["advance", { days: 1 }],
    ["usage", {}],
    ["card", { card: "works" }],
  ] as const) {
    expect((await running.call("POST", `/api/demo/${path}`, body, { authorization })).status).toBe(403);
  }
});

it("in production there is no clock to move: the demo's routes do not exist", async () => {
  const production = await startService(open);
  try {
    const account = await production.newAccount();
    expect((await account.call("GET", "/api/demo")).status).toBe(404);
    expect((await account.call("POST", "/api/demo/advance", { days: 1 })).status).toBe(404);
  } finally {
    await production.stop();
  }
});
