import { expect, it } from "vitest";
import { pageLocale } from "./page-locale.ts";

it.each([
  ["de", "de"],
  ["de-AT", "de"],
  ["DE-at", "de"],
  ["pt-br", "pt-BR"],
  ["pt-AO", "pt"],
  ["zh-Hant-TW", "zh"],
  ["en-AU", "en"],
  ["eo", "en"],
  ["auto", "en"],
  ["", "en"],
  [undefined, "en"],
])("F3 a page in %s leads to Stripe's pages in %s", (wanted, locale) => {
  expect(pageLocale(wanted)).toBe(locale);
});
