import type { ReactNode } from "react";
import { prerender } from "react-dom/static";

/**
 * A page as a server that waits for what loads later sends it, with the comments between words taken out. What suspends
 * is in its place, as in the browser once it is there.
 */
export async function renderOnServer(page: ReactNode): Promise<string> {
  const { prelude } = await prerender(page, { progressiveChunkSize: Number.MAX_SAFE_INTEGER });
  return (await new Response(prelude).text()).replaceAll(/<!--.*?-->/g, "");
}
