/* Numbers for Prometheus: guarded, parsable, bounded, and told by the docs as they are. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newCustomer } from "./customer.ts";
import { databases, metricsOf, startService, type RunningService } from "./service.ts";

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The text format as Prometheus reads it. @throws on a line that is none of it */
function parse(text: string): { types: Map<string, string>; samples: Sample[] } {
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const typed = /^# TYPE (\w+) (counter|gauge|histogram|summary)$/.exec(line);
    if (typed !== null) types.set(typed[1]!, typed[2]!);
    if (line.startsWith("# ")) continue;
    const [, name, labels = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || Number.isNaN(Number(value))) throw new Error(`not a sample: ${line}`);
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text]);
    samples.push({ name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) });
  }
  return { types, samples };
}

describe("/metrics", () => {
  let running: RunningService;
  beforeAll(async () => {
    running = await startService(databases[1]!.open);
  });
  afterAll(() => running.stop());

  async function valueOf(name: string, labels: Record<string, string> = {}): Promise<number> {
    const { samples } = parse(await metricsOf(running));
    const found = samples.filter(
      (each) =>
        each.name === name && Object.entries(labels).every(([key, value]) => each.labels[key] === value),
    );
    return found.reduce((sum, { value }) => sum + value, 0);
  }

  it("is there only for the token of the settings", async () => {
    expect((await running.call("GET", "/metrics")).status).toBe(401);
    const wrong = { authorization: `Bearer ${running.platformKey}` };
    expect((await running.call("GET", "/metrics", undefined, wrong)).status).toBe(401);
  });

  it("counts requests, the book's commands, Stripe's work, webhooks and what is under way", async () => {
    const customer = await newCustomer(running, { planId: "team", seats: 2 });
    const key = await customer.call<{ id: string }>("POST", "/api/keys", { name: "k", role: "member" });
    await customer.call("DELETE", `/api/keys/${key.body.id}`);
    await customer.call("POST", "/api/events", { id: "e1", meter: "sessions" });
    await customer.call("GET", "/api/nothing");
    await customer.call("PROPFIND", "/healthz");

    const requests = "bursar_http_requests_total";
    expect(await valueOf(requests, { method: "DELETE", route: "/api/keys/:id", status: "204" })).toBe(1);
    expect(await valueOf(requests, { route: "none", method: "GET", status: "404" })).toBe(1);
    expect(await valueOf(requests, { method: "other" })).toBe(1);
    expect(await valueOf("bursar_http_request_seconds_count", { route: "/api/events" })).toBe(1);
    expect(await valueOf("bursar_book_commands_total", { type: "event", outcome: "recorded" })).toBe(1);
    expect(await valueOf("bursar_book_batch_commands_sum")).toBeGreaterThanOrEqual(1);
    expect(await valueOf("bursar_book_batch_seconds_count")).toBeGreaterThanOrEqual(1);
    expect(await valueOf("bursar_stripe_calls_total", { operation: "openCheckout", outcome: "done" })).toBe(
      1,
    );
  });

  it("tells of Stripe that does not answer, and of a change that waits for it", async () => {
    const customer = await newCustomer(running, { planId: "team", seats: 2 });
    const { quoteId } = await customer.preview({ seats: 4 });
    running.emulator.faults.add({ kind: "rate_limit", method: "POST", path: "/v1/subscription*" });
    await customer.call("POST", "/api/billing/change", { seats: 4, quoteId });
    expect(await valueOf("bursar_stripe_calls_total", { outcome: "unavailable" })).toBeGreaterThan(0);
    expect(await valueOf("bursar_plan_changes_open", { state: "charging" })).toBe(1);
    running.emulator.faults.clear();
  });

  it("names no account, key or person in any label, and has a line in docs/metrics.md for each name", async () => {
    const { types, samples } = parse(await metricsOf(running));
    for (const { labels } of samples) {
      for (const value of Object.values(labels)) expect(value).not.toMatch(/(acc|mem|key|cus|req)_\w{6,}|@/);
    }
    const docs = readFileSync(new URL("../../docs/metrics.md", import.meta.url), "utf8");
    const told = [...docs.matchAll(/^\| `(bursar_\w+)`\s*\| (\w+)/gm)].map(([, name, type]) => [name, type]);
    const ours = [...types].filter(([name]) => name.startsWith("bursar_"));
    expect(told.sort()).toEqual(ours.sort());
  });
});
