import { expect, it } from "vitest";
import { usableLocale } from "./locale.ts";

it.each([
  ["de-DE", "de-DE"],
  ["en-US@posix", "en-US"],
  ["de_DE.UTF-8", "de-DE"],
  ["C", "en"],
  ["", "en"],
])("F3 the machine's %j becomes %s, and never a failure", (tag, locale) => {
  expect(usableLocale(tag)).toBe(locale);
});
