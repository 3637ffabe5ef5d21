/** What changed at the server; the page then asks for it again. */
export type StreamTopic = "usage" | "credits" | "subscription" | "notice";

export const streamTopics: readonly StreamTopic[] = ["usage", "credits", "subscription", "notice"];

/** The part of the browser's EventSource that is used, so that a test can hand in its own. */
export interface EventSourceLike {
  addEventListener(name: string, listener: () => void): void;
  close(): void;
}

export interface StreamListener {
  onTopic: (topic: StreamTopic) => void;
  /** Called when the server begins to watch, at first and after a lost connection: what came before is not told. */
  onReady?: () => void;
}

/** @returns ends the stream */
export function listenTo(source: EventSourceLike, listener: StreamListener): () => void {
  source.addEventListener("ready", () => listener.onReady?.());
  for (const topic of streamTopics) source.addEventListener(topic, () => listener.onTopic(topic));
  return () => source.close();
}
