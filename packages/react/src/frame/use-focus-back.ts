import { useLayoutEffect, useRef, type RefObject } from "react";

/**
 * For the button that opened a question or a form: it has the focus again when that is closed and nothing came of it.
 * What came of it takes the focus before (`News` stands above the rows).
 */
export function useFocusBack(isAsked: boolean): RefObject<HTMLButtonElement | null> {
  const asker = useRef<HTMLButtonElement>(null);
  const wasAsked = useRef(isAsked);
  useLayoutEffect(() => {
    if (wasAsked.current && !isAsked && document.activeElement === document.body) asker.current?.focus();
    wasAsked.current = isAsked;
  }, [isAsked]);
  return asker;
}
