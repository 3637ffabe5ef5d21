import type { HttpBindings } from "@hono/node-server";

/** Routes run on Node's own server, so that they can tell when an answer is out. */
export interface Env {
  Bindings: HttpBindings;
}
