import type { HttpBindings } from "@hono/node-server";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { SECOND_MS } from "@bursar/core";
import { streamSSE } from "hono/streaming";
import type { CredentialKind } from "../../accounts/roles.ts";
import { accountOf, isStillLetIn, type AppContext, type Variables } from "../caller.ts";
import { createEventPump } from "../event-pump.ts";
import { ProblemError } from "../problem.ts";
import type { Services } from "../services.ts";

/** Something is sent at least this often, so that neither side's proxy takes a quiet page for a dead one. */
const HEARTBEAT_MS = 20 * SECOND_MS;
/** Three heartbeats that nobody took: the reader is gone, and only their connection is not. */
const READS_WITHIN_MS = 60 * SECOND_MS;

/** Pages that one person has open, many times over; a product's backend listens for all of its people. */
const OF_CREDENTIAL_MAX = 50;
const OF_PLATFORM_MAX = 2_000;
/** Of one server: bounds its memory. Measured at 1,000 by `npm run bench -- --only streams`. */
const OF_SERVER_MAX = 5_000;

/** `GET /api/billing/stream`: names what changed; the page then asks for it. */
export function streamRoute(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, stream: hub, clock } = services;
  const open = new Map<string, number>();

  /** @returns what counts it as closed, once */
  function countOpen({ credentialId, kind }: { credentialId: string; kind: CredentialKind }): () => void {
    const count = open.get(credentialId) ?? 0;
    const most = kind === "platform_key" ? OF_PLATFORM_MAX : OF_CREDENTIAL_MAX;
    if (count >= most) throw tooMany(most);
    if (hub.watchers() >= OF_SERVER_MAX) {
      throw new ProblemError(
        "unavailable",
        "This server has as many open streams as it takes. Try again soon.",
      );
    }
    open.set(credentialId, count + 1);
    return () => {
      const left = open.get(credentialId)! - 1;
      if (left === 0) open.delete(credentialId);
      else open.set(credentialId, left);
    };
  }

  app.get("/api/billing/stream", async (c) => {
    const accountId = await accountOf(c, database);
    // Of an answer without a body nobody reads a word: a stream for it would be open until that was found out.
    if (c.req.method === "HEAD") return c.body(null, 200, { "content-type": "text/event-stream" });
    const { expiresAt, ...caller } = c.get("caller");
    const close = countOpen(caller);
    return streamSSE(c, async (stream) => {
      const pump = createEventPump({
        write: (text) => stream.write(text),
        isLetIn: () => isStillLetIn(c, services),
        nextLookMs: () =>
          expiresAt === null ? HEARTBEAT_MS : Math.max(1, Math.min(HEARTBEAT_MS, expiresAt - clock.now())),
        readsWithinMs: READS_WITHIN_MS,
      });
      stream.onAbort(pump.end);
      let letGo = () => {};
      try {
        letGo = await hub.watch(accountId, pump.tell, pump.end);
        if (stream.aborted) return;
        // It ends with the credential: expired, revoked, or its member removed. The page then asks and is told why.
        if ((await pump.run()) === "unread") cutOff(c);
      } finally {
        letGo();
        close();
      }
    });
  });
}

/** What is never read is never ended either: its end would wait behind the rest. */
function cutOff(c: AppContext): void {
  (c.env as HttpBindings).outgoing.destroy();
}

function tooMany(most: number): ProblemError {
  return new ProblemError(
    "rate_limited",
    `This credential has ${most} event streams open, the most there can be. Close one, or use one stream for several pages.`,
    { headers: { "retry-after": "30" } },
  );
}
