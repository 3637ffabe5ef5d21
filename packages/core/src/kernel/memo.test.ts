import { expect, it } from "vitest";
import { remembersLast } from "./memo.ts";

it("what is asked again is answered the same, and what is asked anew is computed", () => {
  let computed = 0;
  const double = remembersLast((argument: number) => {
    computed += 1;
    return argument * 2;
  });
  expect([1, 1, 2, 1].map(double)).toEqual([2, 2, 4, 2]);
  expect(computed).toBe(3);
});
