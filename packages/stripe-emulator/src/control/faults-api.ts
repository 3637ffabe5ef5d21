/**
 * Faults over HTTP, for tests in any language. JSON, outside /v1, and without a key: whoever reaches the port may use
 * it, but for a page of another site in somebody's browser.
 *
 *   GET    /_emulator/faults        what is on, with how often each matched and struck
 *   POST   /_emulator/faults        order one
 *   DELETE /_emulator/faults        end them all
 *   DELETE /_emulator/faults/{id}   end one
 */
import type { Context, Hono } from "hono";
import type { Env } from "../env.ts";
import { parseFault } from "../faults/parse.ts";
import type { Sandbox } from "../sandbox.ts";
import { refuseOtherSites } from "./same-site.ts";

const PATH = "/_emulator/faults";

export function mountFaults(app: Hono<Env>, { faults }: Sandbox): void {
  app.use(`${PATH}/*`, refuseOtherSites);
  // A browser that is shown the address gets the page of the same address.
  app.get(PATH, (c, next) =>
    c.req.header("accept")?.includes("text/html") ? next() : c.json({ data: faults.list() }),
  );
  app.post(PATH, async (c) => {
    const parsed = parseFault(await readJson(c));
    if ("wrong" in parsed) return c.json({ error: { message: parsed.wrong, field: parsed.field } }, 400);
    return c.json(faults.add(parsed), 201);
  });
  app.delete(PATH, (c) => c.json({ cleared: faults.clear() }));
  app.delete(`${PATH}/:id`, (c) => {
    const cleared = faults.clear(c.req.param("id"));
    if (cleared > 0) return c.json({ cleared });
    return c.json({ error: { message: `There is no fault ${c.req.param("id")}.`, field: "id" } }, 404);
  });
}

/** Undefined, which is no fault, when it is not JSON. */
async function readJson(c: Context<Env>): Promise<unknown> {
  try {
    return JSON.parse(await c.req.text());
  } catch {
    return undefined;
  }
}
