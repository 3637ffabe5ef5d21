import { MockLanguageModelV4, simulateReadableStream } from "ai/test";

/** What it says that it read: with the 50,000 tokens of the Free plan four answers are paid for, and a fifth is not. */
export const READ_TOKENS = 12_000;
/** What an answer takes at most. */
export const ANSWER_TOKENS_MAX = 500;

/**
 * The AI SDK's own mock model in place of a real one, so that no key and no network are needed: it repeats what was
 * said, word by word, and reports its use as every model does. Put yours here: `anthropic("...")`, `openai("...")`.
 */
export const parrot = new MockLanguageModelV4({
  doStream: ({ prompt }) => {
    const words = `You said: ${lastText(prompt)}`.slice(0, ANSWER_TOKENS_MAX).split(/(?<= )/);
    const used = { total: words.length, text: words.length, reasoning: undefined };
    return Promise.resolve({
      stream: simulateReadableStream({
        chunkDelayInMs: 40,
        chunks: [
          { type: "stream-start", warnings: [] },
          { type: "text-start", id: "1" },
          ...words.map((delta) => ({ type: "text-delta" as const, id: "1", delta })),
          { type: "text-end", id: "1" },
          {
            type: "finish",
            finishReason: { unified: "stop", raw: undefined },
            usage: {
              inputTokens: {
                total: READ_TOKENS,
                noCache: READ_TOKENS,
                cacheRead: undefined,
                cacheWrite: undefined,
              },
              outputTokens: used,
            },
          },
        ],
      }),
    });
  },
});

type Prompt = Parameters<MockLanguageModelV4["doStream"]>[0]["prompt"];

function lastText(prompt: Prompt): string {
  const content = prompt.at(-1)?.content ?? "";
  if (typeof content === "string") return content;
  return content.map((part) => (part.type === "text" ? part.text : "")).join("");
}
