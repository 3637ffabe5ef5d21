import { describe, expect, it } from "vitest";
import { createClientInParts } from "./client-in-parts.ts";
import type { ClientOptions } from "./client-options.ts";
import { createClient, type Client } from "./create-client.ts";

type Calls = Record<string, unknown>;

/** Where each call is, as `keys.list`. */
function namesOf(calls: Calls, before = ""): string[] {
  return Object.entries(calls).flatMap(([name, call]) =>
    typeof call === "function" ? [before + name] : namesOf(call as Calls, `${before}${name}.`),
  );
}

async function requestOf(create: (options: ClientOptions) => Client, name: string): Promise<unknown> {
  const sent: unknown[] = [];
  const client = create({
    baseUrl: "https://billing.acme.example",
    token: "bst_1",
    fetch: (url, init) => {
      sent.push([url, init?.method, init?.body, init?.headers]);
      return Promise.resolve(Response.json({ data: [] }));
    },
  });
  let call: unknown = client;
  for (const part of name.split(".")) call = (call as Calls)[part];
  await (call as (...given: unknown[]) => Promise<unknown>)({ cursor: "c", id: "x" }, "second");
  return sent;
}

describe("a client whose calls come when they are made", () => {
  it.each(namesOf(createClient() as unknown as Calls).filter((name) => name !== "stream"))(
    "sends for %s what the whole client sends",
    async (name) => {
      const sent = await requestOf(createClientInParts, name);
      expect(sent).toEqual(await requestOf(createClient, name));
      expect(sent).toHaveLength(1);
    },
  );

  it("is no promise, so that it can be handed on by one", async () => {
    const client = createClientInParts({});
    expect(await Promise.resolve(client)).toBe(client);
  });

  it("listens to the stream, unless it was ended before its code was there", async () => {
    const opened: string[] = [];
    const client: Client = createClientInParts({
      openEventSource: (url) => {
        opened.push(url);
        return { readyState: 1, addEventListener: () => undefined, close: () => opened.push("closed") };
      },
    });
    client.stream({ onTopic: () => undefined })();
    const end = client.stream({ onTopic: () => undefined });
    await expect.poll(() => opened).toEqual(["/api/billing/stream"]);
    end();
    expect(opened).toEqual(["/api/billing/stream", "closed"]);
  });
});
