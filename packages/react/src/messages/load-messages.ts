import { languageOf } from "./language-of.ts";
import { englishFrame, type FrameMessages } from "./en/frame.ts";
import { keepGerman } from "./area.ts";
import type { Messages } from "./english.ts";

/**
 * The frame's words for a locale, with those of the first screen. English where they cannot be fetched: a page in another
 * language is better than none, and what it charges stays the same.
 */
export async function loadFrame(language: string): Promise<FrameMessages> {
  if (language !== "de") return englishFrame;
  try {
    const { frame, ...areas } = await import("./de/parts/german-frame.ts");
    keepGerman(areas);
    return frame;
  } catch {
    return englishFrame;
  }
}

/** The whole catalogue for a locale, for a server or for words of a host's own. */
export async function loadMessages(locale?: string): Promise<Messages> {
  if (languageOf(locale) === "de") return (await import("./german.ts")).german;
  return (await import("./english.ts")).english;
}
