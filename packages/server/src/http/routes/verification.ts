import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { verifyBook, type BookReport } from "../../book/verify-book.ts";
import { requirePlatformKey, type Variables } from "../caller.ts";
import { answers } from "../openapi.ts";
import type { Services } from "../services.ts";

const report = z
  .object({
    accounts: z.int(),
    entries: z.int(),
    tokensMoved: z.int(),
    faults: z.array(z.object({ accountId: z.string(), rule: z.string(), found: z.string() })),
  })
  .openapi("BookReport");

const verificationRoute = createRoute({
  method: "get",
  path: "/api/verification",
  summary: "Prove the whole account book from its ledger entries (platform key; may take a while)",
  responses: answers(report),
});

/**
 * For `bursar verify` beside a service with the embedded database, which no second process can open. Those who ask
 * while one is under way share its answer, so that asking often costs no more than asking once.
 */
export function verificationRoutes(app: OpenAPIHono<{ Variables: Variables }>, services: Services): void {
  let underWay: Promise<BookReport> | null = null;
  app.openapi(verificationRoute, async (c) => {
    requirePlatformKey(c);
    underWay ??= verifyBook(services.database, services.catalog).finally(() => (underWay = null));
    const { faults, ...totals } = await underWay;
    return c.json({ ...totals, faults: [...faults] }, 200);
  });
}
