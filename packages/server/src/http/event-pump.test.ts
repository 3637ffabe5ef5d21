import { describe, expect, it } from "vitest";
import { createEventPump } from "./event-pump.ts";

const NEVER_MS = 100_000;

/** A reader who takes a text only when told to. */
function newReader({ readsWithinMs = NEVER_MS, nextLookMs = (): number => NEVER_MS, isLetIn = true } = {}) {
  const texts: string[] = [];
  let taken = Promise.withResolvers<void>();
  const pump = createEventPump({
    write: (text) => {
      texts.push(text);
      taken = Promise.withResolvers();
      return taken.promise;
    },
    isLetIn: () => Promise.resolve(isLetIn),
    nextLookMs,
    readsWithinMs,
  });
  return { pump, texts, take: () => taken.resolve() };
}

describe("an event stream", () => {
  it("keeps for a slow reader each name once, however much happens", async () => {
    const { pump, texts, take } = newReader();
    const over = pump.run();
    await expect.poll(() => texts).toEqual(["event: ready\ndata: {}\n\n"]);
    for (let count = 0; count < 100_000; count += 1) pump.tell(["usage", "credits"]);
    take();
    await expect.poll(() => texts.length).toBe(2);
    expect(texts[1]).toBe("event: usage\ndata: {}\n\nevent: credits\ndata: {}\n\n");
    take();
    pump.tell(["notice"]);
    await expect.poll(() => texts[2]).toBe("event: notice\ndata: {}\n\n");
    pump.end();
    expect(await over).toBe("ended");
  });

  it("lets go of who takes nothing for long", async () => {
    const { pump } = newReader({ readsWithinMs: 10 });
    expect(await pump.run()).toBe("unread");
  });

  it("ends with who is not let in any more, also where much happens", async () => {
    const { pump, take, texts } = newReader({ nextLookMs: () => 20, isLetIn: false });
    const busy = setInterval(() => {
      pump.tell(["usage"]);
      take();
    }, 1);
    expect(await pump.run()).toBe("shut_out");
    clearInterval(busy);
    expect(texts.length).toBeGreaterThan(0);
  });

  it("says now and then that it is there still", async () => {
    const { pump, take, texts } = newReader({ nextLookMs: () => 5 });
    void pump.run();
    await expect
      .poll(() => {
        take();
        return texts.includes(": still here\n\n");
      })
      .toBe(true);
    pump.end();
  });
});
