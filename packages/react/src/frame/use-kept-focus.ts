import { useEffect, type RefObject } from "react";

/** What can stand in for a part of it that is gone: a row, a section, the screen. */
const STANDS_IN = "li, section, .bursar-screen, main, .bursar";

/**
 * What has the focus may leave the page: a button whose deed is done, a section that is loaded anew. Where a part has no
 * better place for the focus, what stood around it takes it, so that a keyboard goes on from there and a screen reader is
 * not thrown to the top of the page (X1, X3).
 */
export function useKeptFocus(root: RefObject<HTMLElement | null>, isShown: boolean): void {
  useEffect(() => {
    const page = root.current;
    if (page === null || !isShown) return;
    let trail: HTMLElement[] = [];
    const remember = ({ target }: FocusEvent) => {
      trail = [];
      for (
        let at = target as HTMLElement | null;
        at !== null && at !== page.parentElement;
        at = at.parentElement
      )
        trail.push(at);
    };
    const isLost = () =>
      trail[0]?.isConnected === false && (document.activeElement ?? document.body) === document.body;
    const mend = () => {
      if (!isLost()) return;
      const around = trail.find((element) => element.isConnected && element.matches(STANDS_IN));
      if (around === undefined) return;
      around.tabIndex = -1;
      around.focus({ preventScroll: true });
    };
    // The parts come first: what they do after a render is done by the frame after the next.
    const observer = new MutationObserver(() => {
      if (isLost()) requestAnimationFrame(() => requestAnimationFrame(mend));
    });
    page.addEventListener("focusin", remember);
    observer.observe(page, { childList: true, subtree: true });
    return () => {
      page.removeEventListener("focusin", remember);
      observer.disconnect();
    };
  }, [root, isShown]);
}
