import { useSyncExternalStore } from "react";

/*
 * Routing for a handful of screens: the browser's history is the state, and this page listens to it. What each path
 * means is for BillingSettings to say.
 */

const CHANGED = "bursar:navigated";

/** Shows another screen of this page without loading it anew. */
export function navigate(href: string, { replace = false }: { replace?: boolean } = {}): void {
  const isOtherScreen = new URL(href, window.location.href).pathname !== window.location.pathname;
  if (replace) window.history.replaceState(null, "", href);
  else window.history.pushState(null, "", href);
  if (isOtherScreen && !replace) window.scrollTo(0, 0);
  window.dispatchEvent(new Event(CHANGED));
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener("popstate", onChange);
  window.addEventListener(CHANGED, onChange);
  return () => {
    window.removeEventListener("popstate", onChange);
    window.removeEventListener(CHANGED, onChange);
  };
}

export interface Address {
  path: string;
  search: string;
}

export function useAddress(): Address {
  const path = useSyncExternalStore(subscribe, () => window.location.pathname);
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  return { path, search };
}
