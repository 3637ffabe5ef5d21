/** What the browser asks for; on a server English, so name the locale there. */
function browserLocale(): string {
  return typeof navigator === "undefined" ? "en" : navigator.language;
}

/**
 * The tag, or the browser's without one, if Intl takes it; else English. Browsers hand on the machine's setting as it is, and some are no tags of
 * BCP 47 (`en-US@posix` was seen); a page must not fail on that.
 */
export function usableLocale(tag = browserLocale()): string {
  for (const each of [tag, tag.replace(/[@.].*$/, "").replaceAll("_", "-")]) {
    try {
      return new Intl.Locale(each).toString();
    } catch {
      // Not a tag: the next, plainer one may be.
    }
  }
  return "en";
}
