import { waitFor } from "./retry.ts";

/** What changed at the server; the page then asks for it again. */
export type StreamTopic = "usage" | "credits" | "subscription" | "notice";

export const streamTopics: readonly StreamTopic[] = ["usage", "credits", "subscription", "notice"];

/** The part of the browser's EventSource that is used, so that a test can hand in its own. */
export interface EventSourceLike {
  readonly readyState: number;
  addEventListener(name: string, listener: () => void): void;
  close(): void;
}

export interface StreamListener {
  onTopic: (topic: StreamTopic) => void;
  /** Called when the server begins to watch, at first and after a lost connection: what came before is not told. */
  onReady?: () => void;
}

/** Pauses between tries to connect double from the first to the last. */
export const FIRST_PAUSE_MS = 1_000;
export const PAUSE_MS_MAX = 30_000;

/** EventSource's word for having given up. */
const CLOSED = 2;

/**
 * An EventSource comes back by itself when its connection is lost, and gives up for good when it is answered with
 * anything but a stream, as a proxy does while the server behind it starts anew. Then another one is opened.
 *
 * @returns ends the stream
 */
export function listenTo(
  open: () => EventSourceLike,
  listener: StreamListener,
  pause: (ms: number) => Promise<void> = waitFor,
): () => void {
  let isOver = false;
  let pauseMs = FIRST_PAUSE_MS;
  let source = begin();
  function begin(): EventSourceLike {
    const begun = open();
    begun.addEventListener("ready", () => {
      pauseMs = FIRST_PAUSE_MS;
      listener.onReady?.();
    });
    for (const topic of streamTopics) begun.addEventListener(topic, () => listener.onTopic(topic));
    begun.addEventListener("error", () => {
      if (begun.readyState === CLOSED) void again();
    });
    return begun;
  }
  async function again(): Promise<void> {
    const waitMs = pauseMs;
    pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
    await pause(waitMs);
    if (!isOver) source = begin();
  }
  return () => {
    isOver = true;
    source.close();
  };
}
