import { startTransition, useEffect, useState } from "react";
import { englishFrame, type FrameMessages } from "./en/frame.ts";
import { languageOf } from "./language-of.ts";
import { loadFrame } from "./load-messages.ts";

/**
 * The host's words, else the frame's of the locale. `null` until the first are here; after that the old ones stay in place
 * while others are fetched, so that a change of language takes nothing from what was typed.
 */
export function useMessages(given: FrameMessages | undefined, locale: string): FrameMessages | null {
  const language = languageOf(locale);
  const [own, setOwn] = useState(() =>
    language === englishFrame.language ? { language, messages: englishFrame } : null,
  );
  const isMissing = given === undefined && own?.language !== language;
  useEffect(() => {
    if (!isMissing) return;
    let isWanted = true;
    void loadFrame(language).then((messages) => {
      // What is on screen stays there while its own words come.
      if (isWanted) startTransition(() => setOwn({ language, messages }));
    });
    return () => {
      isWanted = false;
    };
  }, [isMissing, language]);
  return given ?? own?.messages ?? null;
}
