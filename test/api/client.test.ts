/* The client against the real service: its README as it stands there, and its retries across a connection that breaks. */
import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createBackend, type AccountBackend } from "@bursar/client";
import { meterModel } from "@bursar/client/ai-sdk";
import { generateText, isStepCount, streamText, wrapLanguageModel } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ASKS, stepByStep, weatherTool } from "../../packages/client/src/loop-model.test-data.ts";
import { databases, startService, type RunningService } from "./service.ts";
import { runSnippets } from "./snippets.ts";

const README = join(import.meta.dirname, "../../packages/client/README.md");

describe("the client", () => {
  let running: RunningService;
  let backend: ReturnType<typeof createBackend>;
  beforeAll(async () => {
    running = await startService(databases[1]!.open);
    backend = createBackend({ baseUrl: running.url, key: running.platformKey });
    await backend.createAccount({ id: "acme", name: "Acme", email: "billing@acme.test" });
  });
  afterAll(() => running.stop());

  const tokensUsed = async (account: AccountBackend) => (await account.overview()).usage["aiTokens"]!.used;

  it("does what its README says", async () => {
    const acme = backend.forAccount("acme");
    const { token } = await backend.createSessionToken({ account: "acme", role: "member" });
    const printed = await runSnippets(readFileSync(README, "utf8"), {
      modules: {
        "@bursar/client": await import("@bursar/client"),
        "@bursar/client/ai-sdk": { meterModel },
        ai: await import("ai"),
        "ai/test": await import("ai/test"),
      },
      env: { BURSAR_URL: running.url, BURSAR_KEY: running.platformKey, BURSAR_SESSION_TOKEN: token },
    });
    expect(printed).toEqual(["In short: yes.", "Hello.", "2 Take an umbrella.", "Free"]);
    expect(await tokensUsed(acme)).toBe(1_250 + 1_000 + (300 + 50) + (400 + 20));
    expect((await acme.overview()).usage["sessions"]?.used).toBe(1);
  });

  it("K3 a tool loop that fails in its second step pays the first, and holds nothing more", async () => {
    const { id } = await backend.createAccount({ name: "Acme", email: "billing@acme.test" });
    const account = backend.forAccount(id);
    const loop = () => {
      let steps = 0;
      const model = stepByStep(() => {
        if ((steps += 1) === 2) throw new Error("overloaded");
        return ASKS;
      });
      return {
        model: wrapLanguageModel({ model, middleware: meterModel({ account }) }),
        tools: { weather: weatherTool() },
        stopWhen: isStepCount(5),
        prompt: "Do I need an umbrella in Berlin?",
        maxRetries: 0,
      };
    };
    await expect(generateText(loop())).rejects.toThrow("overloaded");
    const errors: unknown[] = [];
    const onError = ({ error }: { error: unknown }) => void errors.push(error);
    await streamText({ ...loop(), onError }).consumeStream();
    expect(errors).toEqual([expect.objectContaining({ message: "overloaded" })]);
    expect(await tokensUsed(account)).toBe(2 * 18);
    // All that is left can be held, so nothing is held any more.
    const held = await account.hold({ tokens: 50_000 - 2 * 18 });
    await account.release(held.id);
    expect(await running.faults()).toEqual([]);
  });

  it("K3 holds once and charges once, though the connection breaks after each first try", async () => {
    const { id } = await backend.createAccount({ name: "Acme", email: "billing@acme.test" });
    const flaky = await startFlakyRoad(running.url);
    const pause = () => Promise.resolve();
    const road = createBackend({ baseUrl: flaky.url, key: running.platformKey, retry: { pause } });
    const account = road.forAccount(id);
    try {
      await account.withHold({ tokens: 30_000 }, (hold) => Promise.resolve(hold.use(700)));
      // Of 50,000 included a second hold of 30,000 that was forgotten would leave too little for this one.
      const held = await account.hold({ tokens: 49_300 });
      await account.release(held.id);
      const event = { id: "e", meter: "sessions", enforce: true };
      expect(await account.report(event)).toMatchObject({ accepted: 0, duplicates: 1 });
    } finally {
      await flaky.close();
    }
    const direct = backend.forAccount(id);
    expect([await tokensUsed(direct), (await direct.overview()).usage["sessions"]!.used]).toEqual([700, 1]);
    expect(await running.faults()).toEqual([]);
  });
});

/** Hands requests on and answers, but breaks the connection after the work of every first, third, fifth ... request. */
async function startFlakyRoad(target: string): Promise<{ url: string; close: () => Promise<void> }> {
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    const breaks = (count += 1) % 2 === 1;
    const options = { method: incoming.method, headers: incoming.headers };
    const onward = request(target + incoming.url!, options, (answer) => {
      if (breaks) return void answer.resume().on("end", () => incoming.socket.destroy());
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
