import { describe, expect, it } from "vitest";
import { createClient } from "./index.ts";

function clientAnswering(answer: () => Response) {
  const sent: unknown[] = [];
  const client = createClient({
    fetch: (url, init) => {
      sent.push([init?.method ?? "GET", url, init?.body]);
      return Promise.resolve(answer());
    },
  });
  return { client, sent };
}

const problem = (status: number, code: string) => () =>
  Response.json({ type: "about:blank", title: "", status, detail: "No.", code, requestId: "" }, { status });

describe("N2 the client of the demo's bar", () => {
  it("asks for each deed at its own path", async () => {
    const { client, sent } = clientAnswering(() => Response.json({}));
    await client.demo.state();
    await client.demo.advance({ days: 31 });
    await client.demo.use();
    await client.demo.card({ card: "declines" });
    expect(sent).toEqual([
      ["GET", "/api/demo", undefined],
      ["POST", "/api/demo/advance", '{"days":31}'],
      ["POST", "/api/demo/usage", "{}"],
      ["POST", "/api/demo/card", '{"card":"declines"}'],
    ]);
  });

  it("finds no demo in production, and says every other refusal", async () => {
    expect(await clientAnswering(problem(404, "not_found")).client.demo.state()).toBeNull();
    await expect(clientAnswering(problem(401, "unauthenticated")).client.demo.state()).rejects.toThrow("No.");
  });
});
