/*
 * Requests that nobody would send on purpose, made from the OpenAPI document by fast-check: near its shapes and far from
 * them. Whatever comes, the answer is none of ours (500), comes in time, and has no byte of another account. A failing
 * run prints its seed and the shrunk request.
 */
import { connect } from "node:net";
import fc from "fast-check";
import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databases, startService, type RunningService, type TestAccount } from "./service.ts";

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  minimum?: number;
  maximum?: number;
}
interface Operation {
  parameters?: { name: string; in: string; schema?: Schema }[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
}
interface Made {
  readonly query: Record<string, string | undefined>;
  readonly path: Record<string, string | undefined>;
  readonly type: string;
  readonly body: string;
}

/** Requests for each operation. More, and others: FUZZ_RUNS=500 FUZZ_SEED=7 npx vitest run test/api/fuzz.test.ts */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 15);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_260_301);
const ANSWERS_WITHIN_MS = 20_000;
const SECRET_NAME = "Zyx Undisclosed";

/** Texts that have broken somebody: markup, SQL, a zero byte, half a surrogate, a name of every object, much of one. */
const nasty = fc.constantFrom(
  "",
  "\0",
  "\ud800",
  "' or 1=1 --",
  "<script>",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "%00%ff",
  "acc_",
  "𝟜💳",
  "x".repeat(10_000),
);
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  nasty,
  fc.constantFrom(2 ** 53, -1, 1e308, 0.1, null),
);

describe("fuzzing every operation", () => {
  let running: RunningService;
  let mine: TestAccount;
  let theirs: TestAccount;
  let paths: Record<string, Record<string, Operation>>;
  let schemas: Record<string, Schema>;

  beforeAll(async () => {
    running = await startService(databases[1]!.open);
    mine = await running.newAccount();
    theirs = await running.newAccount({ name: SECRET_NAME });
    const { body } = await running.call<{ paths: typeof paths; components: { schemas: typeof schemas } }>(
      "GET",
      "/api/openapi.json",
    );
    ({
      paths,
      components: { schemas },
    } = body);
  }, 120_000);
  afterAll(() => running.stop());

  /** Mostly what the schema asks for, now and then anything at its place. */
  function valueOf(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
    return fc.oneof({ weight: 8, arbitrary: fitting(schema, depth) }, { weight: 1, arbitrary: anything });
  }

  function fitting(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    if (schema.$ref !== undefined) return fitting(schemas[schema.$ref.split("/").at(-1)!] ?? {}, depth);
    if (depth > 4) return fc.constant(null);
    if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((each) => fitting(each, depth + 1)));
    if (schema.const !== undefined) return fc.constant(schema.const);
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
    switch (type) {
      case "object":
        return objectOf(schema, depth);
      case "array":
        return fc.array(valueOf(schema.items ?? {}, depth + 1), { maxLength: 4 });
      case "integer":
        return fc.oneof(fc.integer({ min: -5, max: 2_000 }), fc.maxSafeInteger());
      case "number":
        return fc.double();
      case "boolean":
        return fc.boolean();
      case "string":
        return textOf(schema.format);
      default:
        return anything;
    }
  }

  function objectOf({ properties = {}, required = [] }: Schema, depth: number): fc.Arbitrary<unknown> {
    const fields = Object.entries(properties).map(
      ([name, field]) => [name, valueOf(field, depth + 1)] as const,
    );
    const requiredKeys = required.filter((name) => name in properties);
    return fc.record(Object.fromEntries(fields), { requiredKeys });
  }

  function textOf(format: string | undefined): fc.Arbitrary<string> {
    const known = fc.constantFrom("sessions", "ai_tokens", "storage", "team", "credits_1m", mine.accountId);
    const date = fc.date({ noInvalidDate: true }).map((each) => each.toISOString());
    if (format === "date-time") return fc.oneof(date, nasty);
    if (format === "date")
      return fc.oneof(
        date.map((text) => text.slice(0, 10)),
        nasty,
      );
    return fc.oneof(known, fc.string({ maxLength: 60, unit: "binary" }), nasty, fc.emailAddress());
  }

  function requestsFor(operation: Operation): fc.Arbitrary<Made> {
    const parameters = (where: string) =>
      fc.record(
        Object.fromEntries(
          (operation.parameters ?? [])
            .filter((parameter) => parameter.in === where)
            .map(({ name, schema }) => [name, valueOf(schema ?? {}).map((value) => String(value))]),
        ),
        { requiredKeys: [] },
      );
    const [[type, { schema = {} }] = ["application/json", {}]] = Object.entries(
      operation.requestBody?.content ?? {},
    );
    const whole = valueOf(schema).map((value) => JSON.stringify(value) ?? "null");
    // Cut somewhere, as a connection does that breaks.
    const cut = fc.tuple(whole, fc.nat(50)).map(([text, at]) => text.slice(0, at));
    return fc.record({
      query: parameters("query"),
      path: parameters("path"),
      type: fc.constantFrom(
        type,
        type,
        type,
        "application/json",
        "text/plain",
        "application/cloudevents+json",
      ),
      body: fc.oneof(
        { weight: 6, arbitrary: whole },
        { weight: 1, arbitrary: cut },
        { weight: 1, arbitrary: nasty },
      ),
    });
  }

  async function send(method: string, path: string, made: Made): Promise<void> {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encoded(made.path[name] ?? "x"));
    const query = new URLSearchParams(made.query as Record<string, string>);
    const hasBody = method !== "get" && method !== "delete";
    const ask = () =>
      fetch(`${running.url}${filled}?${query}`, {
        method: method.toUpperCase(),
        headers: {
          authorization: `Bearer ${running.platformKey}`,
          "bursar-account": mine.accountId,
          ...(hasBody ? { "content-type": made.type } : {}),
        },
        ...(hasBody ? { body: made.body } : {}),
        signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      });
    // A kept connection may be closed at the moment when it is used again; whoever sends tries anew.
    const response = await ask().catch((error: TypeError) =>
      isReset(error) ? ask() : Promise.reject(error),
    );
    const text = await response.text();
    expect(response.status, text.slice(0, 500)).not.toBe(500);
    expect(response.status, text.slice(0, 500)).not.toBe(503);
    expect(text).not.toContain(SECRET_NAME);
    if (response.status >= 400) expect(JSON.parse(text)).toMatchObject({ status: response.status });
  }

  const isReset = ({ cause }: TypeError): boolean =>
    (cause as NodeJS.ErrnoException | undefined)?.code === "ECONNRESET";

  /** Half a surrogate has no UTF-8; a path cannot hold it. */
  const encoded = (text: string): string => encodeURIComponent(text.toWellFormed()).slice(0, 4_000) || "x";

  it("U3 B1 no operation answers 500, hangs, or tells of another account", async () => {
    const before = await fingerprint();
    for (const [path, item] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(item)) {
        const property = fc.asyncProperty(requestsFor(operation), (made) => send(method, path, made));
        // Those that work through everything there is are asked less often.
        const isHeavy = path === "/api/verification" || path === "/api/reconciliation";
        await fc
          .assert(property, { seed: SEED, numRuns: isHeavy ? 5 : RUNS, endOnFailure: true })
          .catch((error: unknown) => {
            throw new Error(`${method} ${path}`, { cause: error });
          });
      }
    }
    expect(await fingerprint()).toEqual(before);
    expect(await running.faults()).toEqual([]);
  }, 600_000);

  async function fingerprint(): Promise<unknown[]> {
    const answers = ["/api/billing/usage", "/api/billing/credits", "/api/members", "/api/keys"].map(
      async (path) => (await theirs.call("GET", path)).body,
    );
    return Promise.all(answers);
  }

  it("S7 webhooks that are replayed, cut, altered or oversized are stored once or refused", async () => {
    const event = (id: string, filler = "") =>
      JSON.stringify({
        id,
        object: "event",
        type: "customer.updated",
        data: { object: { object: "customer", id: "cus_of_nobody", filler } },
      });
    const post = async (payload: string, signed = payload) => {
      const header = Stripe.webhooks.generateTestHeaderString({
        payload: signed,
        secret: running.webhookSecret,
      });
      const headers = { "stripe-signature": header };
      return (await running.call("POST", "/webhooks/stripe", payload, headers)).status;
    };
    const good = event("evt_fuzz");
    expect([await post(good), await post(good), await post(good)]).toEqual([200, 200, 200]);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.constantFrom("cut", "altered"), async (at, how) => {
        const other = good[at] === "x" ? "y" : "x";
        const payload = how === "cut" ? good.slice(0, at) : good.slice(0, at) + other + good.slice(at + 1);
        expect(await post(payload, good)).toBe(400);
      }),
      { seed: SEED, numRuns: 60 },
    );
    // Signed as it should be, and no event: Stripe would not, whoever has the secret might.
    for (const payload of ["", "{", "[]", '"x"', "null", "{}"]) {
      const status = await post(payload);
      expect([payload, status >= 400 && status < 500]).toEqual([payload, true]);
    }
    expect(await post(event("evt_large", "x".repeat(5_000_000)))).toBe(413);
    const { rows } = await running.database.lookUps
      .read({
        name: "count_fuzz",
        text: "select event_id from stripe_events where event_id like 'evt_fuzz%'",
        values: [],
      })
      .then((found) => ({ rows: found }));
    expect(rows).toHaveLength(1);
  });

  it("U3 a thousand open event streams are served, and everybody else too", async () => {
    const sockets = await Promise.all(Array.from({ length: 1_000 }, () => openStream()));
    const event = { id: "seen-by-all", meter: "sessions" };
    const heard = sockets.map(({ until }) => until("event: usage"));
    expect((await mine.call("POST", "/api/events", event)).status).toBe(200);
    await Promise.all(heard);
    expect((await mine.call("GET", "/api/billing")).status).toBe(200);
    for (const { close } of sockets) close();
    expect((await running.call("GET", "/readyz")).status).toBe(200);
  }, 120_000);

  /** A bare socket: a thousand of fetch's would measure fetch. */
  function openStream(): Promise<{ until: (text: string) => Promise<void>; close: () => void }> {
    const { hostname, port, host } = new URL(running.url);
    const socket = connect(Number(port), hostname);
    let received = "";
    let waiting: { text: string; resolve: () => void } | null = null;
    socket.on("data", (chunk) => {
      received += chunk.toString("utf8");
      if (waiting !== null && received.includes(waiting.text)) waiting.resolve();
    });
    const until = (text: string) =>
      new Promise<void>((resolve, reject) => {
        if (received.includes(text)) return resolve();
        waiting = { text, resolve };
        socket
          .once("error", reject)
          .once("close", () => reject(new Error(`ended before ${text}: ${received}`)));
      });
    socket.write(
      `GET /api/billing/stream HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${running.platformKey}\r\nbursar-account: ${mine.accountId}\r\n\r\n`,
    );
    return until("event: ready").then(() => ({ until, close: () => socket.destroy() }));
  }
});
