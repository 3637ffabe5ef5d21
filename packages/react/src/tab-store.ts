/** Private windows and full stores refuse; the page then only knows less about what to wait for. */
export function tabStore(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}
