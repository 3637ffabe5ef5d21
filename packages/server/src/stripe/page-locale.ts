/** The languages that both of Stripe's hosted pages have, checkout and portal. */
const PAGE_LOCALES = [
  ...["bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hr"],
  ...["hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru"],
  ...["sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW"],
] as const;

export type PageLocale = (typeof PAGE_LOCALES)[number];

/**
 * The language of a hosted page: the one of the page that led there, so that nobody reads German here and English there.
 * Of a region that Stripe does not have the language itself (`de-AT`), and English where it is not known.
 */
export function pageLocale(wanted: string | undefined): PageLocale {
  const [language = ""] = (wanted ?? "").split("-");
  const named = (name: string) => PAGE_LOCALES.find((each) => each.toLowerCase() === name.toLowerCase());
  return named(wanted ?? "") ?? named(language) ?? "en";
}
