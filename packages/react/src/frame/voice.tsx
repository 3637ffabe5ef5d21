import { useCallback, useEffect, useLayoutEffect, useRef, type RefObject } from "react";
import { useBursar } from "../bursar-context.ts";
import { Icon } from "./icon.tsx";

/** So long a sentence waits to be read out. Then it is gone: who comes upon it later must not take it for news. */
const SAID_MS = 5_000;

/**
 * The page's one polite live region, and what says a sentence in it (X4). Each sentence is a line of its own, so that two
 * that come together are both read, and one that many parts say at once is read once.
 */
export function useVoice(): [region: RefObject<HTMLDivElement | null>, say: (sentence: string) => void] {
  const region = useRef<HTMLDivElement>(null);
  const say = useCallback((sentence: string) => {
    const lines = [...(region.current?.children ?? [])];
    if (sentence === "" || lines.some(({ textContent }) => textContent === sentence)) return;
    const line = document.createElement("p");
    line.textContent = sentence;
    region.current?.append(line);
    setTimeout(() => line.remove(), SAID_MS);
  }, []);
  return [region, say];
}

/**
 * Says what is on screen when it comes, and again what comes in its place.
 * @param event says the same sentence anew when it is another
 */
export function useSaid(sentence: string | null, event?: unknown): void {
  const { say } = useBursar();
  const last = useRef<unknown>(undefined);
  useEffect(() => {
    const now = sentence === null ? undefined : (event ?? sentence);
    if (sentence !== null && last.current !== now) say(sentence);
    last.current = now;
  }, [sentence, event, say]);
}

/** A line that is said when it comes. */
export function Said({ children, className }: { children: string; className?: string }) {
  useSaid(children);
  return <p className={className}>{children}</p>;
}

/**
 * What came of a press whose button is gone: it takes the focus, and so is read. Whoever is on something else by then is
 * not moved but told.
 * @param pressed what is still there and shall not be pressed once more by mistake: it gives its focus away too
 */
export function useNews<Line extends HTMLElement>(
  sentence: string | null,
  pressed?: RefObject<HTMLElement | null>,
): RefObject<Line | null> {
  const { say } = useBursar();
  const line = useRef<Line>(null);
  const last = useRef<string | null>(null);
  // At once: a frame later what is around the button that is gone has its focus (useKeptFocus).
  useLayoutEffect(() => {
    if (sentence !== null && sentence !== last.current) {
      const focused = document.activeElement;
      if (focused === document.body || pressed?.current?.contains(focused)) line.current?.focus();
      else say(sentence);
    }
    last.current = sentence;
  }, [sentence, say, pressed]);
  return line;
}

/** {@link useNews} as a line with its sign; `null` is none. */
export function News({
  sentence,
  pressed,
  className = "",
}: {
  sentence: string | null;
  pressed?: RefObject<HTMLElement | null>;
  className?: string;
}) {
  const line = useNews<HTMLParagraphElement>(sentence, pressed);
  return sentence === null ? null : (
    <p ref={line} tabIndex={-1} className={`bursar-done ${className}`}>
      <Icon name="good" /> {sentence}
    </p>
  );
}
