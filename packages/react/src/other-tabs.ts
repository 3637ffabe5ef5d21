/**
 * What one tab has done, the others of the same browser show too (RT4). The server's stream tells them as well; this is
 * for where it is cut, and it names no account and no content: whoever hears it asks the server.
 */
const CHANNEL = "bursar";

/** On a server, and in browsers without it or that forbid it as they do cookies, there are no other tabs to tell. */
function openChannel(): BroadcastChannel | null {
  try {
    return new BroadcastChannel(CHANNEL);
  } catch {
    return null;
  }
}

export function tellOtherTabs(): void {
  const channel = openChannel();
  channel?.postMessage("changed");
  channel?.close();
}

/** @returns ends it */
export function hearOtherTabs(onChange: () => void): () => void {
  const channel = openChannel();
  channel?.addEventListener("message", onChange);
  return () => channel?.close();
}
