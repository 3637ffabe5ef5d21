import { expect, it } from "vitest";
import { listenTo, type EventSourceLike } from "./stream.ts";

it("opens another stream, ever later, when one was refused, and leaves alone what comes back by itself", async () => {
  const opened: { readyState: number; tell: (event: string) => void; isClosed: boolean }[] = [];
  const pauses: number[] = [];
  const open = (): EventSourceLike => {
    const listeners = new Map<string, () => void>();
    const source = {
      readyState: 1,
      isClosed: false,
      tell: (event: string) => listeners.get(event)?.(),
      addEventListener: (name: string, listener: () => void) => void listeners.set(name, listener),
      close: () => void (source.isClosed = true),
    };
    opened.push(source);
    return source;
  };
  const heard: string[] = [];
  const listener = { onTopic: (topic: string) => heard.push(topic), onReady: () => heard.push("ready") };
  const close = listenTo(open, listener, (ms) => Promise.resolve(void pauses.push(ms)));
  const refuse = async () => {
    const last = opened.at(-1)!;
    last.readyState = 2;
    last.tell("error");
    await expect.poll(() => opened.at(-1)).not.toBe(last);
  };

  opened[0]!.tell("ready");
  // The browser connects again by itself.
  opened[0]!.readyState = 0;
  opened[0]!.tell("error");
  expect(opened).toHaveLength(1);
  await refuse();
  await refuse();
  opened[2]!.tell("ready");
  opened[2]!.tell("usage");
  await refuse();
  expect(pauses).toEqual([1_000, 2_000, 1_000]);
  expect(heard).toEqual(["ready", "ready", "usage"]);
  close();
  expect(opened.map(({ isClosed }) => isClosed)).toEqual([false, false, false, true]);
});
