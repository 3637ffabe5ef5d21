import { describe, expect, it } from "vitest";
import { createClient, ProblemError } from "./index.ts";

interface Sent {
  url: string;
  init: RequestInit;
}

function clientAnswering(answer: () => Response, token?: string) {
  const sent: Sent[] = [];
  const client = createClient({
    baseUrl: "https://billing.acme.example",
    retry: { tries: 1 },
    ...(token === undefined ? {} : { token }),
    fetch: (url, init) => {
      sent.push({ url: url as string, init: init ?? {} });
      return Promise.resolve(answer());
    },
  });
  return { client, sent };
}

const ok = () => Response.json({ data: [], nextCursor: null });

describe("the client", () => {
  it.each([
    ["overview", (client) => client.overview(), "GET", ""],
    ["plans", (client) => client.plans(), "GET", "/plans"],
    ["preview", (client) => client.preview({ planId: "team", interval: "month" }), "POST", "/preview"],
    ["reconcile", (client) => client.reconcile({ sessionId: "cs_1" }), "POST", "/reconcile"],
    ["portal", (client) => client.portal({}), "POST", "/portal"],
    ["invoices", (client) => client.invoices({ cursor: "a b" }), "GET", "/invoices?cursor=a+b"],
    ["credits", (client) => client.credits(), "GET", "/credits"],
    ["packs", (client) => client.packs(), "GET", "/credits/packs"],
    [
      "transactions",
      (client) => client.transactions({ type: "usage" }),
      "GET",
      "/credits/transactions?type=usage",
    ],
  ] satisfies [string, (client: ReturnType<typeof createClient>) => Promise<unknown>, string, string][])(
    "asks for %s at its own path",
    async (_name, call, method, path) => {
      const { client, sent } = clientAnswering(ok);
      await call(client);
      expect(sent.map(({ url, init }) => [init.method ?? "GET", url])).toEqual([
        [method, `https://billing.acme.example/api/billing${path}`],
      ]);
    },
  );

  it.each([
    ["members", (client) => client.members({ limit: 100 }), "GET", "/members?limit=100"],
    [
      "an invitation",
      (client) => client.invite([{ email: "bo@acme.example", role: "member" }], "k"),
      "POST",
      "/members",
    ],
    ["a removal", (client) => client.removePerson("mem_1/2"), "DELETE", "/members/mem_1%2F2"],
    [
      "an acceptance",
      (client) => client.acceptInvitation({ token: "bsi_1", name: "Bo" }),
      "POST",
      "/invitations/accept",
    ],
  ] satisfies [string, (client: ReturnType<typeof createClient>) => Promise<unknown>, string, string][])(
    "asks for %s beside billing",
    async (_name, call, method, path) => {
      const { client, sent } = clientAnswering(ok);
      await call(client);
      expect(sent.map(({ url, init }) => [init.method ?? "GET", url])).toEqual([
        [method, `https://billing.acme.example/api${path}`],
      ]);
    },
  );

  it("sends the idempotency key and the body of a checkout as they were given", async () => {
    const { client, sent } = clientAnswering(() => Response.json({ url: "https://stripe.example/c" }));
    const page = await client.checkout({ planId: "team", interval: "year", seats: 3 }, "key-1");
    expect(page.url).toBe("https://stripe.example/c");
    expect(new Headers(sent[0]?.init.headers).get("Idempotency-Key")).toBe("key-1");
    expect(sent[0]?.init.body).toBe('{"planId":"team","interval":"year","seats":3}');
  });

  it("sends a token as bearer, and no such header without one", async () => {
    const withToken = clientAnswering(ok, "bst_1");
    await withToken.client.plans();
    const without = clientAnswering(ok);
    await without.client.plans();
    const authorization = [withToken, without].map(({ sent }) =>
      new Headers(sent[0]?.init.headers).get("Authorization"),
    );
    expect(authorization).toEqual(["Bearer bst_1", null]);
  });

  it("throws the server's problem", async () => {
    const problem = {
      type: "about:blank",
      title: "Conflict",
      status: 409,
      detail: "Pay the open invoice first.",
      code: "past_due",
      requestId: "req_1",
    };
    const { client } = clientAnswering(() => Response.json(problem, { status: 409 }));
    const error = await client.overview().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProblemError);
    expect((error as ProblemError).problem).toEqual(problem);
  });

  it("makes a problem of an answer that is none, such as a proxy's page", async () => {
    const { client } = clientAnswering(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
    await expect(client.plans()).rejects.toMatchObject({ problem: { status: 502, code: "unavailable" } });
  });
});

describe("the stream", () => {
  it("tells each topic, and of a connection that came back but not of the first", () => {
    const listeners = new Map<string, () => void>();
    const heard: string[] = [];
    const urls: string[] = [];
    const client = createClient({
      openEventSource: (url) => {
        urls.push(url);
        return {
          readyState: 1,
          addEventListener: (name, listener) => void listeners.set(name, listener),
          close: () => heard.push("closed"),
        };
      },
    });
    const close = client.stream({
      onTopic: (topic) => heard.push(topic),
      onReady: () => heard.push("ready"),
    });
    for (const name of ["ready", "usage", "ready", "credits", "subscription", "notice"])
      listeners.get(name)?.();
    close();
    expect(urls).toEqual(["/api/billing/stream"]);
    expect(heard).toEqual(["ready", "usage", "ready", "credits", "subscription", "notice", "closed"]);
  });
});
