import { use } from "react";
import type { FrameMessages } from "./en/frame.ts";
import type { Messages } from "./english.ts";

/** A part of the catalogue that only some parts of the page need. */
type AreaName = Exclude<keyof Messages, keyof FrameMessages>;

/**
 * The words of an area, as a part of the page asks for them. English comes in the part's own file, so that it is there at
 * once, also on a server; another language is fetched when a part is first shown in it.
 */
export interface Area<Name extends AreaName> {
  readonly name: Name;
  readonly english: Messages[Name];
  readonly de: () => Promise<Pick<Messages, Name>>;
}

/** The frame's words with those of some areas, for a rule that writes sentences. */
export type Words<Name extends AreaName> = FrameMessages & Pick<Messages, Name>;

/** Any of them, where it does not matter which. */
export interface AnyArea {
  readonly name: AreaName;
  readonly english: unknown;
  readonly de: () => Promise<object>;
}

/** The frame's words with those of the areas. */
export type MessagesWith<Areas extends readonly AnyArea[]> = FrameMessages &
  Pick<Messages, Areas[number]["name"]>;

/** What came of German so far: a file of words brings those of several areas. */
const german: Partial<Messages> = {};
const fetched = new Map<AnyArea["de"], Promise<void>>();

export function keepGerman(words: Partial<Messages>): void {
  Object.assign(german, words);
}

/**
 * The areas' words in the language of `messages`, which hold them already where the host has handed in a catalogue.
 * Suspends while they are fetched; English where they cannot be.
 */
export function withAreas<Areas extends readonly AnyArea[]>(
  messages: FrameMessages,
  areas: Areas,
): MessagesWith<Areas> {
  const words: Record<string, unknown> = { ...messages };
  const isGerman = messages.language === "de";
  const missing = areas.filter(({ name }) => words[name] === undefined);
  // All at once, and only then waited for.
  const asked = missing.map((area) => (!isGerman || area.name in german ? null : fetchOnce(area)));
  missing.forEach((area, index) => {
    const coming = asked[index] ?? null;
    if (coming !== null) use(coming);
    words[area.name] = (isGerman ? german[area.name] : undefined) ?? area.english;
  });
  return words as unknown as MessagesWith<Areas>;
}

function fetchOnce({ de }: AnyArea): Promise<void> {
  const before = fetched.get(de);
  if (before !== undefined) return before;
  const coming = de().then(keepGerman, () => undefined);
  fetched.set(de, coming);
  return coming;
}
