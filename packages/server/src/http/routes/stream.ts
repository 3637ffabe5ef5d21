import type { OpenAPIHono } from "@hono/zod-openapi";
import { SECOND_MS } from "@bursar/core";
import { streamSSE } from "hono/streaming";
import { accountOf, isStillLetIn, type Variables } from "../caller.ts";
import type { Services } from "../services.ts";

/** Something is sent at least this often, so that neither side's proxy takes a quiet page for a dead one. */
const HEARTBEAT_MS = 20 * SECOND_MS;

/** `GET /api/billing/stream`: names what changed; the page then asks for it. */
export function streamRoute(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { database, stream: hub, clock } = services;
  app.get("/api/billing/stream", async (c) => {
    const accountId = await accountOf(c, database);
    const { expiresAt } = c.get("caller");
    return streamSSE(c, async (stream) => {
      const over = Promise.withResolvers<void>();
      const tell = (topics: readonly string[]) => {
        for (const event of topics) void stream.writeSSE({ event, data: "{}" });
      };
      const letGo = await hub.watch(accountId, tell, over.resolve);
      stream.onAbort(over.resolve);
      try {
        if (stream.aborted) return;
        await stream.writeSSE({ event: "ready", data: "{}" });
        for (;;) {
          const validMs = expiresAt === null ? HEARTBEAT_MS : Math.max(1, expiresAt - clock.now());
          if (await comesWithin(over.promise, Math.min(HEARTBEAT_MS, validMs))) return;
          // It ends with the credential: expired, revoked, or its member removed. The page then asks and is told why.
          if (!(await isStillLetIn(c, services))) return;
          await stream.write(": still here\n\n");
        }
      } finally {
        letGo();
      }
    });
  });
}

/** Whether it comes before the time is over. No timer is left behind, which would keep a stopping service. */
async function comesWithin(awaited: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeOver = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  const came = await Promise.race([awaited.then(() => true), timeOver]);
  clearTimeout(timer);
  return came;
}
