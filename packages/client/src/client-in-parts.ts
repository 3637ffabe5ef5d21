import { createCall } from "./call.ts";
import { callOptionsOf, type ClientOptions } from "./client-options.ts";
import type { Client } from "./create-client.ts";
import type { StreamListener } from "./stream.ts";

/**
 * The client of a page that may show one part only. What shows an account is there at once; the code of the stream, and of
 * all other calls, comes when the first of them is made, so that a part alone does not bring what others ask.
 */
export function createClientInParts(options: ClientOptions): Client {
  const call = createCall(callOptionsOf(options, "/api/billing"));
  const first: Partial<Client> = {
    overview: () => call("", {}),
    stream: (listener) => listenLater(options, listener),
  };
  let coming: Promise<Client> | undefined;
  const whole = () =>
    (coming ??= loadCalls().then(
      ({ createClient }) => createClient(options),
      (error: unknown) => {
        // The next call asks for the code again.
        coming = undefined;
        throw error;
      },
    ));
  return new Proxy(first as Client, {
    // What is awaited is asked for its `then`, and a client is no promise.
    get: (calls, name: keyof Client | "then") =>
      name === "then" ? undefined : (calls[name] ?? calledLater(whole, [name])),
  });
}

/** Loads the code of the calls, for whoever is about to make them. */
export const loadCalls = () => import("./create-client.ts");

/** `client.plans`, or `client.keys` and then `.list`: a call by the names that lead to it. */
function calledLater(whole: () => Promise<Client>, names: readonly string[]): never {
  return new Proxy(() => undefined, {
    get: (_, name: string) => calledLater(whole, [...names, name]),
    apply: async (_, __, given: unknown[]) => {
      let found: unknown = await whole();
      for (const name of names) found = (found as Record<string, unknown>)[name];
      return (found as (...given: unknown[]) => unknown)(...given);
    },
  }) as never;
}

/** Where the code cannot be had nothing is told, and the caller polls. */
function listenLater(options: ClientOptions, listener: StreamListener): () => void {
  let isEnded = false;
  let end = () => {
    isEnded = true;
  };
  void import("./listen.ts").then(
    ({ listen }) => {
      if (!isEnded) end = listen(options, listener);
    },
    () => undefined,
  );
  return () => end();
}
