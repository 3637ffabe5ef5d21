import { callOptionsOf, type ClientOptions } from "./client-options.ts";
import { listenByFetch } from "./stream-by-fetch.ts";
import { listenTo, type EventSourceLike, type StreamListener } from "./stream.ts";

/** @returns ends the stream */
export function listen(options: ClientOptions, listener: StreamListener): () => void {
  const { baseUrl: url, token, fetch } = callOptionsOf(options, "/api/billing/stream");
  if (token !== undefined) return listenByFetch({ url, token, fetch }, listener);
  const open = options.openEventSource ?? browserEventSource();
  return open === undefined ? () => undefined : listenTo(() => open(url), listener);
}

function browserEventSource(): ((url: string) => EventSourceLike) | undefined {
  return typeof EventSource === "undefined" ? undefined : (url) => new EventSource(url);
}
