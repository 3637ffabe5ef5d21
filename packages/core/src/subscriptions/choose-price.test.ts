import { describe, expect, it } from "vitest";
import { choosePrice } from "./choose-price.ts";

const team = { planId: "team", interval: "month", seats: 3 } as const;
const kept = { kind: "kept", priceId: "price_has" };
const own = { kind: "own", unitCents: 1_500 };
const catalogue = { kind: "catalogue" };

describe("C1 C3 at which price a target is sold", () => {
  it.each([
    ["a first purchase", null, null, team, catalogue, catalogue],
    ["a first purchase at an own price", null, "set", team, own, own],
    ["seats on the catalogue's price", "catalogue", null, { ...team, seats: 5 }, kept, kept],
    ["seats while an own price is agreed", "catalogue", "set", { ...team, seats: 5 }, kept, own],
    ["seats on an own price", "own", "set", { ...team, seats: 5 }, kept, own],
    ["an own price that was taken away", "own", null, team, kept, catalogue],
    ["another plan", "own", "set", { ...team, planId: "business" }, catalogue, catalogue],
    ["another interval", "own", "set", { ...team, interval: "year" }, catalogue, catalogue],
    ["a change to the plan with an own price", "other plan", "set", team, own, own],
  ] as const)("%s", (_name, paid, agreed, target, now, renewal) => {
    const has =
      paid === null
        ? null
        : {
            ...team,
            planId: paid === "other plan" ? "personal" : "team",
            priceId: "price_has",
            isOwnPrice: paid === "own",
          };
    const prices = agreed === null ? undefined : { team: { month: 1_500 } };
    expect(choosePrice({ target, has, own: prices, at: "now" })).toEqual(now);
    expect(choosePrice({ target, has, own: prices, at: "renewal" })).toEqual(renewal);
  });
});
