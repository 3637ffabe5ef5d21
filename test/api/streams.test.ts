/* Many open event streams on one server: all are told, each is closed without a trace, a slow one holds up nobody. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectProblem } from "./problem.ts";
import { databases, metricsOf, startService, type RunningService, type TestAccount } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;

describe("event streams", () => {
  let running: RunningService;
  beforeAll(async () => {
    running = await startService(open, { hasWebhooks: false, jobsByHand: true });
  });
  afterAll(() => running.stop());

  const openNow = async () =>
    Number(/^bursar_event_streams (\d+)$/m.exec(await metricsOf(running))?.[1] ?? Number.NaN);

  /** As a page does, until it is left. */
  async function listen(authorization: string, accountId?: string) {
    const leave = new AbortController();
    const response = await fetch(`${running.url}/api/billing/stream`, {
      headers: { authorization, ...(accountId === undefined ? {} : { "bursar-account": accountId }) },
      signal: leave.signal,
    });
    let text = "";
    const read = async () => {
      for await (const chunk of response.body!) text += new TextDecoder().decode(chunk);
    };
    const ended = read().catch(() => {});
    return { status: response.status, told: () => text, leave: () => leave.abort(), ended };
  }

  async function listenOften(account: TestAccount, count: number) {
    const token = await running.issue("session_token", account.accountId, "owner");
    return Promise.all(Array.from({ length: count }, () => listen(`Bearer ${token}`)));
  }

  it("200 of ten accounts: all are told what changed in their own, and nothing of them is left", async () => {
    const accounts = await Promise.all(Array.from({ length: 10 }, () => running.newAccount()));
    const streams = await Promise.all(accounts.map((account) => listenOften(account, 20)));
    const all = streams.flat();
    expect(all.filter(({ status }) => status !== 200)).toEqual([]);
    await expect.poll(() => all.filter(({ told }) => told().includes("event: ready")).length).toBe(200);
    expect(await openNow()).toBe(200);

    const [quiet, ...busy] = accounts;
    for (const account of busy) await account.call("POST", "/api/events", { id: "e", meter: "sessions" });
    await running.service.services.stream.poll();
    const told = streams.slice(1).flat();
    await expect.poll(() => told.filter((each) => each.told().includes("event: usage")).length).toBe(180);
    expect(streams[0]!.filter((each) => each.told().includes("event: usage"))).toEqual([]);
    expect(quiet).toBeDefined();

    for (const { leave } of all) leave();
    await Promise.all(all.map(({ ended }) => ended));
    await expect.poll(openNow, { timeout: 10_000 }).toBe(0);
  });

  it("a credential has fifty open, and is told so; another has its own, and what is closed makes room", async () => {
    const account = await running.newAccount();
    const token = await running.issue("session_token", account.accountId, "owner");
    const authorization = `Bearer ${token}`;
    const streams = await Promise.all(Array.from({ length: 50 }, () => listen(authorization)));
    expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]));
    const headers = { authorization };
    const refused = await running.call("GET", "/api/billing/stream", undefined, headers);
    expect(expectProblem(refused, 429, "rate_limited").detail).toContain("50 event streams open");
    expect(refused.headers.get("retry-after")).toBe("30");
    expect((await running.call("GET", "/api/billing", undefined, headers)).status).toBe(200);
    const [other] = await listenOften(account, 1);
    expect(other!.status).toBe(200);
    streams[0]!.leave();
    await expect
      .poll(async () => {
        const again = await listen(authorization);
        if (again.status === 200) streams.push(again);
        return again.status;
      })
      .toBe(200);
    for (const { leave } of [...streams, other!]) leave();
    await expect.poll(openNow, { timeout: 10_000 }).toBe(0);
  });

  it("one that is not read keeps each name once, and the others are told meanwhile", async () => {
    const account = await running.newAccount();
    const token = await running.issue("session_token", account.accountId, "owner");
    const authorization = `Bearer ${token}`;
    // Without a network between, which would take megabytes before anybody noticed that nobody reads.
    const request = new Request(`${running.url}/api/billing/stream`, { headers: { authorization } });
    const outgoing = { setHeader: () => {} };
    const unread = await running.service.app.fetch(request, { outgoing });
    expect(unread.status).toBe(200);
    const fast = await listen(authorization);
    await expect.poll(openNow).toBe(2);
    const CHANGES = 40;
    for (let index = 0; index < CHANGES; index += 1) {
      await account.call("POST", "/api/events", { id: `e${index}`, meter: "events" });
      await running.service.services.stream.poll();
      const told = () => fast.told().split("event: usage").length - 1;
      await expect.poll(told, { interval: 5 }).toBe(index + 1);
    }
    const reader = unread.body!.getReader();
    let text = "";
    while (!text.includes("event: usage")) {
      text += new TextDecoder().decode((await reader.read()).value);
    }
    expect(text.split("event: usage").length - 1).toBeLessThan(5);
    await reader.cancel();
    fast.leave();
    await expect.poll(openNow, { timeout: 10_000 }).toBe(0);
  });
});
