import { expect, it } from "vitest";
import { shareRuns } from "./share-runs.ts";

/** Work that ends when the test says so. */
function controlled() {
  const ends: { succeed: () => void; fail: (error: Error) => void }[] = [];
  const keys: string[] = [];
  const run = shareRuns<void>((key) => {
    keys.push(key);
    return new Promise((resolve, reject) => ends.push({ succeed: resolve, fail: reject }));
  });
  return { run, ends, keys };
}

it("who asks during a run shares the one that follows it, so it sees what happened before the question", async () => {
  const { run, ends, keys } = controlled();
  const first = run("cus_1");
  const later = [run("cus_1"), run("cus_1"), run("cus_1")];
  expect(keys).toEqual(["cus_1"]);
  ends[0]?.succeed();
  await first;
  await Promise.resolve();
  expect(keys).toEqual(["cus_1", "cus_1"]);
  ends[1]?.succeed();
  await Promise.all(later);
  expect(keys).toHaveLength(2);
});

it("runs of different keys do not wait for each other", async () => {
  const { run, ends, keys } = controlled();
  const both = [run("cus_1"), run("cus_2")];
  expect(keys).toEqual(["cus_1", "cus_2"]);
  ends.forEach((end) => end.succeed());
  await Promise.all(both);
});

it("a failed run is told to those who asked for it, and the following one goes ahead", async () => {
  const { run, ends } = controlled();
  const first = run("cus_1");
  const second = run("cus_1");
  ends[0]?.fail(new Error("Stripe does not answer."));
  await expect(first).rejects.toThrow("Stripe does not answer.");
  await Promise.resolve();
  ends[1]?.succeed();
  await expect(second).resolves.toBeUndefined();
});
