import { bookContext, type AccountId } from "@bursar/core";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Book } from "../../packages/server/src/book/book.ts";
import {
  accountStatesIn,
  checkUse,
  readAccount,
  readDailySeries,
} from "../../packages/server/src/book/read-account.ts";
import { listEntries } from "../../packages/server/src/book/store-reads.ts";
import { countCodes, event, hold, purchase, times, tokens } from "./commands.ts";
import { catalog, databases, faultsOf, NOW, openAccount, openBook, type BookDatabase } from "./databases.ts";

const context = bookContext(catalog);

describe.each(databases)("the book on $name", ({ open }) => {
  let place: BookDatabase;
  let book: Book;
  beforeAll(async () => {
    place = await open();
    book = openBook(place.database);
  });
  afterEach(async () => expect(await faultsOf(place.database)).toEqual([]));
  afterAll(async () => {
    await book.close();
    await place.drop();
  });
  const view = (accountId: AccountId) => readAccount(place.database.kysely, context, { accountId, now: NOW });

  it("U3 counts an event once when 50 copies come at the same instant", async () => {
    const account = await openAccount(place.database);
    const copy = event(account, { eventId: "same", quantity: 3 });
    const outcomes = await Promise.all(times(50, () => book.submit(copy)));
    expect(countCodes(outcomes)).toEqual({ recorded: 1, duplicate: 49 });
    expect((await view(account))?.meters[0]).toMatchObject({ used: 3, limit: 20, newestReceivedAt: NOW });
  });

  it("U4 allows exactly the limit under concurrency", async () => {
    const account = await openAccount(place.database);
    const asked = times(60, () => event(account, { mode: "enforced" }));
    const outcomes = await Promise.all(asked.map((command) => book.submit(command)));
    expect(countCodes(outcomes)).toEqual({ recorded: 20, limit_reached: 40 });
  });

  it("K2 grants a payment once, however many see it", async () => {
    const account = await openAccount(place.database);
    const outcomes = await Promise.all(times(20, () => book.submit(purchase(account, 1_000_000, "pi_1"))));
    expect(countCodes(outcomes)).toEqual({ granted: 1, duplicate: 19 });
    expect(await book.submit(purchase(account, 1_000_000, "pi_1"))).toEqual({
      code: "duplicate",
      balance: 1_000_000,
    });
  });

  it("K1 draws on the allocation, then on credits, and the history shows both", async () => {
    const account = await openAccount(place.database);
    await book.submit(purchase(account, 1_000, "pi_1"));
    const outcome = await book.submit(tokens(account, 50_400, { resource: "doc_7" }));
    expect(outcome).toMatchObject({ draw: { fromAllocation: 50_000, fromCredits: 400, balance: 600 } });
    const entries = await listEntries(place.database.kysely, account, { limit: 2 });
    expect(entries.map(({ kind, tokens: moved, resource }) => [kind, moved, resource])).toEqual([
      ["usage", 400, "doc_7"],
      ["allocation_usage", 50_000, "doc_7"],
    ]);
    const older = await listEntries(place.database.kysely, account, {
      limit: 9,
      before: 3,
      kinds: ["purchase"],
    });
    expect(older).toMatchObject([{ number: 2, priceCents: 500, currency: "eur", fromBalanceAfter: -51_000 }]);
  });

  it("K3 holds, settles and releases through the database; a repeat is answered the same", async () => {
    const account = await openAccount(place.database);
    expect(await book.submit(hold(account, "hold_a", 30_000))).toMatchObject({ code: "held" });
    expect(await book.submit(hold(account, "hold_b", 30_000))).toMatchObject({
      code: "insufficient_credits",
      shortTokens: 10_000,
    });
    const settle = { type: "settle", accountId: account, holdId: "hold_a", tokens: 10_000 } as const;
    const settled = await book.submit(settle);
    expect(settled).toMatchObject({ code: "settled", fromAllocation: 10_000 });
    expect(await book.submit(settle)).toEqual(settled);
    expect(await book.submit(hold(account, "hold_b", 30_000))).toMatchObject({ code: "held" });
    expect((await view(account))?.available).toMatchObject({ allocationLeft: 40_000, tokens: 10_000 });
    expect(await book.submit({ type: "release", accountId: account, holdId: "hold_b" })).toEqual({
      code: "released",
    });
  });

  it("K3 settled twice at once with different amounts charges one of them; another account's hold is not found", async () => {
    const [account, other] = [await openAccount(place.database), await openAccount(place.database)];
    await book.submit(hold(account, "hold_twice", 30_000));
    const settle = (accountId: AccountId, amount: number) =>
      book.submit({ type: "settle", accountId, holdId: "hold_twice", tokens: amount });
    const outcomes = await Promise.all([settle(other, 5), settle(account, 10), settle(account, 20)]);
    expect(outcomes).toEqual([
      { code: "hold_not_found", holdId: "hold_twice" },
      { code: "settled", fromAllocation: 10, fromCredits: 0, balance: 0 },
      { code: "hold_closed", holdId: "hold_twice", state: "settled" },
    ]);
    const release = await book.submit({ type: "release", accountId: other, holdId: "hold_twice" });
    expect(release).toMatchObject({ code: "hold_not_found" });
  });

  it("K3 what a hold reserves is free again at its expiry, without a write, and a late settle is recorded", async () => {
    const account = await openAccount(place.database);
    let now = NOW;
    const moved = openBook(place.database, { clock: { now: () => now } });
    const asking = () => moved.submit(tokens(account, 1, { mode: "enforced", time: now }));
    await moved.submit(hold(account, "hold_1", 50_000));
    now = NOW + 600_000 - 1;
    expect(await asking()).toMatchObject({ code: "insufficient_credits" });
    now += 1;
    const { rows } = await sql`select state from holds where account_id = ${account}`.execute(
      place.database.kysely,
    );
    expect(rows).toEqual([{ state: "held" }]);
    expect(await asking()).toMatchObject({ code: "recorded" });
    const settled = await moved.submit({
      type: "settle",
      accountId: account,
      holdId: "hold_1",
      tokens: 50_000,
    });
    expect(settled).toMatchObject({ code: "settled", fromAllocation: 49_999, balance: -1 });
    await moved.close();
  });

  it("U3 an id that comes twice in a batch with different contents counts its first one", async () => {
    const account = await openAccount(place.database);
    const contents = [{ quantity: 1 }, { quantity: 7 }, { meterId: "events", quantity: 9 }];
    const outcomes = await book.submitAll(
      contents.map((each) => ({ command: event(account, { eventId: "same", ...each }) })),
    );
    expect(countCodes(outcomes)).toEqual({ recorded: 1, duplicate: 2 });
    expect((await view(account))?.meters.filter(({ used }) => used > 0)).toMatchObject([{ used: 1 }]);
  });

  it("U3 answers each event of a batch for itself and keeps raw events with their properties", async () => {
    const account = await openAccount(place.database);
    const outcomes = await book.submitAll([
      {
        command: event(account, { eventId: "a" }),
        properties: JSON.stringify({ page: `it's "one", {two}` }),
      },
      { command: event(account, { eventId: "a" }) },
      { command: event(account, { meterId: "calls" }) },
      { command: event(account, { meterId: "storage", quantity: -1 }) },
      { command: event("acc_nobody" as typeof account) },
      { command: event(account, { eventId: "b", time: NOW - 86_400_000 }) },
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([
      "recorded",
      "duplicate",
      "unknown_meter",
      "level_below_zero",
      "account_not_found",
      "recorded",
    ]);
    const { rows } =
      await sql`select event_id, properties from events where account_id = ${account} order by 1`.execute(
        place.database.kysely,
      );
    expect(rows).toEqual([
      { event_id: "a", properties: { page: `it's "one", {two}` } },
      { event_id: "b", properties: null },
    ]);
    const days = { accountId: account, meterId: "sessions", from: "2026-03-08", to: "2026-03-10", now: NOW };
    expect(
      (await readDailySeries(place.database.kysely, context, days)).map(({ quantity }) => quantity),
    ).toEqual([0, 1, 1]);
  });

  it("U2 shows of a level what there was when each day ended", async () => {
    const account = await openAccount(place.database);
    const at = (time: number, quantity: number) => event(account, { meterId: "storage", time, quantity });
    await book.submitAll([{ command: at(NOW - 2 * 86_400_000, 500) }, { command: at(NOW, -200) }]);
    const days = { accountId: account, meterId: "storage", from: "2026-03-07", to: "2026-03-09", now: NOW };
    const series = await readDailySeries(place.database.kysely, context, days);
    expect(series.map(({ quantity }) => quantity)).toEqual([0, 500, 500]);
  });

  it("U5 puts a threshold into the outbox once, in the same transaction", async () => {
    const account = await openAccount(place.database);
    await Promise.all(times(18, () => book.submit(event(account))));
    const { rows } = await sql`select topic, payload from outbox where account_id = ${account}`.execute(
      place.database.kysely,
    );
    expect(rows).toMatchObject([
      { topic: "usage.threshold_reached", payload: { meter: "sessions", percent: 80, used: 16, limit: 20 } },
    ]);
  });

  it("U5 tells each threshold again in the next window, and once in it, whichever server sees it", async () => {
    const account = await openAccount(place.database);
    let now = NOW;
    const servers = times(2, () => openBook(place.database, { clock: { now: () => now } }));
    const use = () =>
      Promise.all(times(25, (index) => servers[index % 2]!.submit(event(account, { time: now }))));
    await use();
    now = Date.parse("2026-03-29T12:00:00Z");
    await use();
    const { rows } = await sql<{ told: string }>`
      select concat(payload ->> 'percent', ' from ', left(payload ->> 'windowStart', 10)) as told
      from   outbox where account_id = ${account} order by outbox_id`.execute(place.database.kysely);
    expect(rows.map(({ told }) => told)).toEqual([
      ...["80 from 2026-02-28", "100 from 2026-02-28"],
      ...["80 from 2026-03-28", "100 from 2026-03-28"],
    ]);
    await Promise.all(servers.map((each) => each.close()));
  });

  it("U4 checks in one read, as the enforced event would be decided", async () => {
    const account = await openAccount(place.database);
    const clock = { now: () => NOW };
    const states = accountStatesIn(place.database, clock);
    const ask = () =>
      checkUse(states, context, { accountId: account, meterId: "sessions", quantity: 20 }, clock);
    expect(await ask()).toMatchObject({
      decision: { refusal: null },
    });
    await book.submit(event(account));
    expect(await ask()).toMatchObject({
      decision: { refusal: { code: "limit_reached" }, used: 1 },
      remaining: 19,
    });
  });

  it("fails one command that breaks a rule alone, and records its neighbours", async () => {
    const account = await openAccount(place.database);
    const failures: number[] = [];
    const watched = openBook(place.database, { onFailure: (_error, commands) => failures.push(commands) });
    const outcomes = await watched.submitAll([
      ...times(3, () => ({ command: event(account) })),
      { command: event(account, { quantity: 0.5 }) },
      { command: event(account, { eventId: "zero\u0000byte" }) },
      ...times(3, () => ({ command: event(account) })),
    ]);
    await watched.close();
    expect(outcomes.map(({ code }) => code)).toEqual([
      "recorded",
      "recorded",
      "recorded",
      "failed",
      "failed",
      "recorded",
      "recorded",
      "recorded",
    ]);
    expect(failures[0]).toBe(8);
    expect((await view(account))?.meters[0]).toMatchObject({ used: 6 });
  });

  it("takes nothing more than its bound, and nothing once it is closed", async () => {
    const account = await openAccount(place.database);
    const closed = openBook(place.database);
    const tooMany = times(20_001, () => ({ command: event(account) }));
    expect(countCodes(await closed.submitAll(tooMany))).toEqual({ busy: 20_001 });
    await closed.close();
    expect(await closed.submit(event(account))).toEqual({ code: "busy" });
    expect((await view(account))?.meters[0]).toMatchObject({ used: 0 });
  });

  it("tells open pages of a change, and of nothing when nothing changed", async () => {
    const account = await openAccount(place.database);
    const version = async () => {
      const { rows } = await sql<{ version: number }>`
        select version from accounts where account_id = ${account}`.execute(place.database.kysely);
      return rows[0]?.version;
    };
    const before = await version();
    await book.submit(event(account, { eventId: "one" }));
    const after = await version();
    expect(after).toBeGreaterThan(before!);
    await book.submit(event(account, { eventId: "one" }));
    expect(await version()).toBe(after);
  });
});
