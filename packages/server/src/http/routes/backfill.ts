import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { createEventImport } from "../../usage/import-events.ts";
import { readPastEvent } from "../../usage/read-past-event.ts";
import { requirePlatformKey, type Variables } from "../caller.ts";
import { answers, jsonBody } from "../openapi.ts";
import { backfillRequest, ingestAnswer } from "../schemas/usage.ts";
import type { Services } from "../services.ts";

const backfillRoute = createRoute({
  method: "post",
  path: "/api/events/backfill",
  summary: "Count up to 1,000 past events, each in the window of its time; draws no tokens, alerts nobody",
  request: jsonBody(backfillRequest),
  responses: answers(ingestAnswer),
});

/** What `bursar events import` calls where one process has the database: rows are judged as those of a file are. */
export function backfillRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  const { catalog } = services;
  const importEvents = createEventImport({ ...services, context: services.bookContext });

  app.openapi(backfillRoute, async (c) => {
    requirePlatformKey(c);
    const read = c.req.valid("json").map((row) => ({ id: row["id"], event: readPastEvent(catalog, row) }));
    const good = read.flatMap(({ event }) => ("account" in event ? [event] : []));
    const recorded = (good.length === 0 ? [] : await importEvents(good)).values();
    const results = read.map(({ id, event }) => {
      const outcome = "account" in event ? recorded.next().value! : event;
      const named = { id: typeof id === "string" ? id : null };
      return typeof outcome === "string"
        ? { ...named, status: outcome }
        : { ...named, status: "refused" as const, ...outcome };
    });
    const count = (status: string) => results.filter((result) => result.status === status).length;
    return c.json(
      { accepted: count("accepted"), duplicates: count("duplicate"), refused: count("refused"), results },
      200,
    );
  });
}
