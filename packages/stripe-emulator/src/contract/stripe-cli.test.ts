/**
 * `stripe trigger`, by Stripe's own command line: each makes the objects that lead to one event, in the words of its own
 * older version, so that all of them together are an account of the API by somebody else.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStripeCli, type StripeCli } from "../testing/stripe-cli.ts";
import { sdkFor, startFixture } from "../testing/fixture.ts";
import { eventOfTrigger, triggersThatCannotPass } from "./stripe-cli.ts";

let cli: StripeCli;
beforeAll(async () => {
  cli = await openStripeCli();
});
afterAll(() => cli.close());

const TRIGGERS_AT_ONCE = 6;

async function triggers(): Promise<string[]> {
  const help = await cli.run(["trigger", "--help"]);
  const list = help.slice(help.indexOf("Supported events:"), help.indexOf("Usage:"));
  return [...list.matchAll(/^ {2}(\S+)$/gm)].map((match) => match[1] ?? "");
}

/** Runs one on an emulator of its own, so that the event can come from nothing else; returns what went wrong. */
async function failureOf(trigger: string): Promise<string | null> {
  // The fixtures speak of an account whose portal was set up, and of schedules that are completed when they release.
  const assumptions = { scheduleEndByRelease: "completed" } as const;
  const account = { settings: { portalSettingsSaved: true }, assumptions };
  const { emulator } = await startFixture({ account });
  const key = ["--api-key", emulator.secretKey];
  try {
    await cli.run(["trigger", trigger, "--api-base", emulator.url, ...key]);
  } catch (error) {
    return `${trigger}: ${String((error as { stderr?: string }).stderr ?? error)}`;
  }
  // A clock goes on after the answer that it advances.
  await emulator.catchUp();
  const type = eventOfTrigger[trigger] ?? trigger;
  const events = await sdkFor(emulator).events.list({ type });
  return events.data.length > 0 ? null : `${trigger}: no event ${type}`;
}

test("every trigger on what is served ends well and leaves its event", { timeout: 180_000 }, async () => {
  const all = await triggers();
  expect(all.length).toBeGreaterThan(100);
  const queue = all.filter((name) => !Object.hasOwn(triggersThatCannotPass, name));
  const failures: string[] = [];
  const work = async () => {
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      const failure = await failureOf(name);
      if (failure !== null) failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: TRIGGERS_AT_ONCE }, work));
  expect(failures).toEqual([]);
});

test("the list of triggers that cannot pass names only triggers that there are", async () => {
  const all = await triggers();
  expect(Object.keys(triggersThatCannotPass).filter((name) => !all.includes(name))).toEqual([]);
});
