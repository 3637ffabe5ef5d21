import { useEffect, useRef, type RefObject } from "react";

/** For the button that asks whether it is meant: it has the focus again when the person thinks better of it. */
export function useFocusBack(isAsked: boolean): RefObject<HTMLButtonElement | null> {
  const asker = useRef<HTMLButtonElement>(null);
  const wasAsked = useRef(isAsked);
  useEffect(() => {
    if (wasAsked.current && !isAsked) asker.current?.focus();
    wasAsked.current = isAsked;
  }, [isAsked]);
  return asker;
}
