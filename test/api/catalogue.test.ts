/* The catalogue changes while people are on its plans: prices, withdrawn plans, plans that an operator arranges. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Catalog } from "@bursar/core";
import type { List, PlanOffer, Problem } from "../../packages/client/src/index.ts";
import { prepareDatabase } from "../../packages/server/src/accounts/prepare-database.ts";
import { refuseRemovedPlans } from "../../packages/server/src/accounts/removed-plans.ts";
import { createLog } from "../../packages/server/src/log.ts";
import { compose, listen } from "../../packages/server/src/main.ts";
import { systemIds } from "../../packages/server/src/system.ts";
import { catalog } from "../book/databases.ts";
import { bursar } from "../support/run-bursar.ts";
import { newCustomer, stripeOf, subscriptionOf } from "./customer.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { callerOf, databases, type RunningService, type TestAccount } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;

let time: TimeTravel | undefined;
const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  expect(await time?.faults()).toEqual([]);
  await time?.stop();
  time = undefined;
});

async function begin(instant: string): Promise<TimeTravel> {
  time = await startAt(open, instant);
  return time;
}

/** A server that started with another catalogue, on the same database and Stripe. */
async function withCatalog(running: TimeTravel, changed: Catalog): Promise<RunningService> {
  const { database, emulator, platformKey } = running;
  const service = compose({
    database,
    catalog: changed,
    clock: { now: () => running.now() },
    ids: systemIds,
    stripe: { apiBase: emulator.url, secretKey: emulator.secretKey, webhookSecret: "" },
    log: createLog("silent"),
    rawEventsKeptDays: 90,
    jobsByHand: true,
  });
  const server = await listen(service, 0);
  undo.push(async () => {
    await server.close();
    await service.stop();
  });
  const url = `http://127.0.0.1:${server.port}`;
  const newAccount = async (): Promise<TestAccount> => {
    const account = await running.newAccount();
    const headers = { authorization: `Bearer ${platformKey}`, "bursar-account": account.accountId };
    const call = callerOf(url, headers);
    return { ...account, call, overview: async () => (await call("GET", "/api/billing")).body as never };
  };
  return { ...running, service, url, call: callerOf(url, {}), newAccount };
}

/** The customer's calls, sent to another server. */
function calling(customer: Pick<TestAccount, "accountId">, { url, platformKey }: RunningService) {
  const headers = { authorization: `Bearer ${platformKey}`, "bursar-account": customer.accountId };
  return callerOf(url, headers);
}

const offersOf = async (call: TestAccount["call"]) =>
  (await call<List<PlanOffer>>("GET", "/api/billing/plans")).body.data;

function changedPlan(id: string, change: Partial<Catalog["plans"][number]>): Catalog {
  return { ...catalog, plans: catalog.plans.map((plan) => (plan.id === id ? { ...plan, ...change } : plan)) };
}

describe("a price that changes", () => {
  it("C3 is said, then pushed as a new price; who is subscribed keeps the old for new seats and renewals", async () => {
    const running = await begin("2027-03-01T09:00:00Z");
    const before = await newCustomer(running, { planId: "team", seats: 2 });

    const folder = mkdtempSync(join(tmpdir(), "bursar-catalogue-"));
    undo.push(() => Promise.resolve(rmSync(folder, { recursive: true })));
    const original = join(import.meta.dirname, "../../bursar.config.ts");
    writeFileSync(
      join(folder, "dearer.ts"),
      `import config from ${JSON.stringify(original)};
       export default { ...config, plans: { ...config.plans, team: { ...config.plans.team, priceCents: { month: 2_100, year: 19_000 } } } };`,
    );
    const env = {
      BURSAR_CONFIG: join(folder, "dearer.ts"),
      STRIPE_API_BASE: running.emulator.url,
      STRIPE_SECRET_KEY: running.emulator.secretKey,
    };
    const said = await bursar(["catalog", "diff"], env);
    expect(said).toEqual({
      status: 1,
      output:
        "Team by the month: €19.00 becomes €21.00, as a new price. Who is subscribed keeps the old price until they change plan.\n",
    });
    expect(await bursar(["catalog", "push"], env)).toMatchObject({
      status: 0,
      output: `${said.output}Made 1 price.\n`,
    });
    expect((await bursar(["catalog", "diff"], env)).status).toBe(0);
    expect((await bursar(["catalog", "push", "now"], env)).status).toBe(2);

    const dearer = await withCatalog(
      running,
      changedPlan("team", { priceCents: { month: 2_100, year: 19_000 } }),
    );
    const after = await newCustomer(dearer, { planId: "team", seats: 2 });
    expect((await after.invoices())[0]?.total).toBe(2 * 2_499);

    await running.travelTo("2027-03-16T21:00:00Z");
    const call = calling(before, dearer);
    const preview = await call("POST", "/api/billing/preview", { seats: 3 });
    // Half of the 31 days is left, at 19.00 for the seat; then three at 19.00, and 19 % VAT.
    expect(preview.body).toMatchObject({ dueToday: { subtotal: 950 }, nextInvoice: { total: 6_783 } });
    expect((await call("POST", "/api/billing/change", { seats: 3 })).status).toBe(200);
    await running.travelTo("2027-04-02T09:00:00Z");
    expect((await before.invoices())[0]?.total).toBe(6_783);
    expect((await after.invoices())[0]?.total).toBe(4_998);
  }, 120_000);
});

it("C1 a price of its own that was put on a subscription at Stripe is kept for seats and renewals", async () => {
  const running = await begin("2027-03-01T09:00:00Z");
  const customer = await newCustomer(running, { planId: "team", seats: 2 });
  const stripe = stripeOf(running);
  const subscription = await subscriptionOf(stripe, await customer.customerId());
  const price = await stripe.prices.create({
    product: "bursar_team",
    unit_amount: 1_500,
    currency: "eur",
    recurring: { interval: "month" },
    tax_behavior: "exclusive",
    metadata: { bursar_plan: "team" },
  });
  const items = [{ id: subscription.items.data[0]!.id, price: price.id, quantity: 2 }];
  await stripe.subscriptions.update(subscription.id, { items, proration_behavior: "none" });
  await running.settle();
  expect(await customer.overview()).toMatchObject({ plan: { id: "team" }, nextInvoice: { total: 3_570 } });
  expect((await customer.preview({ seats: 3 })).nextInvoice).toMatchObject({ total: 5_355 });
  await running.travelTo("2027-04-02T09:00:00Z");
  expect((await customer.invoices())[0]?.total).toBe(3_570);
  const business = await customer.preview({ planId: "business", seats: 5 });
  expect(business.nextInvoice).toMatchObject({ total: 5 * 4_641 });
});

describe("a plan that is sold no more", () => {
  it("C3 who is on it sees it and stays; nobody else is offered it, or can buy it", async () => {
    const running = await begin("2027-03-01T09:00:00Z");
    const customer = await newCustomer(running, { planId: "personal" });
    const later = await withCatalog(running, changedPlan("personal", { withdrawn: true }));
    const own = await offersOf(calling(customer, later));
    expect(own.find(({ id }) => id === "personal")).toMatchObject({ withdrawn: true, change: "current" });
    expect(own.filter(({ withdrawn }) => withdrawn)).toHaveLength(1);

    const stranger = await later.newAccount();
    expect((await offersOf(stranger.call)).map(({ id }) => id)).toEqual([
      "free",
      "team",
      "business",
      "enterprise",
    ]);
    const refused = await stranger.call<Problem>("POST", "/api/billing/checkout", { planId: "personal" });
    expect([refused.status, refused.body.detail]).toEqual([
      400,
      expect.stringContaining("Personal is sold no more. Choose another plan."),
    ]);

    await running.travelTo("2027-04-02T09:00:00Z");
    expect(await customer.overview()).toMatchObject({ plan: { id: "personal" }, status: "active" });
  });

  it("S7 its own prices are kept and told of; gone from the file they stand in nobody's way", async () => {
    interface Changed {
      overrides: object;
      warnings: { path: string; message: string }[];
    }
    const running = await begin("2027-03-01T09:00:00Z");
    const { accountId } = await running.newAccount();
    const set = async (at: RunningService, overrides: object) => {
      const headers = { authorization: `Bearer ${running.platformKey}` };
      return at.call<Changed & Problem>("PATCH", `/api/accounts/${accountId}`, { overrides }, headers);
    };
    const prices = { personal: { month: 700 } };
    expect((await set(running, { prices })).body.warnings).toEqual([]);
    const withdrawn = await withCatalog(running, changedPlan("personal", { withdrawn: true }));
    expect((await set(withdrawn, { prices })).body.warnings).toMatchObject([
      { path: "overrides.prices.personal", message: expect.stringContaining("sold no more") as string },
    ]);

    const plans = catalog.plans.filter(({ id }) => id !== "personal");
    const removed = await withCatalog(running, { ...catalog, plans });
    const limited = await set(removed, { limits: { events: 5 } });
    expect(limited.status).toBe(200);
    expect(limited.body.overrides).toEqual({ prices, limits: { events: 5 } });
    expect(limited.body.warnings).toMatchObject([
      { path: "overrides.prices.personal", message: expect.stringContaining("has no effect") as string },
    ]);
    // Said anew it is a mistake, and without it the warning is gone.
    expect((await set(removed, { prices })).body.detail).toContain("names no plan");
    expect((await set(removed, { prices: null })).body.warnings).toEqual([]);
  });

  it("C3 removed from the file while somebody is on it, or will be, is refused at start", async () => {
    const running = await begin("2027-03-01T09:00:00Z");
    const customer = await newCustomer(running, { planId: "business", seats: 5 });
    const without = (...ids: string[]) => ({
      ...catalog,
      plans: catalog.plans.filter(({ id }) => !ids.includes(id)),
    });
    const check = (changed: Catalog) => refuseRemovedPlans(running.database, changed, running.now());
    await customer.change({ planId: "team" });
    await expect(check(without("team", "business"))).rejects.toThrow(
      '1 account is on the plan "business", which the catalogue does not have.\n1 account is on the plan "team", which',
    );
    await expect(check(without("team"))).rejects.toThrow("with withdrawn: true");
    // What serve and demo start with.
    const prepared = prepareDatabase(running.database, without("team"), running.now());
    await expect(prepared).rejects.toThrow("with withdrawn: true");
    await running.travelTo("2027-04-02T09:00:00Z");
    // Nobody is on Business any more, though somebody was.
    await check(without("business"));
  });
});

describe("what an operator arranges", () => {
  const patch = (running: RunningService, { accountId }: TestAccount, overrides: unknown) =>
    running.call<Problem & { overrides: unknown }>(
      "PATCH",
      `/api/accounts/${accountId}`,
      { overrides },
      { authorization: `Bearer ${running.platformKey}` },
    );

  it("C1 Enterprise with its own seats and limits, without Stripe; leaving it is Free again", async () => {
    const running = await begin("2027-03-01T09:00:00Z");
    const account = await running.newAccount();
    const limits = { sessions: 7, storage: null };
    const set = await patch(running, account, { plan: "enterprise", seats: 40, limits });
    expect([set.status, set.body.overrides]).toEqual([200, { plan: "enterprise", seats: 40, limits }]);
    const overview = await account.overview();
    expect(overview).toMatchObject({
      plan: { id: "enterprise" },
      interval: null,
      seats: { purchased: 40 },
      usage: { sessions: { limit: 7 }, storage: { limit: null }, events: { limit: null } },
      can: { changePlan: { allowed: false }, buyCredits: { allowed: true } },
    });
    const change = await account.call<Problem>("POST", "/api/billing/preview", { planId: "team" });
    expect(change.body.detail).toMatch(/[Cc]ontact us/);
    const eight = [{ id: "s", meter: "sessions", quantity: 8, enforce: true }];
    expect((await account.call<{ refused: number }>("POST", "/api/events", eight)).body.refused).toBe(1);

    expect((await patch(running, account, { limits: null })).body.overrides).toEqual({
      plan: "enterprise",
      seats: 40,
    });
    expect((await patch(running, account, { plan: null, seats: null })).status).toBe(200);
    expect(await account.overview()).toMatchObject({ plan: { id: "free" }, seats: { purchased: 1 } });
  });

  it("C1 a subscription is cancelled first and runs out beside it; what Stripe says holds after", async () => {
    const running = await begin("2027-03-01T09:00:00Z");
    const customer = await newCustomer(running, { planId: "team", seats: 2 });
    const arranged = { plan: "enterprise", seats: 10 };
    const refused = await patch(running, customer, arranged);
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      expect.stringContaining("Stripe goes on charging this account for team. Cancel that plan first"),
    ]);
    expect((await customer.call("POST", "/api/billing/cancel", {})).status).toBe(200);
    expect((await patch(running, customer, arranged)).status).toBe(200);
    expect((await customer.overview()).plan.id).toBe("enterprise");
    expect((await patch(running, customer, { plan: null, seats: null })).status).toBe(200);
    expect(await customer.overview()).toMatchObject({ plan: { id: "team" }, seats: { purchased: 2 } });
    await patch(running, customer, arranged);
    await running.travelTo("2027-04-02T09:00:00Z");
    expect((await customer.overview()).plan.id).toBe("enterprise");
    await patch(running, customer, { plan: null, seats: null });
    expect((await customer.overview()).plan.id).toBe("free");
  });

  it.each([
    [
      "a plan that is sold",
      { plan: "team", seats: 3 },
      "overrides.plan",
      'is a plan of kind "custom", here enterprise',
    ],
    ["seats without a plan", { seats: 3 }, "overrides.seats", "goes with a plan"],
    ["a plan without seats", { plan: "enterprise" }, "overrides.seats", "is missing"],
    ["a limit of no meter", { limits: { minutes: 1 } }, "overrides.limits.minutes", "names no meter"],
    ["a limit below zero", { limits: { events: -1 } }, "overrides.limits.events", ">=0"],
    [
      "a price that Stripe takes not",
      { prices: { team: { month: 1 } } },
      "overrides.prices.team.month",
      ">=50",
    ],
    ["a price of nothing", { prices: { team: {} } }, "overrides.prices", "for month, year or both"],
    ["a price of no plan", { prices: { gold: { month: 900 } } }, "overrides.prices.gold", "names no plan"],
    [
      "a price of the free plan",
      { prices: { free: { month: 900 } } },
      "overrides.prices.free",
      "is the free plan",
    ],
    [
      "a price of what is arranged",
      { plan: "enterprise", seats: 3, prices: { enterprise: { month: 900 } } },
      "overrides.prices.enterprise",
      "is arranged and not charged by Stripe",
    ],
    ["another word", { colour: 1 }, "overrides", "colour"],
  ])(
    "C1 %s is refused with its path and reason, and nothing changes",
    async (_name, overrides, path, reason) => {
      const running = await begin("2027-03-01T09:00:00Z");
      const account = await running.newAccount();
      const { status, body } = await patch(running, account, overrides);
      expect([status, body.errors]).toEqual([
        400,
        [{ path, message: expect.stringContaining(reason) as string }],
      ]);
      expect((await account.overview()).plan.id).toBe("free");
      const read = await running.call<{ overrides: unknown }>(
        "GET",
        `/api/accounts/${account.accountId}`,
        undefined,
        {
          authorization: `Bearer ${running.platformKey}`,
        },
      );
      expect(read.body.overrides).toEqual({});
    },
  );

  it("B2 a customer cannot arrange anything", async () => {
    const running = await begin("2027-03-01T09:00:00Z");
    const account = await running.newAccount();
    const key = await running.issue("account_key", account.accountId);
    const path = `/api/accounts/${account.accountId}`;
    const answer = await running.call("PATCH", path, { overrides: {} }, { authorization: `Bearer ${key}` });
    expect(answer.status).toBe(403);
  });
});

it("C2 a meter removed from the file refuses its events by name, counts all others, and is as it was when it is back", async () => {
  const running = await begin("2027-03-01T09:00:00Z");
  const account = await running.newAccount();
  await account.call("POST", "/api/events", { id: "before", meter: "enrichments", quantity: 3 });
  const meters = catalog.meters.filter(({ id }) => id !== "enrichments");
  const without = await withCatalog(running, { ...catalog, meters });
  const call = calling(account, without);
  const { body } = await call("POST", "/api/events", [
    { id: "during", meter: "enrichments" },
    { id: "other", meter: "sessions" },
    { id: "before", meter: "enrichments", quantity: 3 },
  ]);
  expect(body).toMatchObject({ accepted: 1, duplicates: 1, refused: 1 });
  expect((body as { results: { detail?: string }[] }).results[0]?.detail).toMatch(/no meter enrichments/);
  const overview = (await call("GET", "/api/billing")).body as { usage: Record<string, { used: number }> };
  expect(Object.keys(overview.usage)).not.toContain("enrichments");
  expect(overview.usage["sessions"]).toMatchObject({ used: 1 });
  await account.call("POST", "/api/events", { id: "during", meter: "enrichments" });
  expect((await account.overview()).usage["enrichments"]).toMatchObject({ used: 4 });
});
