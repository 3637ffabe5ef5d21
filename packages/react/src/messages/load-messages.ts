import { usableLocale } from "../format/locale.ts";
import { english, type Messages } from "./english.ts";

/** The languages beside English: each is a file of its own, which only its readers load. */
const others: Readonly<Record<string, () => Promise<Messages>>> = {
  de: () => import("./german.ts").then(({ german }) => german),
};

/** `de-AT` -> `de`, the browser's when left out; English for a language that there is no catalogue of. */
export function languageOf(locale?: string): string {
  const { language } = new Intl.Locale(usableLocale(locale));
  return Object.hasOwn(others, language) ? language : english.language;
}

/**
 * The words for a locale. English where they cannot be fetched: a page in another language is better than none, and what
 * it charges stays the same.
 */
export async function loadMessages(locale?: string): Promise<Messages> {
  try {
    return (await others[languageOf(locale)]?.()) ?? english;
  } catch {
    return english;
  }
}
