import { useEffect, useState } from "react";
import { english, type Messages } from "./english.ts";
import { languageOf, loadMessages } from "./load-messages.ts";

/**
 * The host's words, else those of the locale. `null` until the first are here; after that the old ones stay in place while
 * others are fetched, so that a change of language takes nothing from what was typed.
 */
export function useMessages(given: Messages | undefined, locale: string): Messages | null {
  const language = languageOf(locale);
  const [own, setOwn] = useState(() =>
    language === english.language ? { language, messages: english } : null,
  );
  const isMissing = given === undefined && own?.language !== language;
  useEffect(() => {
    if (!isMissing) return;
    let isWanted = true;
    void loadMessages(locale).then((messages) => {
      if (isWanted) setOwn({ language, messages });
    });
    return () => {
      isWanted = false;
    };
  }, [isMissing, language, locale]);
  return given ?? own?.messages ?? null;
}
