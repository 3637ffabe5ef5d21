import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databases, startService, type RunningService, type TestAccount } from "./service.ts";

describe.each(databases)("U5 alerts on $name", ({ open }) => {
  let running: RunningService;
  beforeAll(async () => {
    running = await startService(open);
  });
  afterAll(() => running.stop());

  let lastEvent = 0;
  const use = (account: TestAccount, meter: string, quantity: number) =>
    account.call("POST", "/api/events", { id: `e${(lastEvent += 1)}`, meter, quantity });
  async function toldOf(account: TestAccount): Promise<string[]> {
    const { rows } = await sql<{ told: string }>`
      select concat_ws(' ', payload ->> 'meter', payload ->> 'percent') as told
      from   outbox where account_id = ${account.accountId} order by outbox_id`.execute(
      running.database.kysely,
    );
    return rows.map(({ told }) => told);
  }
  const noticesOf = async (account: TestAccount) =>
    (await account.overview()).notices.map(({ id, severity, title }) => [id, severity, title]);

  it("leave once at 80 % and once at 100 % of each meter, and the page shows what holds now", async () => {
    const account = await running.newAccount();
    expect(await noticesOf(account)).toEqual([]);
    await use(account, "sessions", 16);
    expect(await noticesOf(account)).toEqual([["limit:sessions", "warning", "Sessions: Approaching limit"]]);
    await use(account, "sessions", 1);
    await use(account, "sessions", 3);
    await use(account, "sessions", 1);
    await use(account, "ai_tokens", 40_000);
    expect(await toldOf(account)).toEqual(["sessions 80", "sessions 100", "ai_tokens 80"]);
    expect(await noticesOf(account)).toEqual([
      ["limit:sessions", "critical", "Sessions: Over limit by 1"],
      ["limit:ai_tokens", "warning", "AI tokens: Approaching limit"],
    ]);
  });

  it("a level that sinks and rises again tells nothing twice", async () => {
    const account = await running.newAccount();
    const MIB = 1024 * 1024;
    await use(account, "storage", 45 * MIB);
    await use(account, "storage", -20 * MIB);
    expect(await noticesOf(account)).toEqual([]);
    await use(account, "storage", 20 * MIB);
    expect(await toldOf(account)).toEqual(["storage 80"]);
  });

  it("K3 credits below zero are the first thing that the page shows, with what clears them", async () => {
    const account = await running.newAccount();
    await use(account, "ai_tokens", 50_400);
    const [first] = (await account.overview()).notices;
    expect(first).toMatchObject({ id: "credits_owed", severity: "critical" });
    expect(first?.detail).toContain("400 tokens more were used");
    expect(first?.action).toMatchObject({ label: "See plans", href: "/settings/billing/plans" });
  });
});
