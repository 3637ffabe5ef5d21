import { usableLocale } from "../format/locale.ts";

/** The languages beside English that there is a catalogue of. */
const others: readonly string[] = ["de"];

/** `de-AT` -> `de`, the browser's when left out; English for a language that there is no catalogue of. */
export function languageOf(locale?: string): string {
  const { language } = new Intl.Locale(usableLocale(locale));
  return others.includes(language) ? language : "en";
}
