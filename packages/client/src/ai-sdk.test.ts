import { generateText, streamText, wrapLanguageModel } from "ai";
import { MockLanguageModelV4, simulateReadableStream } from "ai/test";
import { describe, expect, it } from "vitest";
import { meterModel, type MeteringOptions } from "./ai-sdk.ts";
import { HoldServer } from "./hold-server.test-data.ts";

type Generated = Awaited<ReturnType<MockLanguageModelV4["doGenerate"]>>;
type Streamed = Awaited<ReturnType<MockLanguageModelV4["doStream"]>>;
type Part = Streamed["stream"] extends ReadableStream<infer Each> ? Each : never;

const usage = (input: number | undefined, output: number | undefined): Generated["usage"] => ({
  inputTokens: { total: input, noCache: input, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: output, text: output, reasoning: undefined },
});
const finishReason = { unified: "stop", raw: undefined } as const;
const answer = (used: Generated["usage"]): Generated => ({
  content: [{ type: "text", text: "Hello there." }],
  finishReason,
  usage: used,
  warnings: [],
});

/** 60 characters of prompt are 20 tokens by their length. */
const prompt = "x".repeat(60);
const HELD = `${20 + 100}`;
const call = { prompt, maxOutputTokens: 100, maxRetries: 0 };

function metered(model: MockLanguageModelV4, options: Partial<MeteringOptions> = {}) {
  const server = new HoldServer();
  const middleware = meterModel({ account: server.account(), ...options });
  return { server, model: wrapLanguageModel({ model, middleware }) };
}

describe("K3 a model of the AI SDK, metered", () => {
  it("holds before the call and settles what the model reports", async () => {
    const open: string[][] = [];
    const given = metered(
      new MockLanguageModelV4({
        doGenerate: () => (open.push(given.server.outcomes()), Promise.resolve(answer(usage(11, 7)))),
      }),
    );
    const { text } = await generateText({ model: given.model, ...call });
    expect([text, open, given.server.outcomes()]).toEqual([
      "Hello there.",
      [[`${HELD} open`]],
      [`${HELD} settled 18`],
    ]);
  });

  it("does not call the model without tokens, and says why", async () => {
    const mock = new MockLanguageModelV4({ doGenerate: answer(usage(1, 1)) });
    const { server, model } = metered(mock);
    server.available = 10;
    const refused = generateText({ model, ...call });
    await expect(refused).rejects.toMatchObject({ problem: { code: "insufficient_credits" } });
    expect(mock.doGenerateCalls).toEqual([]);
  });

  it("gives the hold back when the call fails", async () => {
    const failing = () => Promise.reject(new Error("overloaded"));
    const { server, model } = metered(new MockLanguageModelV4({ doGenerate: failing, doStream: failing }));
    await expect(generateText({ model, ...call })).rejects.toThrow("overloaded");
    const streamed = streamText({ model, ...call, onError: () => undefined });
    await streamed.consumeStream();
    expect(server.outcomes()).toEqual([`${HELD} released`, `${HELD} released`]);
  });

  it.each([
    ["nothing", usage(undefined, undefined)],
    ["half", usage(11, undefined)],
  ])("charges by length where the model reports %s", async (_name, reported) => {
    const { server, model } = metered(new MockLanguageModelV4({ doGenerate: answer(reported) }));
    await generateText({ model, ...call });
    expect(server.outcomes()).toEqual([`${HELD} settled ${20 + 4}`]);
  });

  it("charges as the product weighs it, and holds what it expects", async () => {
    const { server, model } = metered(new MockLanguageModelV4({ doGenerate: answer(usage(10, 10)) }), {
      estimate: () => ({ input: 30, output: 30 }),
      charge: ({ inputTokens, outputTokens }) => (inputTokens.total ?? 0) + 4 * (outputTokens.total ?? 0),
    });
    await generateText({ model, ...call });
    expect(server.outcomes()).toEqual(["60 settled 50"]);
  });
});

const deltas: Part[] = [
  { type: "stream-start", warnings: [] },
  { type: "text-start", id: "1" },
  { type: "text-delta", id: "1", delta: "Hello " },
  { type: "text-delta", id: "1", delta: "there." },
  { type: "text-end", id: "1" },
];
const finish = (used: Generated["usage"]): Part => ({ type: "finish", finishReason, usage: used });

function streaming(chunks: Part[]) {
  return new MockLanguageModelV4({
    doStream: () =>
      Promise.resolve({
        stream: simulateReadableStream({ chunks, initialDelayInMs: null, chunkDelayInMs: null }),
      }),
  });
}

/** A stream that gives these parts and then waits: for an abort, a reader that leaves, or `fail`. */
function unfinished(chunks: Part[]) {
  let fail: (error: Error) => void = () => undefined;
  const stream = new ReadableStream<Part>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      fail = (error) => controller.error(error);
    },
  });
  return { model: new MockLanguageModelV4({ doStream: { stream } }), fail: (error: Error) => fail(error) };
}

describe("K3 a stream of the AI SDK, metered", () => {
  it("settles what the model reports before the stream ends", async () => {
    const { server, model } = metered(streaming([...deltas, finish(usage(11, 7))]));
    const { textStream } = streamText({ model, ...call });
    let text = "";
    for await (const part of textStream) text += part;
    expect([text, server.outcomes()]).toEqual(["Hello there.", [`${HELD} settled 18`]]);
  });

  it.each([
    ["reports nothing", [...deltas, finish(usage(undefined, undefined))]],
    ["ends without a report", deltas],
  ])("charges by length what came where the model %s", async (_name, chunks) => {
    const { server, model } = metered(streaming(chunks));
    await streamText({ model, ...call, onError: () => undefined }).consumeStream();
    expect(server.outcomes()).toEqual([`${HELD} settled ${20 + 4}`]);
  });

  it("charges what had come when it is aborted, once", async () => {
    const stop = new AbortController();
    const { server, model } = metered(unfinished(deltas).model);
    const streamed = streamText({ model, ...call, abortSignal: stop.signal, onError: () => undefined });
    let text = "";
    for await (const part of streamed.textStream) {
      text += part;
      if (text === "Hello there.") stop.abort();
    }
    await expect.poll(() => server.outcomes()).toEqual([`${HELD} settled ${20 + 4}`]);
    expect(server.log.filter((line) => line.includes("settle"))).toHaveLength(1);
  });

  it("charges what had come when its reader leaves", async () => {
    const { server, model } = metered(unfinished(deltas).model);
    const { stream } = await model.doStream({
      prompt: [{ role: "user", content: [{ type: "text", text: prompt }] }],
    });
    const reader = stream.getReader();
    for (let part = 0; part < 3; part += 1) await reader.read();
    await reader.cancel();
    const [outcome] = server.outcomes();
    expect(outcome).toMatch(/ settled 2[24]$/);
  });

  it.each([
    ["charges what had come when it breaks", deltas, `${HELD} settled ${20 + 4}`],
    ["gives the hold back when it breaks before anything came", deltas.slice(0, 1), `${HELD} released`],
  ])("%s", async (_name, chunks, outcome) => {
    const broken = unfinished(chunks);
    const { server, model } = metered(broken.model);
    const options = {
      prompt: [{ role: "user" as const, content: [{ type: "text" as const, text: prompt }] }],
    };
    const { stream } = await model.doStream({ ...options, maxOutputTokens: 100 });
    const reader = stream.getReader();
    for (let part = 0; part < chunks.length; part += 1) await reader.read();
    broken.fail(new Error("connection reset"));
    await expect(reader.read()).rejects.toThrow("connection reset");
    expect(server.outcomes()).toEqual([outcome]);
  });
});
