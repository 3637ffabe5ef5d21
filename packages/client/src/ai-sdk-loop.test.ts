/* A tool loop of the AI SDK is several calls to the model. Each holds before it and settles after it, by itself. */
import { generateText, isStepCount, streamText, wrapLanguageModel } from "ai";
import { describe, expect, it } from "vitest";
import { meterModel } from "./ai-sdk.ts";
import { HoldServer } from "./hold-server.test-data.ts";
import { ANSWERS, ASKS, stepByStep, weatherTool, type Step } from "./loop-model.test-data.ts";

type Mode = "generateText" | "streamText";

/** Runs the loop to its end, and tells what the server's holds were at each step of it. */
async function runLoop(
  mode: Mode,
  answer: (step: number) => Step,
  beforeTool?: (server: HoldServer) => void,
) {
  const server = new HoldServer();
  const seen: [string, string[]][] = [];
  const at = (what: string) => void seen.push([what, server.outcomes()]);
  let steps = 0;
  const next = () => {
    at("model");
    return answer((steps += 1));
  };
  const weather = weatherTool(() => {
    at("tool");
    beforeTool?.(server);
  });
  const options = {
    model: wrapLanguageModel({
      model: stepByStep(next),
      middleware: meterModel({ account: server.account() }),
    }),
    tools: { weather },
    stopWhen: isStepCount(5),
    prompt: "x".repeat(60),
    maxOutputTokens: 100,
    maxRetries: 0,
  };
  const errors: unknown[] = [];
  const onError = ({ error }: { error: unknown }) => void errors.push(error);
  let text = "";
  if (mode === "generateText") {
    await generateText(options).then(
      (done) => (text = done.text),
      (error: unknown) => errors.push(error),
    );
  } else {
    for await (const part of streamText({ ...options, onError }).textStream) text += part;
  }
  return { server, seen, text, errors };
}

/** The tokens that a hold of the loop took aside are not the test's matter; what became of it is. */
const became = (outcomes: readonly string[]) => outcomes.map((outcome) => outcome.replace(/^\d+ /, ""));

describe.each(["generateText", "streamText"] as const)("K3 a tool loop by %s, metered", (mode) => {
  it("holds before each call to the model and settles each with what it used; nothing is held while a tool works", async () => {
    const { server, seen, text, errors } = await runLoop(mode, (step) => (step < 3 ? ASKS : ANSWERS));
    expect([text, errors]).toEqual(["It rains.", []]);
    expect(seen.map(([what, outcomes]) => [what, became(outcomes)])).toEqual([
      ["model", ["open"]],
      ["tool", ["settled 18"]],
      ["model", ["settled 18", "open"]],
      ["tool", ["settled 18", "settled 18"]],
      ["model", ["settled 18", "settled 18", "open"]],
    ]);
    expect(became(server.outcomes())).toEqual(["settled 18", "settled 18", "settled 43"]);
    // The prompt grows by each answer, and so does what is held for it.
    const held = server.holds.map(({ tokens }) => tokens);
    expect(held).toEqual([...held].sort((a, b) => a - b));
    expect(new Set(held).size).toBe(3);
  });

  it("gives back the hold of a call that fails in the middle; what was answered before is paid", async () => {
    const { server, errors } = await runLoop(mode, (step) => {
      if (step === 2) throw new Error("overloaded");
      return ASKS;
    });
    expect(errors).toEqual([expect.objectContaining({ message: "overloaded" })]);
    expect(became(server.outcomes())).toEqual(["settled 18", "released"]);
  });

  it("stops before the next call when the tokens are used up", async () => {
    const { server, seen, errors } = await runLoop(
      mode,
      () => ASKS,
      (each) => (each.available = 10),
    );
    expect(errors).toEqual([
      expect.objectContaining({
        problem: expect.objectContaining({ code: "insufficient_credits" }) as object,
      }),
    ]);
    expect(seen.map(([what]) => what)).toEqual(["model", "tool"]);
    expect(became(server.outcomes())).toEqual(["settled 18"]);
  });
});
