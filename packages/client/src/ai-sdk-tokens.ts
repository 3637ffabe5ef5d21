import type { LanguageModelMiddleware } from "ai";

type Generate = NonNullable<LanguageModelMiddleware["wrapGenerate"]>;

/** What the AI SDK sends to a model. */
export type CallOptions = Parameters<Generate>[0]["params"];
type Result = Awaited<ReturnType<Generate>>;
/** What a model reports of a call. */
export type Usage = Result["usage"];

export interface Estimate {
  input: number;
  output: number;
}

/** An answer whose length nobody bounds: room for a long one. What is not used is given back at once. */
const OUTPUT_TOKENS = 4_096;
/** Languages and tokenizers differ; three characters a token is on the safe side of most text. */
const CHARACTERS_PER_TOKEN = 3;
/** An image or a document, whose tokens nobody can tell from its bytes. */
const FILE_TOKENS = 1_500;

export const tokensIn = (characters: number): number => Math.ceil(characters / CHARACTERS_PER_TOKEN);

/** By the length of all text that is sent, and the answer's bound. */
export function estimateCall({ prompt, tools, maxOutputTokens }: CallOptions): Estimate {
  let characters = tools === undefined ? 0 : JSON.stringify(tools).length;
  let files = 0;
  for (const { content } of prompt) {
    for (const part of typeof content === "string" ? [{ type: "text", text: content } as const] : content) {
      if (part.type === "text" || part.type === "reasoning") characters += part.text.length;
      else if (part.type === "file" || part.type === "reasoning-file") files += 1;
      else characters += JSON.stringify(part).length;
    }
  }
  return { input: tokensIn(characters) + files * FILE_TOKENS, output: maxOutputTokens ?? OUTPUT_TOKENS };
}

/** The length of an answer whose model does not say what it used. */
export function charactersOf(content: Result["content"]): number {
  return content.reduce(
    (sum, part) => sum + ("text" in part ? part.text.length : JSON.stringify(part).length),
    0,
  );
}

/** Input and output together; `undefined` when either was not reported, because half a report charges half. */
export function tokensOf({ inputTokens, outputTokens }: Usage): number | undefined {
  if (inputTokens.total === undefined || outputTokens.total === undefined) return undefined;
  return inputTokens.total + outputTokens.total;
}
