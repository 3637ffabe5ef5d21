import { languageOf } from "@bursar/react";
import { useState } from "react";

export const languages = [
  { id: "en", name: "English" },
  { id: "de", name: "Deutsch" },
] as const;

export type Language = (typeof languages)[number]["id"];

const CHOSEN = "bursar:language";

function isLanguage(tag: string | null): tag is Language {
  return languages.some(({ id }) => id === tag);
}

/** What was chosen here before. A browser that keeps nothing for pages has none. */
function chosenBefore(): Language | null {
  try {
    const tag = localStorage.getItem(CHOSEN);
    return isLanguage(tag) ? tag : null;
  } catch {
    return null;
  }
}

/** The browser's language, until another one is chosen; the choice stays in this browser. */
export function useLanguage() {
  const [chosen, setChosen] = useState(chosenBefore);
  const ofBrowser = languageOf();
  const language: Language = chosen ?? (isLanguage(ofBrowser) ? ofBrowser : "en");
  const choose = (next: Language) => {
    setChosen(next);
    try {
      localStorage.setItem(CHOSEN, next);
    } catch {
      // It lasts until the page is loaded anew.
    }
  };
  // The browser also knows the region, which writes figures in its own way: 1'234.50 in Switzerland.
  const locale = language === ofBrowser ? undefined : language;
  return { language, locale, choose };
}
