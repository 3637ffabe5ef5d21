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
      const letGo = await hub.watch(accountId, (topics) => {
        for (const event of topics) void stream.writeSSE({ event, data: "{}" });
      });
      stream.onAbort(letGo);
      // Whoever left while the watch began is not told any more.
      if (stream.aborted) letGo();
      await stream.writeSSE({ event: "ready", data: "{}" });
      while (!stream.aborted && !stream.closed) {
        await stream.sleep(Math.min(HEARTBEAT_MS, Math.max(1, (expiresAt ?? Infinity) - clock.now())));
        if (stream.aborted) break;
        // It ends with the credential: expired, revoked, or its member removed. The page then asks and is told why.
        if (!(await isStillLetIn(c, services))) return letGo();
        await stream.write(": still here\n\n");
      }
    });
  });
}
