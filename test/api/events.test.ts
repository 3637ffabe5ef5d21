import { DAY_MS, HOUR_MS } from "@bursar/core";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectProblem } from "./problem.ts";
import { callerOf, databases, startService, usedOf, type Ingested, type RunningService } from "./service.ts";

const NOW = Date.parse("2026-03-10T12:00:00Z");
const at = (time: number) => new Date(time).toISOString();
const CLOUD = { "content-type": "application/cloudevents+json" };

describe.each(databases)("events on $name", ({ open }) => {
  let running: RunningService;
  let now = NOW;
  beforeAll(async () => {
    running = await startService(open, { clock: { now: () => now } });
  });
  afterAll(() => running.stop());

  it("P2 an event of a window that is over counts there within the grace hour, then in the current one, marked late", async () => {
    now = NOW;
    // Free's window runs from the creation: this one ended half an hour ago.
    const account = await running.newAccount({ createdAt: Date.parse("2026-02-10T11:30:00Z") });
    const send = (id: string, time: number) =>
      account.call<Ingested>("POST", "/api/events", { id, meter: "events", time: at(time) });
    const inGrace = (await send("a", NOW - HOUR_MS)).body.results;
    expect(inGrace).toEqual([{ id: "a", status: "accepted" }]);
    expect((await usedOf(account))["events"]).toBe(0);
    now = NOW + HOUR_MS;
    const late = (await send("b", NOW - HOUR_MS)).body.results;
    expect(late).toEqual([{ id: "b", status: "accepted", late: true }]);
    expect((await usedOf(account))["events"]).toBe(1);
    const { rows } = await sql<{ id: string; late: boolean }>`
      select event_id as id, late from events where account_id = ${account.accountId} order by 1`.execute(
      running.database.kysely,
    );
    expect(rows).toEqual([
      { id: "a", late: false },
      { id: "b", late: true },
    ]);
  });

  it("U3 CloudEvents in binary mode are the same events as structured ones", async () => {
    now = NOW;
    const account = await running.newAccount();
    const headers = {
      "ce-specversion": "1.0",
      "ce-id": "caf%C3%A9 1",
      "ce-source": "/api",
      "ce-type": "events",
      "ce-time": at(NOW),
    };
    const binary = await account.call<Ingested>(
      "POST",
      "/api/events",
      { quantity: 4, model: "small" },
      headers,
    );
    expect(binary.body).toMatchObject({ accepted: 1, results: [{ id: "/api café 1", status: "accepted" }] });
    const structured = { specversion: "1.0", id: "café 1", source: "/api", type: "events" };
    const again = await account.call<Ingested>("POST", "/api/events", structured, CLOUD);
    expect(again.body).toMatchObject({ accepted: 0, duplicates: 1 });
    expect((await usedOf(account))["events"]).toBe(4);
    const other = await account.call(
      "POST",
      "/api/events",
      { quantity: 1 },
      { ...headers, "ce-specversion": "0.3" },
    );
    expect(expectProblem(other, 400, "invalid_request").detail).toMatch(/specversion/);
  });

  it("U3 a CloudEvent whose data would not be read is refused, not counted as 1", async () => {
    now = NOW;
    const account = await running.newAccount();
    const event = {
      specversion: "1.0",
      id: "1",
      source: "/api",
      type: "events",
      data_base64: "eyJxdWFudGl0eSI6OX0=",
    };
    const refused = await account.call("POST", "/api/events", event, CLOUD);
    expect(expectProblem(refused, 400, "invalid_request").detail).toMatch(/data_base64/);
    expect((await usedOf(account))["events"]).toBe(0);
  });

  it("U3 properties are measured in bytes: one too large is refused alone", async () => {
    now = NOW;
    const account = await running.newAccount();
    const event = (id: string, text: string) => ({ id, meter: "events", properties: { text } });
    const { body } = await account.call<Ingested>("POST", "/api/events", [
      event("fits", "x".repeat(8_181)),
      event("large", "é".repeat(4_500)),
      event("huge", "x".repeat(1024 * 1024)),
      event("after", ""),
    ]);
    expect(body.results.map(({ status }) => status)).toEqual(["accepted", "refused", "refused", "accepted"]);
  });

  it("history over HTTP takes a platform key, row by row, and counts in the windows of its times", async () => {
    now = NOW;
    const account = await running.newAccount({ createdAt: NOW - 40 * DAY_MS });
    const row = {
      id: "old",
      account: account.accountId,
      meter: "events",
      quantity: 7,
      time: at(NOW - 35 * DAY_MS),
    };
    const platform = callerOf(running.url, { authorization: `Bearer ${running.platformKey}` });
    const rows = [row, { ...row, id: "x", enforce: true }, { ...row, id: "y", time: undefined }, row];
    const { status, body } = await platform<Ingested>("POST", "/api/events/backfill", rows);
    expect(status).toBe(200);
    expect(body.results.map((result) => result.status)).toEqual([
      "accepted",
      "refused",
      "refused",
      "duplicate",
    ]);
    expect((await usedOf(account))["events"]).toBe(0);
    const key = await running.issue("account_key", account.accountId);
    const own = callerOf(running.url, { authorization: `Bearer ${key}` });
    expectProblem(await own("POST", "/api/events/backfill", [row]), 403, "forbidden");
    expect(await running.faults()).toEqual([]);
  });
});
