import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Adjustment, Credits, CreditTransaction, List } from "../../packages/client/src/index.ts";
import { bursar } from "../support/run-bursar.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { expectProblem } from "./problem.ts";
import { databases, type TestAccount } from "./service.ts";

const NOW = "2026-03-10T12:00:00.000Z";

describe.each(databases)("adjustments on $name", ({ name, open }) => {
  let running: TimeTravel;
  let databaseUrl: string | null;
  beforeAll(async () => {
    const opened = await open();
    databaseUrl = opened.url;
    running = await startAt(() => Promise.resolve(opened), NOW);
  });
  afterAll(() => running.stop());

  const adjust = (account: TestAccount, body: unknown, headers?: Record<string, string>) =>
    account.call<Adjustment>("POST", `/api/accounts/${account.accountId}/adjustments`, body, headers);
  const historyOf = async (account: TestAccount) =>
    (await account.call<List<CreditTransaction>>("GET", "/api/billing/credits/transactions")).body.data;
  const balanceOf = async (account: TestAccount) =>
    (await account.call<Credits>("GET", "/api/billing/credits")).body.balance;

  it("K4 an operator gives and takes credits, once by id, and the history says why and who", async () => {
    const account = await running.newAccount();
    const gift = { id: "ticket-81", tokens: 50_000, reason: "Outage of 3 March", operator: "Kim R." };
    const first = await adjust(account, gift);
    expect(first.status).toBe(200);
    expect(first.body).toEqual({
      ...gift,
      accountId: account.accountId,
      balance: 50_000,
      createdAt: NOW,
    });
    const again = await Promise.all([adjust(account, gift), adjust(account, gift)]);
    expect(again.map(({ body }) => body)).toEqual([first.body, first.body]);
    await adjust(account, { id: "ticket-82", tokens: -180_000, reason: "Booked twice" });

    // The 50,000 tokens that Free includes clear a part of what is owed.
    expect(await balanceOf(account)).toBe(-80_000);
    const cleared = (await historyOf(account)).find(({ description }) => description.includes("cleared"));
    expect(cleared).toMatchObject({
      type: "allocation",
      credits: { change: 50_000, after: -80_000 },
      allocation: { change: -50_000, after: 0 },
    });
    const [taken, given] = (await historyOf(account)).filter(({ type }) => type === "adjustment");
    expect(taken).toMatchObject({ description: "Booked twice", actor: null, amount: -180_000 });
    expect(given).toMatchObject({
      description: "Outage of 3 March",
      actor: "Kim R.",
      credits: { change: 50_000, after: 50_000 },
      price: null,
    });
    const { rows } = await sql<{ requestedBy: string }>`
      select requested_by as "requestedBy" from adjustments where account_id = ${account.accountId}`.execute(
      running.database.kysely,
    );
    expect(rows.map(({ requestedBy }) => requestedBy)).toEqual([
      expect.stringMatching(/^key_/),
      expect.stringMatching(/^key_/),
    ]);
    const audit = await sql`
      select action, actor_kind, subject, after from audit_log where account_id = ${account.accountId} and action = 'credits.adjusted' order by audit_id`.execute(
      running.database.kysely,
    );
    expect(audit.rows).toMatchObject([
      {
        action: "credits.adjusted",
        actor_kind: "platform_key",
        subject: "ticket-81",
        after: { tokens: 50_000 },
      },
      { subject: "ticket-82" },
    ]);
    expect(await running.faults()).toEqual([]);
  });

  it("K4 the same id with another content is refused, and so are what is not bounded and who is no platform", async () => {
    const account = await running.newAccount();
    await adjust(account, { id: "t", tokens: 5, reason: "A" });
    for (const other of [
      { id: "t", tokens: 6, reason: "A" },
      { id: "t", tokens: 5, reason: "B" },
    ]) {
      const refused = await adjust(account, other);
      expect(expectProblem(refused, 422, "idempotency_mismatch").detail).toContain("Nothing was changed");
    }
    for (const body of [
      { tokens: 0, reason: "nothing" },
      { tokens: 1.5, reason: "half" },
      { tokens: 1_000_000_000_001, reason: "too much" },
      { tokens: 5 },
      { tokens: 5, reason: "  " },
      { tokens: 5, reason: "x".repeat(501) },
      { tokens: 5, reason: "r", id: "a/2" },
      { tokens: 5, reason: "r", note: "unknown field" },
    ]) {
      expectProblem(await adjust(account, body), 400, "invalid_request");
    }
    const accountKey = await running.issue("account_key", account.accountId);
    const theirs = { authorization: `Bearer ${accountKey}` };
    expectProblem(await adjust(account, { tokens: 5, reason: "me" }, theirs), 403, "forbidden");
    expect(await balanceOf(account)).toBe(5);
  });

  it("K4 what a crash left between the request and the book is booked by the job, once", async () => {
    const account = await running.newAccount();
    await sql`
      insert into adjustments (account_id, adjustment_id, tokens, reason, requested_by, created_at)
      values (${account.accountId}, 'left', 700, 'Before the crash', 'key_1', ${new Date(NOW)})`.execute(
      running.database.kysely,
    );
    await running.travelTo("2026-03-10T12:02:00.000Z");
    await running.travelTo("2026-03-10T12:04:00.000Z");
    expect(await balanceOf(account)).toBe(700);
    const repeat = await adjust(account, { id: "left", tokens: 700, reason: "Before the crash" });
    expect(repeat.body).toMatchObject({ balance: 700 });
  });

  const hasServer = name === "PostgreSQL";
  it.skipIf(!hasServer)(
    "K4 bursar accounts adjust does it on a database, once by its id",
    async () => {
      const account = await running.newAccount();
      await adjust(account, { tokens: 5_000, reason: "To begin with" });
      const env = { DATABASE_URL: databaseUrl! };
      const words = ["accounts", "adjust", account.accountId, "--tokens", "-1200", "--reason", "Typo"];
      const done = await bursar([...words, "--id", "cli-1", "--operator", "Kim R."], env);
      expect([done.status, done.output]).toEqual([0, expect.stringContaining("1,200 tokens taken from")]);
      expect((await bursar([...words, "--id", "cli-1"], env)).status).toBe(0);
      expect(await balanceOf(account)).toBe(3_800);
      const [entry] = (await historyOf(account)).filter(({ type }) => type === "adjustment");
      expect(entry).toMatchObject({ actor: "Kim R.", description: "Typo" });
      const [noReason, nobody] = await Promise.all([
        bursar(words.slice(0, 5), env),
        bursar(["accounts", "adjust", "acc_none", ...words.slice(3)], env),
      ]);
      expect([noReason.status, noReason.output]).toEqual([2, expect.stringContaining("--reason is missing")]);
      expect([nobody.status, nobody.output]).toEqual([1, expect.stringContaining("no account acc_none")]);
    },
    60_000,
  );
});
