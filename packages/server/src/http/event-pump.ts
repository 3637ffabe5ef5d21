import { SECOND_MS } from "@bursar/core";
import { stopwatch } from "../system.ts";

/**
 * One open event stream. An event only names what changed, so what waits for a reader is a set of names and never grows
 * beyond them, however slowly they read. Whoever takes nothing for long is let go: they ask anew when they come back.
 */
export interface EventPump {
  /** Tells the reader, as soon as they take it. */
  readonly tell: (topics: readonly string[]) => void;
  readonly end: () => void;
  /** Resolves when the stream is over: ended, not let in any more, or not read. */
  readonly run: () => Promise<"ended" | "shut_out" | "unread">;
}

export function createEventPump(reader: {
  /** Resolves when the reader has room for more. */
  readonly write: (text: string) => Promise<unknown>;
  readonly isLetIn: () => Promise<boolean>;
  /** How long from now until it is looked again whether the reader is let in; something is sent then. */
  readonly nextLookMs: () => number;
  readonly readsWithinMs: number;
}): EventPump {
  const { write, isLetIn, nextLookMs, readsWithinMs } = reader;
  const waiting = new Set<string>(["ready"]);
  let isOver = false;
  // Each wait has its own: a promise that a stream of many days raced with at each of its waits would keep them all.
  let wake = () => {};
  let stopWriting = () => {};

  /** @returns whether it was woken before the time was over */
  function pause(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms);
      wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
  /** @returns whether the reader took it in time; what nobody waits for any more counts as taken */
  function take(text: string): Promise<boolean> {
    if (isOver) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(false), readsWithinMs);
      stopWriting = () => {
        clearTimeout(timer);
        resolve(true);
      };
      write(text).then(stopWriting, (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
  }
  return {
    tell(topics) {
      for (const topic of topics) waiting.add(topic);
      wake();
    },
    end() {
      isOver = true;
      wake();
      stopWriting();
    },
    async run() {
      let [sinceLook, lookAfterMs] = [stopwatch(), nextLookMs()];
      while (!isOver) {
        // Looked at first: where much happens there is always news.
        const leftMs = lookAfterMs - sinceLook() * SECOND_MS;
        let text = "";
        if (leftMs <= 0) {
          if (!(await isLetIn())) return "shut_out";
          [sinceLook, lookAfterMs] = [stopwatch(), nextLookMs()];
          text = ": still here\n\n";
        } else if (waiting.size > 0) {
          for (const topic of waiting) text += `event: ${topic}\ndata: {}\n\n`;
          waiting.clear();
        } else {
          await pause(leftMs);
          continue;
        }
        if (!(await take(text))) return "unread";
      }
      return "ended";
    },
  };
}
