/* A model that answers step by step as a test says, for loops with one tool: the weather. */
import { jsonSchema, tool } from "ai";
import { MockLanguageModelV4, simulateReadableStream } from "ai/test";

type Generated = Awaited<ReturnType<MockLanguageModelV4["doGenerate"]>>;
type Streamed = Awaited<ReturnType<MockLanguageModelV4["doStream"]>>;
type Part = Streamed["stream"] extends ReadableStream<infer Each> ? Each : never;

const usage = (input: number, output: number): Generated["usage"] => ({
  inputTokens: { total: input, noCache: input, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: output, text: output, reasoning: undefined },
});

/** What the model answers in one step, and what it reports to have used. */
export interface Step {
  readonly content: ({ text: string } | { asksFor: string })[];
  readonly used: Generated["usage"];
}

/** 18 tokens. */
export const ASKS: Step = { content: [{ asksFor: "Berlin" }], used: usage(11, 7) };
/** 43 tokens. */
export const ANSWERS: Step = { content: [{ text: "It rains." }], used: usage(40, 3) };

const call = (city: string) =>
  ({ type: "tool-call", toolCallId: "1", toolName: "weather", input: JSON.stringify({ city }) }) as const;

function generated({ content, used }: Step): Generated {
  return {
    content: content.map((part) => ("text" in part ? { type: "text", ...part } : call(part.asksFor))),
    finishReason: {
      unified: content.some((part) => "asksFor" in part) ? "tool-calls" : "stop",
      raw: undefined,
    },
    usage: used,
    warnings: [],
  };
}

function streamed(step: Step): Streamed {
  const parts = generated(step).content.flatMap((part): Part[] =>
    part.type === "text"
      ? [
          { type: "text-start", id: "1" },
          { type: "text-delta", id: "1", delta: part.text },
          { type: "text-end", id: "1" },
        ]
      : [part as Part],
  );
  const { finishReason, usage: used } = generated(step);
  const chunks: Part[] = [
    { type: "stream-start", warnings: [] },
    ...parts,
    { type: "finish", finishReason, usage: used },
  ];
  return { stream: simulateReadableStream({ chunks, initialDelayInMs: null, chunkDelayInMs: null }) };
}

/** @param next the next step; what it throws is the model's failure */
export function stepByStep(next: () => Step): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    doGenerate: () => Promise.resolve().then(() => generated(next())),
    doStream: () => Promise.resolve().then(() => streamed(next())),
  });
}

export const weatherTool = (onCall: () => void = () => undefined) =>
  tool({
    description: "The weather of a city.",
    inputSchema: jsonSchema<{ city: string }>({
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
    }),
    execute: ({ city }) => {
      onCall();
      return Promise.resolve(`${city}: rain`);
    },
  });
