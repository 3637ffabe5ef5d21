import { createNameSome, createPlural } from "../plural.ts";

export const plural = /* @__PURE__ */ createPlural("en");

/** "Ann, Bo and 4 more" */
export const nameSome = /* @__PURE__ */ createNameSome("en", (count) => plural(count, { other: "# more" }));

/** "Sessions" within a sentence is "sessions", "AI tokens" stays as it is. */
export function inSentence(words: string): string {
  return /^\p{Lu}\p{Ll}/u.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words;
}
