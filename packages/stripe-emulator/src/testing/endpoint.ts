/** A webhook endpoint of the tests' own, closed by itself after the test. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import type { Stripe } from "../wire/stripe-types.ts";

export interface Received {
  body: string;
  signature: string;
  event: Stripe.Event;
}

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Answers with the given statuses in turn, then 200; `next` waits for one more request. */
export async function startEndpoint(statuses: number[] = []) {
  const received: Received[] = [];
  const all: Received[] = [];
  const waiting: ((one: Received) => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const event = JSON.parse(body) as Stripe.Event;
      const one = { body, event, signature: String(request.headers["stripe-signature"]) };
      response.writeHead(statuses.shift() ?? 200).end();
      all.push(one);
      const waiter = waiting.shift();
      if (waiter === undefined) received.push(one);
      else waiter(one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const next = (): Promise<Received> => {
    const ready = received.shift();
    return ready ? Promise.resolve(ready) : new Promise((resolve) => waiting.push(resolve));
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, next, types: () => all.map(({ event }) => event.type), count: () => all.length };
}
