import { useLayoutEffect, useRef, useState } from "react";

/** Without a browser, and until it has measured. */
const WIDTH_AT_FIRST = 640;

/** The width that an element has, so that a drawing of that size keeps its letters readable. */
export function useWidth<Element extends HTMLElement>() {
  const ref = useRef<Element>(null);
  const [width, setWidth] = useState(WIDTH_AT_FIRST);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null || typeof ResizeObserver === "undefined") return;
    setWidth(Math.floor(element.clientWidth));
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, Math.max(200, width)] as const;
}
