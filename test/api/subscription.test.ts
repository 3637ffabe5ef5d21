import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Invoice, List, Overview, Preview, Problem } from "../../packages/client/src/index.ts";
import { findStripeCustomer } from "../../packages/server/src/stripe/store-customers.ts";
import { listSubscriptions } from "../../packages/server/src/subscriptions/store.ts";
import { DECLINES, payHostedPage, sessionIdIn } from "./hosted-page.ts";
import { databases, startService, type RunningService, type TestAccount } from "./service.ts";

const TEAM = { planId: "team", seats: 3 };

async function openTeam(account: TestAccount, interval = "month"): Promise<string> {
  const { status, body } = await account.call<{ url: string }>("POST", "/api/billing/checkout", {
    ...TEAM,
    interval,
  });
  expect(status).toBe(200);
  return body.url;
}

function reconcile(account: TestAccount, pageUrl: string) {
  return account.call<Overview>("POST", "/api/billing/reconcile", { sessionId: sessionIdIn(pageUrl) });
}

/** Uses some of Free, so that it shows whether the window of the new plan starts at zero. */
async function useSome(account: TestAccount): Promise<void> {
  await account.call("POST", "/api/events", [
    { id: "s-1", meter: "sessions", quantity: 7 },
    { id: "t-1", meter: "ai_tokens", quantity: 1_000 },
    { id: "g-1", meter: "storage", quantity: 5_000 },
  ]);
}

async function expectTeam({ service, database }: RunningService, account: TestAccount, interval = "month") {
  const overview = await account.overview();
  expect(overview).toMatchObject({
    plan: { id: "team", name: "Team" },
    interval,
    seats: { purchased: 3 },
    status: "active",
    paymentMethod: { brand: "visa", last4: "4242" },
    usage: { sessions: { limit: 200 }, aiTokens: { limit: 5_000_000 } },
  });
  const live = (await listSubscriptions(database.kysely, account.accountId)).filter(
    (each) => each.endedAt === null,
  );
  expect(live).toHaveLength(1);
  expect(service.services.clock.now()).toBeGreaterThanOrEqual(Date.parse(overview.period.start));
  const days = (Date.parse(overview.period.end) - Date.parse(overview.period.start)) / 86_400_000;
  expect(Math.round(days)).toSatisfy((length: number) =>
    interval === "month" ? length >= 28 && length <= 31 : length === 365 || length === 366,
  );
  expect(overview.renewsAt).toBe(overview.period.end);
  return overview;
}

/** A second subscription that nobody here opened: made by hand at Stripe, or in a tab that raced. */
async function paySecondSubscription(running: RunningService, account: TestAccount): Promise<void> {
  const stripe = stripeOf(running);
  const customer = await findStripeCustomer(running.database.kysely, account.accountId);
  const [price] = (await stripe.prices.list({ lookup_keys: ["bursar_business_month"] })).data;
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    customer: customer!.customerId,
    line_items: [{ price: price!.id, quantity: 5 }],
    success_url: "http://127.0.0.1/done",
  });
  expect((await payHostedPage(session.url!)).status).toBe(303);
}

function stripeOf({ emulator }: RunningService): Stripe {
  return new Stripe(emulator.secretKey, { host: emulator.host, port: emulator.port, protocol: "http" });
}

describe.each(databases)("a first subscription on $name", ({ open }) => {
  let running: RunningService;
  beforeAll(async () => {
    running = await startService(open);
  });
  afterAll(() => running.stop());

  it("S1 a declined card changes nothing; the next card makes the plan active by the webhook alone", async () => {
    const account = await running.newAccount();
    await useSome(account);
    const url = await openTeam(account);
    const declined = await payHostedPage(url, DECLINES);
    expect(declined.text).toContain("declined");
    expect((await reconcile(account, url)).body.plan.id).toBe("free");

    const paid = await payHostedPage(url);
    expect(paid.status).toBe(303);
    expect(paid.location).toContain(`/settings/billing/return?session_id=${sessionIdIn(url)}`);
    await vi.waitFor(async () => expect((await account.overview()).plan.id).toBe("team"), 15_000);
    const { usage } = await expectTeam(running, account);
    expect(usage["sessions"]?.used).toBe(0);
    expect(usage["aiTokens"]?.used).toBe(0);
    // What is stored stays stored: a level belongs to no window.
    expect(usage["storage"]?.used).toBe(5_000);
  });

  it("S1 annual: a year's period with windows of a month, and the invoice says plan, seats and tax", async () => {
    const account = await running.newAccount();
    const url = await openTeam(account, "year");
    await payHostedPage(url);
    expect((await reconcile(account, url)).status).toBe(200);
    const overview = await expectTeam(running, account, "year");
    const window = Date.parse(overview.usageWindow.end) - Date.parse(overview.usageWindow.start);
    expect(Math.round(window / 86_400_000)).toBeLessThanOrEqual(31);

    const { data } = (await account.call<List<Invoice>>("GET", "/api/billing/invoices")).body;
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({ status: "paid", subtotal: 57_000, tax: 10_830, total: 67_830 });
    expect(data[0]?.lines[0]).toMatchObject({ quantity: 3, amount: 57_000 });
    expect(data[0]?.lines[0]?.description).toContain("Team");
    expect(data[0]?.number).not.toBeNull();
  });

  it("webhook and return at once, and both again and again, leave one subscription", async () => {
    const account = await running.newAccount();
    const url = await openTeam(account);
    await payHostedPage(url);
    const answers = await Promise.all(Array.from({ length: 20 }, () => reconcile(account, url)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.plan.id))).toEqual(new Set(["team"]));
    const before = await expectTeam(running, account);
    await reconcile(account, url);
    const after = await expectTeam(running, account);
    expect({ ...after, now: "" }).toEqual({ ...before, now: "" });
    expect((await account.call<List<Invoice>>("GET", "/api/billing/invoices")).body.data).toHaveLength(1);
    expect(await running.faults()).toEqual([]);
  });

  it("the same event delivered ten times changes nothing", async () => {
    const account = await running.newAccount();
    const url = await openTeam(account);
    await payHostedPage(url);
    await reconcile(account, url);
    const before = await expectTeam(running, account);
    const stripe = stripeOf(running);
    const events = await stripe.events.list({ type: "customer.subscription.created", limit: 1 });
    const payload = JSON.stringify(events.data[0]);
    for (let repeat = 1; repeat <= 10; repeat++) {
      const signature = stripe.webhooks.generateTestHeaderString({ payload, secret: running.webhookSecret });
      const { status } = await running.call("POST", "/webhooks/stripe", payload, {
        "stripe-signature": signature,
      });
      expect(status).toBe(200);
    }
    await running.service.services.inbox.drain();
    const after = await expectTeam(running, account);
    expect({ ...after, now: "" }).toEqual({ ...before, now: "" });
  });

  it("a second checkout is refused once there is a subscription", async () => {
    const account = await running.newAccount();
    const url = await openTeam(account);
    await payHostedPage(url);
    await reconcile(account, url);
    const second = await account.call<Problem>("POST", "/api/billing/checkout", TEAM);
    expect([second.status, second.body.code]).toEqual([409, "already_subscribed"]);
  });

  it("a newer page expires the older one, so that two open tabs cannot both be paid", async () => {
    const account = await running.newAccount();
    const older = await openTeam(account);
    const newer = await openTeam(account);
    const late = await payHostedPage(older);
    expect(late.status).toBe(410);
    expect(late.text).toContain("expired");
    expect((await payHostedPage(newer)).status).toBe(303);
    await reconcile(account, newer);
    await expectTeam(running, account);
  });

  it("tabs that open a checkout at the same moment leave one page that can be paid", async () => {
    const account = await running.newAccount();
    const tabs = await Promise.all(
      Array.from({ length: 5 }, () =>
        account.call<{ url: string } & Problem>("POST", "/api/billing/checkout", TEAM),
      ),
    );
    const opened = tabs.filter(({ status }) => status === 200).map(({ body }) => body.url);
    const refused = tabs.filter(({ status }) => status !== 200).map(({ body }) => body.code);
    expect(refused).toEqual(refused.map(() => "conflict"));
    const payments = await Promise.all(opened.map((url) => payHostedPage(url)));
    expect(payments.filter(({ status }) => status === 303)).toHaveLength(1);
    await reconcile(account, opened[0]!);
    await expectTeam(running, account);
  });

  it("an older page that was paid already is not replaced by a second one", async () => {
    const account = await running.newAccount();
    await payHostedPage(await openTeam(account));
    const second = await account.call<Problem>("POST", "/api/billing/checkout", TEAM);
    expect([second.status, second.body.code]).toEqual([409, "already_subscribed"]);
  });

  it("a return with an unknown session is not found", async () => {
    const account = await running.newAccount();
    const { status, body } = await account.call<Problem>("POST", "/api/billing/reconcile", {
      sessionId: "cs_test_nobody",
    });
    expect([status, body.code]).toEqual([404, "not_found"]);
  });

  it("a quote that was previewed opens its page; another choice with that quote is refused", async () => {
    const account = await running.newAccount();
    const { body: preview } = await account.call<Preview>("POST", "/api/billing/preview", TEAM);
    expect(preview).toMatchObject({ kind: "upgrade", dueToday: { subtotal: 5_700, amountDue: 5_700 } });
    const { quoteId } = preview;
    const other = await account.call<Problem>("POST", "/api/billing/checkout", {
      ...TEAM,
      seats: 4,
      quoteId,
    });
    expect([other.status, other.body.code]).toEqual([409, "quote_changed"]);
    expect((await account.call("POST", "/api/billing/checkout", { ...TEAM, quoteId })).status).toBe(200);
  });

  it.each([
    [{ planId: "team", seats: 1 }, "seats"],
    [{ planId: "personal", seats: 2 }, "seats"],
    [{ planId: "gold" }, "planId"],
  ])("the choice %j is refused and names %s", async (choice, path) => {
    const account = await running.newAccount();
    const { status, body } = await account.call<Problem>("POST", "/api/billing/checkout", choice);
    expect([status, body.code]).toEqual([400, "invalid_request"]);
    expect(body.errors?.map((error) => error.path)).toEqual([path]);
  });

  it.each([
    [{ planId: "free" }, "no_change"],
    [{ planId: "enterprise" }, "conflict"],
  ])("from Free nothing is bought with %j: %s", async (choice, code) => {
    const account = await running.newAccount();
    const { status, body } = await account.call<Problem>("POST", "/api/billing/checkout", choice);
    expect([status, body.code]).toEqual([409, code]);
  });

  it("S7 a second live subscription at Stripe changes nothing: the older one counts", async () => {
    const account = await running.newAccount();
    const page = await openTeam(account);
    await payHostedPage(page);
    await reconcile(account, page);
    await paySecondSubscription(running, account);
    expect((await account.call("POST", "/api/billing/reconcile", {})).status).toBe(200);
    await expectTeam(running, account);
  });
});

describe.each(databases)("a first subscription whose webhooks are lost, on $name", ({ open }) => {
  let running: RunningService;
  beforeAll(async () => {
    running = await startService(open, { hasWebhooks: false });
  });
  afterAll(() => running.stop());

  it("S1 becomes active by asking Stripe on return", async () => {
    const account = await running.newAccount();
    await useSome(account);
    const url = await openTeam(account);
    await payHostedPage(url);
    expect((await account.overview()).plan.id).toBe("free");
    expect((await reconcile(account, url)).body.plan.id).toBe("team");
    const { usage } = await expectTeam(running, account);
    expect(usage["sessions"]?.used).toBe(0);
    expect(usage["aiTokens"]?.used).toBe(0);
  });

  it("a page that was paid is refused a second time too, though nobody told us of the payment", async () => {
    const account = await running.newAccount();
    await payHostedPage(await openTeam(account));
    for (let press = 1; press <= 2; press++) {
      const { status, body } = await account.call<Problem>("POST", "/api/billing/checkout", TEAM);
      expect([status, body.code]).toEqual([409, "already_subscribed"]);
    }
    await expectTeam(running, account);
  });
});
