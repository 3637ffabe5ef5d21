import type { LanguageModelMiddleware } from "ai";
import { tokensIn, type Usage } from "./ai-sdk-tokens.ts";

type StreamResult = Awaited<ReturnType<NonNullable<LanguageModelMiddleware["wrapStream"]>>>;
export type StreamPart = StreamResult["stream"] extends ReadableStream<infer Part> ? Part : never;

interface Metering {
  expectedInput: number;
  chargeOf: (usage: Usage) => number | undefined;
  settle: (tokens: number) => Promise<void>;
  release: () => Promise<void>;
  abortSignal?: AbortSignal;
}

/**
 * Hands the parts through as they come and settles when the stream is over, in whichever way: finished, broken, left by
 * its reader, or aborted. The end of the stream waits for the settling, so that whoever has read it all has been
 * charged. An abort need not reach a reader that waits for the next part, so it is listened to as well.
 */
export function meterStream(
  stream: ReadableStream<StreamPart>,
  metering: Metering,
): ReadableStream<StreamPart> {
  const { expectedInput, chargeOf, settle, release, abortSignal } = metering;
  const reader = stream.getReader();
  let reported: number | undefined;
  let characters = 0;
  let hasBegun = false;

  function see(part: StreamPart): void {
    if (part.type === "finish") reported = chargeOf(part.usage);
    if (part.type === "text-delta" || part.type === "reasoning-delta" || part.type === "tool-input-delta") {
      characters += part.delta.length;
    }
    if (part.type !== "stream-start" && part.type !== "error") hasBegun = true;
  }
  function end(): Promise<void> {
    abortSignal?.removeEventListener("abort", onAbort);
    if (reported !== undefined) return settle(reported);
    return hasBegun ? settle(expectedInput + tokensIn(characters)) : release();
  }
  // Nobody waits for this one; a settle that fails is told to `onUnsettled`, and to who reads on.
  const onAbort = () => void end().catch(() => undefined);
  abortSignal?.addEventListener("abort", onAbort, { once: true });

  return new ReadableStream<StreamPart>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) {
          see(value);
          return controller.enqueue(value);
        }
      } catch (error) {
        await end().catch(() => undefined);
        return controller.error(error);
      }
      await end();
      controller.close();
    },
    async cancel(reason) {
      await Promise.all([reader.cancel(reason).catch(() => undefined), end()]);
    },
  });
}
