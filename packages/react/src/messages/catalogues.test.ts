import { describe, expect, it } from "vitest";
import { english } from "./english.ts";
import { german } from "./german.ts";
import { languageOf } from "./language-of.ts";
import { loadMessages } from "./load-messages.ts";
import { createPlural } from "./plural.ts";

/** Stands for whatever an argument is; wherever it is written it leaves its name in braces. */
function argument(name: string): unknown {
  const written = `{${name}}`;
  return new Proxy(() => undefined, {
    get(_, key) {
      if (key === Symbol.iterator) return () => [written][Symbol.iterator]();
      if (key === Symbol.toPrimitive) return () => written;
      if (key === "charAt" || key === "slice") return () => (key === "charAt" ? "" : written);
      // The number decides a plural, and the first of them has none but itself.
      return key === "value" ? 2 : argument(`${name}.${String(key)}`);
    },
  });
}

/** Each sentence by its path, with `{0}` for its first argument. */
function sentencesOf(words: unknown, path = ""): [path: string, sentence: string][] {
  if (typeof words === "string") return [[path, words]];
  if (typeof words === "function") {
    const write = words as (...args: unknown[]) => string;
    const args = Array.from({ length: ARGUMENTS_MAX }, (_, index) => argument(String(index)));
    return [[path, `${write(...args)}`]];
  }
  // What the server says is English as it comes; german.test.tsx reads the other.
  if (path === ".told") return [];
  return Object.entries(words as object).flatMap(([name, each]) => sentencesOf(each, `${path}.${name}`));
}
const ARGUMENTS_MAX = 6;

const placeholdersOf = (sentence: string) => [...new Set(sentence.match(/\{[^}]*\}/g) ?? [])].sort();

describe("W3 English and German", () => {
  const [first, second] = [sentencesOf(english), sentencesOf(german)];

  it("have the same sentences", () => {
    expect(second.map(([path]) => path).sort()).toEqual(first.map(([path]) => path).sort());
  });

  it("say the same facts in each of them", () => {
    const other = new Map(second);
    // The unit is a word of the operator's own, in their language and without its plural.
    const facts = first.filter(([path]) => path !== ".usage.counted");
    for (const [path, sentence] of facts)
      expect([path, placeholdersOf(other.get(path) ?? "")]).toEqual([path, placeholdersOf(sentence)]);
  });

  /** The same word in both languages, or a name. */
  const alike = /^(CSV|Demo|Webhooks|Limit|Name|Offline|PDF|Plan|Problem|Status|System|Admin|Tokens)$/;

  it("have no sentence in common but names and words that both have", () => {
    const other = new Map(second);
    const same = first.filter(
      ([path, sentence]) =>
        path !== ".language" &&
        other.get(path) === sentence &&
        /\p{L}/u.test(sentence.replaceAll(/\{[^}]*\}/g, "")) &&
        !alike.test(sentence.replaceAll(/\{[^}]*\}|[^\p{L} ]/gu, "").trim()),
    );
    expect(same).toEqual([]);
  });

  it("have no stray English word in German", () => {
    const english =
      /\b(the|and|your|you|of|is|are|not|with|for|seats?|usage|credits?|plans|invoices?|reached)\b/i;
    expect(second.filter(([, sentence]) => english.test(sentence.replaceAll(/\{[^}]*\}/g, "")))).toEqual([]);
  });

  it("address a customer as Sie, and never press", () => {
    const familiar = /\b(du|dich|dir|dein\w*)\b|!/i;
    expect(second.filter(([, sentence]) => familiar.test(sentence))).toEqual([]);
  });
});

it.each([
  ["de", "de"],
  ["de-AT", "de"],
  ["de-CH-1996", "de"],
  ["en-GB", "en"],
  ["fr-FR", "en"],
  ["en-US@posix", "en"],
  ["de_DE.UTF-8", "de"],
])("F3 the words for %s are those of %s", async (locale, language) => {
  expect(languageOf(locale)).toBe(language);
  expect((await loadMessages(locale)).language).toBe(language);
});

it.each([
  ["en", 0, "0 seats"],
  ["en", 1, "1 seat"],
  ["en", 2, "2 seats"],
  ["pl", 1, "1 miejsce"],
  ["pl", 3, "3 miejsca"],
  ["pl", 5, "5 miejsc"],
])("W3 in %s %i makes %j", (language, value, written) => {
  const forms =
    language === "en"
      ? { one: "# seat", other: "# seats" }
      : { one: "# miejsce", few: "# miejsca", many: "# miejsc", other: "# miejsca" };
  expect(createPlural(language)({ value, written: String(value) }, forms)).toBe(written);
});
