import { expect, it } from "vitest";
import { createClient } from "./create-client.ts";
import { listenByFetch } from "./stream-by-fetch.ts";

function streamOf(pieces: string[]): Response {
  const encoder = new TextEncoder();
  return new Response(
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(encoder.encode(piece));
        controller.close();
      },
    }),
  );
}

it("tells events that come in pieces, and comes back with a current token when the stream ends", async () => {
  const answers = [
    streamOf(["event: rea", "dy\ndata: {}\n\nevent: usage\nda", "ta: {}\n\n: still here\n\n"]),
    new Response(null, { status: 401 }),
    streamOf(["event: ready\ndata: {}\n\nevent: unknown\n\nevent: credits\n\n"]),
  ];
  const tokens: (string | null)[] = [];
  const told: string[] = [];
  const pauses: number[] = [];
  let issued = 0;
  let now = 0;
  await new Promise<void>((resolve) => {
    const end = listenByFetch(
      {
        url: "http://billing.test/stream",
        token: () => `bst_${(issued += 1)}`,
        fetch: (_url, init) => {
          tokens.push(new Headers(init?.headers).get("authorization"));
          // Streams of a minute, between them an answer at once.
          if (answers.length !== 2) now += 60_000;
          return Promise.resolve(answers.shift() ?? new Response(null, { status: 503 }));
        },
        now: () => now,
        pause: (ms) => {
          pauses.push(ms);
          if (answers.length === 0) {
            end();
            resolve();
          }
          return Promise.resolve();
        },
      },
      { onReady: () => told.push("ready"), onTopic: (topic) => told.push(topic) },
    );
  });
  expect(told).toEqual(["ready", "usage", "ready", "credits"]);
  expect(tokens).toEqual(["Bearer bst_1", "Bearer bst_2", "Bearer bst_3"]);
  expect(pauses).toEqual([1_000, 2_000, 1_000]);
});

it("a stream that is cut as soon as it began is opened ever more seldom", async () => {
  const pauses: number[] = [];
  await new Promise<void>((resolve) => {
    const end = listenByFetch(
      {
        url: "http://billing.test/stream",
        token: "bst_1",
        fetch: () => Promise.resolve(streamOf(["event: ready\ndata: {}\n\n"])),
        now: () => 0,
        pause: (ms) => {
          pauses.push(ms);
          if (pauses.length === 7) {
            end();
            resolve();
          }
          return Promise.resolve();
        },
      },
      { onTopic: () => undefined },
    );
  });
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

it("asks the token's source before every call", async () => {
  const seen: (string | null)[] = [];
  let issued = 0;
  const client = createClient({
    token: () => Promise.resolve(`bst_${(issued += 1)}`),
    fetch: (_url, init) => {
      seen.push(new Headers(init?.headers).get("authorization"));
      return Promise.resolve(Response.json({ data: [] }));
    },
  });
  await client.plans();
  await client.packs();
  expect(seen).toEqual(["Bearer bst_1", "Bearer bst_2"]);
});
