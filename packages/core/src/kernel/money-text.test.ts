import { expect, it } from "vitest";
import { moneyText } from "./money-text.ts";

it.each([
  [19_040, "eur", "€190.40"],
  [5, "eur", "€0.05"],
  [0, "eur", "€0.00"],
  [-15_200, "eur", "\u2212€152.00"],
  [500, "jpy", "JP¥500"],
  [1_500, "kwd", "KWD 1.500"],
  [9_007_199_254_740_991, "eur", "€90,071,992,547,409.91"],
])("%i of %s reads %s", (minorUnits, currency, text) => {
  expect(moneyText(minorUnits, currency).replaceAll(/\s/g, " ")).toBe(text);
});
