/*
 * What becomes of a notice, on both databases: two servers beside each other, crashes between the steps, and time that
 * only the test moves. What goes out is caught here in place of the network.
 */
import { asAccountId, DAY_MS, HOUR_MS, type AccountId, type Clock } from "@bursar/core";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { OPERATOR } from "../../packages/server/src/audit/actor.ts";
import { createAccount } from "../../packages/server/src/accounts/create-account.ts";
import { insertMember } from "../../packages/server/src/accounts/store.ts";
import type { OutgoingMail } from "../../packages/server/src/mail/mailer.ts";
import { RefusedMailError } from "../../packages/server/src/mail/mailer.ts";
import { createCourier, type Courier } from "../../packages/server/src/notices/courier.ts";
import { writeNotice } from "../../packages/server/src/outbox/store.ts";
import { systemIds } from "../../packages/server/src/system.ts";
import type { PostOutcome, PostRequest } from "../../packages/server/src/webhooks/post.ts";
import { createEndpoint, removeEndpoint } from "../../packages/server/src/webhooks/endpoints.ts";
import { sendTaken } from "../../packages/server/src/webhooks/send-due.ts";
import { insertDeliveries, replaySpan } from "../../packages/server/src/webhooks/store-deliveries.ts";
import { findEndpoint } from "../../packages/server/src/webhooks/store.ts";
import { catalog, databases, type BookDatabase } from "../book/databases.ts";

const START = Date.parse("2027-03-10T09:00:00Z");

describe.each(databases)("what is told, on $name", ({ open }) => {
  let opened: BookDatabase;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.drop());

  let now = START;
  const clock: Clock = { now: () => now };
  let posts: PostRequest[] = [];
  let mails: OutgoingMail[] = [];
  let warnings: string[] = [];
  let answer: (request: PostRequest) => PostOutcome = () => ({ code: "answered", status: 200 });
  let accept: (mail: OutgoingMail) => void = () => {};
  beforeEach(async () => {
    // Each test has its accounts, and finds nothing of another's in the queues.
    for (const table of ["outbox", "webhook_deliveries", "webhook_endpoints", "mail_deliveries"]) {
      await sql`delete from ${sql.table(table)}`.execute(opened.database.kysely);
    }
    [now, posts, mails, warnings] = [START, [], [], []];
    answer = () => ({ code: "answered", status: 200 });
    accept = () => {};
  });

  function newCourier(): Courier {
    return createCourier({
      database: opened.database,
      catalog,
      clock,
      ids: systemIds,
      warn: (_account, sentence) => void warnings.push(sentence),
      post: (request) => {
        posts.push(request);
        return Promise.resolve(answer(request));
      },
      outgoing: {
        publicUrl: "https://billing.acme.test",
        targets: "public",
        mailer: {
          way: "smtp",
          close: () => {},
          send: (mail) => {
            accept(mail);
            mails.push(mail);
            return Promise.resolve();
          },
        },
      },
    });
  }

  /** On Free there is one seat: only the owner may act, so only the owner is mailed. */
  async function newAccount(): Promise<AccountId> {
    const { database } = opened;
    const owner = { name: "Ann Lindt", email: "Ann@acme.test" };
    const made = await createAccount(
      { database, clock, ids: systemIds, freePlanId: catalog.freePlanId },
      { name: "Acme", email: "billing@acme.test", owner, actor: OPERATOR },
    );
    return asAccountId(made.accountId);
  }

  async function onTeam(accountId: AccountId): Promise<void> {
    await sql`
      insert into entitlements (account_id, starts_at, anchor_at, plan_id, billing_interval, seats)
      values (${accountId}, ${new Date(START + 1)}, ${new Date(START + 1)}, 'team', 'month', 9)`.execute(
      opened.database.kysely,
    );
    for (const role of ["admin", "billing", "member"] as const) {
      const person = { accountId, memberId: `mem_${role}_${accountId}`, name: role, role };
      await insertMember(opened.database.kysely, {
        ...person,
        email: `${role}@acme.test`,
        createdAt: START + 1,
      });
    }
    now = START + 2;
  }

  async function newEndpoint(scope: string, eventTypes: string[] | null = null): Promise<string> {
    const wish = { url: "https://hooks.acme.example/", description: "", eventTypes, actor: OPERATOR };
    const context = { database: opened.database, clock, ids: systemIds, targets: "public" } as const;
    const outcome = await createEndpoint(context, scope, wish);
    if (outcome.code !== "created") throw new Error(outcome.code);
    return outcome.endpoint.endpointId;
  }

  const tellChange = (accountId: AccountId, key: string | null = null) => {
    const [from, to] = [2, 3].map((seats) => ({ planId: "team", interval: "month", seats }) as const);
    const data = { subscriptionId: "sub_1", from: from!, to: to! };
    return writeNotice(opened.database.kysely, {
      accountId,
      type: "subscription.changed",
      data,
      at: START,
      key,
    });
  };
  const tellFailure = (accountId: AccountId) =>
    writeNotice(opened.database.kysely, {
      accountId,
      type: "payment.failed",
      data: {
        invoiceId: "in_1",
        number: "A-0043",
        currency: "eur",
        hostedUrl: null,
        amountDue: 4_522,
        attempt: 1,
        step: "first",
        nextAttemptAt: "2027-03-13T09:00:00.000Z",
        graceEndsAt: "2027-03-24T09:00:00.000Z",
      },
      at: START,
      key: "payment.failed:in_1:1",
    });
  const deliver = (courier: Courier) => courier.deliver();
  async function nextTry(): Promise<number | null> {
    const { rows } = await sql<{ at: Date | null }>`
      select min(not_before) as at from webhook_deliveries where state = 'due'`.execute(
      opened.database.kysely,
    );
    return rows[0]?.at?.getTime() ?? null;
  }
  const idOf = (post: PostRequest) => post.headers["webhook-id"];

  it("U5 B4 leaves once for each endpoint and each person, though two servers look at once", async () => {
    const account = await newAccount();
    await onTeam(account);
    await newEndpoint(account);
    await newEndpoint("platform");
    await newEndpoint(await newAccount());
    for (let count = 0; count < 30; count++) await tellChange(account);
    const servers = [newCourier(), newCourier()];
    await Promise.all(servers.map((server) => server.fanOut()));
    await Promise.all(servers.flatMap((server) => [server.sendWebhooks(), server.sendMails()]));
    expect(posts).toHaveLength(60);
    const times = [...Map.groupBy(posts, idOf).values()].map((same) => same.length);
    expect(times).toEqual(Array.from({ length: 30 }, () => 2));
    // The member reads only, so three of four are mailed.
    expect(mails).toHaveLength(90);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(90);
    expect([...new Set(mails.map(({ to }) => to))].sort()).toEqual([
      "admin@acme.test",
      "ann@acme.test",
      "billing@acme.test",
    ]);
    await Promise.all(servers.map(deliver));
    expect([posts.length, mails.length]).toEqual([60, 90]);
  });

  it("the same told key is written once, and a transaction that fails tells nothing", async () => {
    const account = await newAccount();
    expect(await tellChange(account, "seats:1")).toBe(true);
    expect(await tellChange(account, "seats:1")).toBe(false);
    const failing = opened.database.kysely.transaction().execute(async (db) => {
      await writeNotice(db, {
        accountId: account,
        type: "subscription.change_undone",
        data: { subscriptionId: "sub_1" },
        at: START,
        key: null,
      });
      throw new Error("the rest failed");
    });
    await expect(failing).rejects.toThrow("the rest failed");
    await newEndpoint(account);
    await deliver(newCourier());
    expect(posts.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
      "subscription.changed",
    ]);
  });

  it("says type, time, account and data", async () => {
    const account = await newAccount();
    await newEndpoint(account);
    await tellFailure(account);
    await deliver(newCourier());
    expect(JSON.parse(posts[0]!.body)).toMatchObject({
      type: "payment.failed",
      timestamp: "2027-03-10T09:00:00.000Z",
      data: { account: { id: account, externalId: null }, invoiceId: "in_1", amountDue: 4_522 },
    });
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({
      to: "ann@acme.test",
      subject: "Acme: the payment of €45.22 failed",
      // Money cannot be turned off by a click.
      unsubscribeUrl: null,
    });
  });

  it("an endpoint hears what it asked for alone", async () => {
    const account = await newAccount();
    await newEndpoint(account, ["payment.failed"]);
    await tellChange(account);
    await tellFailure(account);
    await deliver(newCourier());
    expect(posts.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual(["payment.failed"]);
  });

  it("a server that dies after sending sends once more, with the same id", async () => {
    const account = await newAccount();
    await newEndpoint(account);
    await tellFailure(account);
    const dying = newCourier();
    await dying.fanOut();
    answer = () => {
      throw new Error("killed");
    };
    accept = () => {
      throw new Error("killed");
    };
    // The outcome is never written: as after a kill, only the lease tells of it.
    await expect(dying.sendWebhooks()).rejects.toThrow("killed");
    await sql`update mail_deliveries set attempts = attempts + 1, not_before = ${new Date(now + 60_000)}`.execute(
      opened.database.kysely,
    );
    answer = () => ({ code: "answered", status: 200 });
    accept = () => {};
    const next = newCourier();
    await deliver(next);
    expect([posts.length, mails.length]).toEqual([1, 0]);
    now += 2 * 60_000;
    await deliver(next);
    expect(posts.map(idOf)).toEqual([idOf(posts[0]!), idOf(posts[0]!)]);
    expect(mails).toHaveLength(1);
  });

  it("a notice of a type that nobody knows is reported and keeps nobody waiting", async () => {
    const account = await newAccount();
    await newEndpoint(account);
    await sql`
      insert into outbox (account_id, topic, payload, created_at)
      values (${account}, 'moon.full', '{}', now()), (${account}, 'payment.failed', '{"half": 1}', now())`.execute(
      opened.database.kysely,
    );
    await tellChange(account);
    await deliver(newCourier());
    expect(posts).toHaveLength(1);
    expect(warnings).toHaveLength(2);
    expect(warnings.join()).toContain("moon.full");
  });

  it("B4 a failed webhook is tried for three days; then the endpoint is disabled and the owner told, once", async () => {
    const account = await newAccount();
    const endpointId = await newEndpoint(account);
    answer = () => ({ code: "answered", status: 500 });
    await tellChange(account);
    const courier = newCourier();
    await deliver(courier);
    for (let due = await nextTry(); due !== null; due = await nextTry()) {
      now = due;
      await courier.sendWebhooks();
    }
    expect(posts.length).toBe(15);
    expect(now - START).toBeGreaterThanOrEqual(3 * DAY_MS);
    expect(new Set(posts.map(idOf)).size).toBe(1);
    expect((await findEndpoint(opened.database.kysely, account, endpointId))?.state).toBe("disabled");

    await tellChange(account);
    mails = [];
    await deliver(courier);
    await deliver(courier);
    expect(posts).toHaveLength(15);
    expect(mails.map(({ subject }) => subject).sort()).toEqual([
      "Acme: the plan is Team, monthly, 3 seats now",
      "Acme: webhooks to hooks.acme.example are disabled",
    ]);
  });

  it("a success in between keeps an endpoint, and one that is gone is not asked again", async () => {
    const account = await newAccount();
    const endpointId = await newEndpoint(account);
    const courier = newCourier();
    const stateOf = async () => findEndpoint(opened.database.kysely, account, endpointId);
    answer = () => ({ code: "failed", error: "No answer in time." });
    await tellChange(account);
    await deliver(courier);
    expect((await stateOf())?.failingSince).toBe(START);
    answer = () => ({ code: "answered", status: 204 });
    now += HOUR_MS;
    await deliver(courier);
    expect(await stateOf()).toMatchObject({ failingSince: null, state: "enabled" });

    answer = () => ({ code: "answered", status: 410 });
    await tellChange(account);
    await deliver(courier);
    expect(await stateOf()).toMatchObject({ state: "disabled" });
  });

  it("an endpoint that is removed is sent nothing more: not what waits, and not what was just taken", async () => {
    const account = await newAccount();
    const context = { database: opened.database, clock, ids: systemIds, targets: "public" } as const;
    const courier = newCourier();
    const endpointId = await newEndpoint(account);
    answer = () => ({ code: "answered", status: 500 });
    await tellChange(account);
    await deliver(courier);
    expect(posts).toHaveLength(1);
    const removed = await removeEndpoint(context, { scope: account, endpointId, actor: OPERATOR });
    expect(removed.code).toBe("removed");
    expect(await nextTry()).toBeNull();
    now += HOUR_MS;
    await deliver(courier);
    expect(posts).toHaveLength(1);

    // Removed between being taken and being sent, its secret is gone, and unsigned is not sent either.
    const taken = { scope: account, endpointId, noticeId: "ntc_1", type: "payment.failed", body: "{}" };
    const outcome = await sendTaken(courier.webhooks, { ...taken, attempts: 1, leaseUntil: now });
    const error = "The endpoint was removed or disabled. Nothing was sent.";
    expect(outcome).toMatchObject({ status: null, error });
    expect(posts).toHaveLength(1);

    // Fanned out while it was removed: nobody takes it, and it goes with the old ones.
    const row = { ...taken, state: "due", createdAt: now } as const;
    await insertDeliveries(opened.database.kysely, [row], now);
    now += 31 * DAY_MS;
    await deliver(courier);
    await courier.trim();
    expect([posts.length, await nextTry()]).toEqual([1, null]);
  });

  it("N2 tries go by the machine's clock, also where an account's own is a year ahead", async () => {
    const account = await newAccount();
    const endpointId = await newEndpoint(account);
    const ahead = now + 365 * DAY_MS;
    await writeNotice(opened.database.kysely, {
      accountId: account,
      type: "subscription.change_undone",
      data: { subscriptionId: "sub_1" },
      at: ahead,
      key: null,
    });
    answer = () => ({ code: "answered", status: 503 });
    const courier = newCourier();
    await deliver(courier);
    expect((await nextTry())! - now).toBeLessThan(10_000);
    expect(Number(posts[0]?.headers["webhook-timestamp"])).toBe(Math.floor(now / 1_000));
    expect((JSON.parse(posts[0]!.body) as { timestamp: string }).timestamp).toBe(
      new Date(ahead).toISOString(),
    );
    answer = () => ({ code: "answered", status: 200 });
    now += 10_000;
    await deliver(courier);
    const { kysely } = opened.database;
    const span = { from: START - 1, withSent: true, now };
    const endpoint = { scope: account, endpointId };
    expect(await replaySpan(kysely, endpoint, { ...span, to: now })).toBe(0);
    expect(await replaySpan(kysely, endpoint, { ...span, to: null })).toBe(1);
  });

  it("a mail that the server refuses is given up, one that it puts off comes later, with the same Message-ID", async () => {
    const account = await newAccount();
    await onTeam(account);
    const seen: OutgoingMail[] = [];
    accept = (mail) => {
      seen.push(mail);
      if (mail.to === "admin@acme.test") throw new RefusedMailError("550 no such user");
      if (mail.to === "ann@acme.test") throw new Error("421 try later");
    };
    await tellChange(account);
    const courier = newCourier();
    await deliver(courier);
    expect(mails.map(({ to }) => to)).toEqual(["billing@acme.test"]);
    expect(warnings).toEqual([expect.stringContaining("550 no such user")]);
    accept = (mail) => void seen.push(mail);
    now += HOUR_MS;
    await deliver(courier);
    expect(mails.map(({ to }) => to)).toEqual(["billing@acme.test", "ann@acme.test"]);
    const ofAnn = seen.filter(({ to }) => to === "ann@acme.test").map(({ messageId }) => messageId);
    expect(new Set(ofAnn).size).toBe(1);
  });

  it("old messages go, and what waits stays", async () => {
    const account = await newAccount();
    await newEndpoint(account);
    await tellChange(account);
    const courier = newCourier();
    await deliver(courier);
    answer = () => ({ code: "answered", status: 500 });
    await tellFailure(account);
    await deliver(courier);
    now += 100 * DAY_MS;
    await courier.trim();
    const rows = await sql<{ rows: number }>`
      select (select count(*) from outbox)::int + (select count(*) from webhook_deliveries)::int
               + (select count(*) from mail_deliveries)::int as rows`.execute(opened.database.kysely);
    expect(rows.rows[0]?.rows).toBe(1);
  });
});
