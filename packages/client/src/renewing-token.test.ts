import { afterEach, expect, it, vi } from "vitest";
import { renewingToken } from "./renewing-token.ts";

afterEach(() => vi.useRealTimers());

it("E1 asks for one token for many calls, and for the next a minute before it ends", async () => {
  vi.useFakeTimers({ now: 0, toFake: ["Date"] });
  let asked = 0;
  const token = renewingToken(() => {
    asked += 1;
    return Promise.resolve({
      token: `bst_${asked}`,
      expiresAt: new Date(Date.now() + 900_000).toISOString(),
    });
  });
  expect(await Promise.all([token(), token()])).toEqual(["bst_1", "bst_1"]);
  vi.setSystemTime(839_999);
  expect(await token()).toBe("bst_1");
  vi.setSystemTime(840_000);
  expect(await token()).toBe("bst_2");
});

it("asks again after a failure", async () => {
  const answers = [
    Promise.reject(new Error("down")),
    Promise.resolve({ token: "bst_1", expiresAt: "2999-01-01T00:00:00Z" }),
  ];
  const token = renewingToken(() => answers.shift()!);
  await expect(token()).rejects.toThrow("down");
  expect(await token()).toBe("bst_1");
});
