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
  const over = Promise.withResolvers<"over">();
  let news = Promise.withResolvers<"news">();
  news.resolve("news");

  async function take(text: string): Promise<boolean> {
    return (await within(Promise.race([write(text), over.promise]), readsWithinMs)) !== "late";
  }
  return {
    tell(topics) {
      for (const topic of topics) waiting.add(topic);
      news.resolve("news");
    },
    end: () => over.resolve("over"),
    async run() {
      let [sinceLook, lookAfterMs] = [stopwatch(), nextLookMs()];
      for (;;) {
        // Looked at first: where much happens there is always news.
        const leftMs = lookAfterMs - sinceLook() * SECOND_MS;
        const came = leftMs <= 0 ? "late" : await within(Promise.race([over.promise, news.promise]), leftMs);
        if (came === "over") return "ended";
        let text = "";
        if (came === "late") {
          if (!(await isLetIn())) return "shut_out";
          [sinceLook, lookAfterMs] = [stopwatch(), nextLookMs()];
          text = ": still here\n\n";
        } else {
          news = Promise.withResolvers();
          for (const topic of waiting) text += `event: ${topic}\ndata: {}\n\n`;
          waiting.clear();
        }
        if (!(await take(text))) return "unread";
      }
    },
  };
}

/** No timer is left behind, which would keep a stopping service. */
async function within<Value>(awaited: Promise<Value>, ms: number): Promise<Value | "late"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), Math.max(0, ms));
  });
  try {
    return await Promise.race([awaited, late]);
  } finally {
    clearTimeout(timer);
  }
}
