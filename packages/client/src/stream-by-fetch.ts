import { authorization, type TokenSource } from "./call.ts";
import { waitFor } from "./retry.ts";
import { FIRST_PAUSE_MS, PAUSE_MS_MAX, streamTopics, type StreamListener } from "./stream.ts";

interface Source {
  url: string;
  token: TokenSource;
  fetch: typeof fetch;
  /** Waits; a test hands in its own. */
  pause?: (ms: number) => Promise<void>;
  /** How long streams last is measured by it. */
  now?: () => number;
}

/**
 * Server-sent events with a token. A stream that ends is opened again, each time with a current token; one that is
 * refused or cut soon is tried ever more seldom: a new token may come, and after each beginning the page asks for all it
 * shows. @returns ends it
 */
export function listenByFetch(source: Source, listener: StreamListener): () => void {
  const ending = new AbortController();
  void keepListening(source, listener, ending.signal);
  return () => ending.abort();
}

async function keepListening(source: Source, listener: StreamListener, signal: AbortSignal): Promise<void> {
  const { pause = waitFor, now = () => performance.now() } = source;
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    const openedAt = now();
    await listenOnce(source, listener, signal).catch(() => undefined);
    if (now() - openedAt > PAUSE_MS_MAX) pauseMs = FIRST_PAUSE_MS;
    if (!signal.aborted) await pause(pauseMs);
    pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
  }
}

/** Until the stream ends or breaks. */
async function listenOnce(source: Source, listener: StreamListener, signal: AbortSignal): Promise<void> {
  const headers = { Accept: "text/event-stream", ...(await authorization(source.token)) };
  const response = await source.fetch(source.url, { headers, signal, credentials: "same-origin" });
  if (!response.ok || response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    // The last line may go on in the next piece.
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) tell(/^event: ?(\w+)\r?$/.exec(line)?.[1], listener);
  }
}

/** Of an event only its name counts here, so it is told when that line is read. */
function tell(event: string | undefined, listener: StreamListener): void {
  if (event === "ready") listener.onReady?.();
  const topic = streamTopics.find((each) => each === event);
  if (topic !== undefined) listener.onTopic(topic);
}
