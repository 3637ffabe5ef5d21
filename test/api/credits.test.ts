import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Credits, CreditTransaction, List, Overview } from "../../packages/client/src/index.ts";
import { DECLINES, payHostedPage, sessionIdIn } from "./hosted-page.ts";
import { expectProblem } from "./problem.ts";
import { databases, startService, usedOf, type RunningService, type TestAccount } from "./service.ts";

const STARTER_TOKENS = 1_000_000;
const TEAM_TOKENS = 5_000_000;

const creditsOf = async (account: TestAccount) =>
  (await account.call<Credits>("GET", "/api/billing/credits")).body;

const reconcile = (account: TestAccount, sessionId: string) =>
  account.call<Overview>("POST", "/api/billing/reconcile", { sessionId });

async function openPage(account: TestAccount, path: string, body: unknown): Promise<string> {
  const answer = await account.call<{ url: string }>("POST", path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.url;
}

const openPack = (account: TestAccount) =>
  openPage(account, "/api/billing/credits/checkout", { packId: "credits_1m" });

describe.each(databases)("credits on $name", ({ open }) => {
  let running: RunningService;
  beforeAll(async () => {
    running = await startService(open);
  });
  afterAll(() => running.stop());

  async function onTeam(): Promise<TestAccount> {
    const account = await running.newAccount();
    const url = await openPage(account, "/api/billing/checkout", { planId: "team", seats: 2 });
    await payHostedPage(url);
    expect((await reconcile(account, sessionIdIn(url))).body.plan.id).toBe("team");
    return account;
  }

  it("C4 on Free a pack is refused with the reason, and an unknown pack names the packs", async () => {
    const free = await running.newAccount();
    const buy = { packId: "credits_1m" };
    const refused = await free.call("POST", "/api/billing/credits/checkout", buy);
    expect(expectProblem(refused, 409, "conflict").detail).toContain("paid plans");
    const team = await onTeam();
    const unknown = await team.call("POST", "/api/billing/credits/checkout", { packId: "credits_3m" });
    expect(expectProblem(unknown, 400, "invalid_request").detail).toContain("credits_2_5m");
  });

  it("K2 a paid pack enters once by the webhook alone", async () => {
    const account = await onTeam();
    const url = await openPack(account);
    expect((await payHostedPage(url, DECLINES)).text).toContain("declined");
    expect((await creditsOf(account)).balance).toBe(0);
    expect((await payHostedPage(url)).status).toBe(303);
    await vi.waitFor(async () => expect((await creditsOf(account)).balance).toBe(STARTER_TOKENS), 15_000);
  });

  it("K2 webhook, return and repeats together raise the balance exactly once", async () => {
    const account = await onTeam();
    const url = await openPack(account);
    await payHostedPage(url);
    const returns = await Promise.all(Array.from({ length: 10 }, () => reconcile(account, sessionIdIn(url))));
    expect(returns.map(({ body }) => body.credits.balance)).toEqual(
      Array.from({ length: 10 }, () => STARTER_TOKENS),
    );
    await running.service.services.inbox.drain();
    await payHostedPage(url);
    await reconcile(account, sessionIdIn(url));
    const { balance, transactions } = await creditsOf(account);
    expect(balance).toBe(STARTER_TOKENS);
    expect(transactions.filter(({ type }) => type === "purchase")).toMatchObject([
      { amount: STARTER_TOKENS, balanceAfter: STARTER_TOKENS, price: 500, currency: "eur" },
    ]);
    expect(await running.faults()).toEqual([]);
  });

  it("K1 AI tokens draw on the allocation first, then on credits, and the history adds up", async () => {
    const account = await onTeam();
    const url = await openPack(account);
    await payHostedPage(url);
    await reconcile(account, sessionIdIn(url));
    const use = (id: string, quantity: number) =>
      account.call("POST", "/api/events", { id, meter: "ai_tokens", quantity, enforce: true });

    expect((await use("a", TEAM_TOKENS - 100)).status).toBe(200);
    expect((await creditsOf(account)).balance).toBe(STARTER_TOKENS);
    expect((await use("b", 350)).status).toBe(200);
    expect(await creditsOf(account)).toMatchObject({
      balance: STARTER_TOKENS - 250,
      available: STARTER_TOKENS - 250,
      held: 0,
    });
    expect((await usedOf(account))["aiTokens"]).toBe(TEAM_TOKENS);
    const tooMuch = await use("c", STARTER_TOKENS);
    expectProblem(tooMuch, 402, "insufficient_credits");
    expect((await creditsOf(account)).balance).toBe(STARTER_TOKENS - 250);

    const history: CreditTransaction[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? "?limit=2" : `?limit=2&cursor=${cursor}`;
      const page = await account.call<List<CreditTransaction>>(
        "GET",
        `/api/billing/credits/transactions${query}`,
      );
      expect(page.body.data.length).toBeLessThanOrEqual(2);
      history.push(...page.body.data);
      cursor = page.body.nextCursor;
    } while (cursor !== null);
    const sum = (...types: string[]) =>
      history.filter(({ type }) => types.includes(type)).reduce((total, { amount }) => total + amount, 0);
    expect(sum("purchase", "usage")).toBe(STARTER_TOKENS - 250);
    expect(sum("usage")).toBe(-250);
    expect(sum("allocation_usage")).toBe(-TEAM_TOKENS);
    expect(new Set(history.map(({ id }) => id)).size).toBe(history.length);
    expect(await running.faults()).toEqual([]);
  });

  it("K3 a hold past the allocation reserves credits, and settles from both", async () => {
    const account = await onTeam();
    const url = await openPack(account);
    await payHostedPage(url);
    await reconcile(account, sessionIdIn(url));
    const { id } = (
      await account.call<{ id: string }>("POST", "/api/holds", { tokens: TEAM_TOKENS + 400_000 })
    ).body;
    expect(await creditsOf(account)).toMatchObject({ balance: STARTER_TOKENS, held: 400_000 });
    const { body } = await account.call("POST", `/api/holds/${id}/settle`, { tokens: TEAM_TOKENS + 10 });
    expect(body).toEqual({ fromAllocation: TEAM_TOKENS, fromCredits: 10, balance: STARTER_TOKENS - 10 });
  });
});
