import type { LanguageModelMiddleware } from "ai";
import {
  charactersOf,
  estimateCall,
  tokensIn,
  tokensOf,
  type CallOptions,
  type Estimate,
  type Usage,
} from "./ai-sdk-tokens.ts";
import { meterStream } from "./ai-sdk-stream.ts";
import { settleOrKeep, type HoldCalls, type OnUnsettled } from "./with-hold.ts";

export type { CallOptions, Estimate, Usage } from "./ai-sdk-tokens.ts";

export interface MeteringOptions {
  /** Whose tokens: `backend.forAccount(...)`. */
  account: HoldCalls;
  /** What to hold for a call; by default by the prompt's length and `maxOutputTokens`. */
  estimate?: (call: CallOptions) => Estimate;
  /** What a call is charged; input and output tokens together unless given, for instance to weigh them. */
  charge?: (usage: Usage, call: CallOptions) => number | undefined;
  /** How the credit history names it. */
  resource?: string;
  description?: string;
  ttlSeconds?: number;
  /** A call was answered and could not be charged in many tries: keep this and settle it later. */
  onUnsettled?: OnUnsettled;
}

/**
 * Middleware for the AI SDK (`wrapLanguageModel`): each call to the model holds tokens before it and settles what the
 * model reports. Without tokens the model is not called: the call fails with the `ProblemError` of the hold
 * (`insufficient_credits`). A call that fails releases; one that is cut off or does not report is charged by what was
 * sent and came, counted by its length.
 */
export function meterModel(options: MeteringOptions): LanguageModelMiddleware {
  const { account, estimate = estimateCall, charge = tokensOf, onUnsettled } = options;
  const { resource, description, ttlSeconds } = options;
  const more = {
    ...(resource === undefined ? {} : { resource }),
    ...(description === undefined ? {} : { description }),
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
  };

  async function begin(call: CallOptions) {
    const expected = estimate(call);
    const hold = await account.hold({
      tokens: Math.max(1, Math.ceil(expected.input + expected.output)),
      ...more,
    });
    // What was done is told once; whoever asks again waits for the same telling.
    let ending: Promise<void> | undefined;
    return {
      expected,
      release: () => (ending ??= account.release(hold.id).catch(() => undefined)),
      settle: (tokens: number) =>
        (ending ??= settleOrKeep(account, hold.id, { tokens: Math.ceil(tokens), onUnsettled })),
    };
  }

  return {
    async wrapGenerate({ doGenerate, params }) {
      const { expected, release, settle } = await begin(params);
      let result: Awaited<ReturnType<typeof doGenerate>>;
      try {
        result = await doGenerate();
      } catch (error) {
        await release();
        throw error;
      }
      await settle(charge(result.usage, params) ?? expected.input + tokensIn(charactersOf(result.content)));
      return result;
    },

    async wrapStream({ doStream, params }) {
      const { expected, release, settle } = await begin(params);
      let result: Awaited<ReturnType<typeof doStream>>;
      try {
        result = await doStream();
      } catch (error) {
        await release();
        throw error;
      }
      const stream = meterStream(result.stream, {
        expectedInput: expected.input,
        chargeOf: (usage) => charge(usage, params),
        settle,
        release,
        ...(params.abortSignal === undefined ? {} : { abortSignal: params.abortSignal }),
      });
      return { ...result, stream };
    },
  };
}
