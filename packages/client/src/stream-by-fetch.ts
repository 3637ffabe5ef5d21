import { authorization, type TokenSource } from "./call.ts";
import { waitFor } from "./retry.ts";
import { FIRST_PAUSE_MS, PAUSE_MS_MAX, streamTopics, type StreamListener } from "./stream.ts";

interface Source {
  url: string;
  token: TokenSource;
  fetch: typeof fetch;
  /** Waits; a test hands in its own. */
  pause?: (ms: number) => Promise<void>;
}

/**
 * Server-sent events with a token. A stream that ends is opened again, each time with a current token; one that is
 * refused is tried ever more seldom, because a new token may come. @returns ends it
 */
export function listenByFetch(source: Source, listener: StreamListener): () => void {
  const ending = new AbortController();
  void keepListening(source, listener, ending.signal);
  return () => ending.abort();
}

async function keepListening(source: Source, listener: StreamListener, signal: AbortSignal): Promise<void> {
  const { pause = waitFor } = source;
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    const began = await listenOnce(source, listener, signal).catch(() => false);
    if (began) pauseMs = FIRST_PAUSE_MS;
    if (!signal.aborted) await pause(pauseMs);
    pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
  }
}

/** @returns whether the server began to tell, once it has ended */
async function listenOnce(source: Source, listener: StreamListener, signal: AbortSignal): Promise<boolean> {
  const headers = { Accept: "text/event-stream", ...(await authorization(source.token)) };
  const response = await source.fetch(source.url, { headers, signal, credentials: "same-origin" });
  if (!response.ok || response.body === null) return false;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let began = false;
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return began;
      // The last line may go on in the next piece.
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const event = /^event: ?(\w+)\r?$/.exec(line)?.[1];
        if (event !== undefined) began = true;
        tell(event, listener);
      }
    }
  } catch {
    return began;
  }
}

/** Of an event only its name counts here, so it is told when that line is read. */
function tell(event: string | undefined, listener: StreamListener): void {
  if (event === "ready") listener.onReady?.();
  const topic = streamTopics.find((each) => each === event);
  if (topic !== undefined) listener.onTopic(topic);
}
