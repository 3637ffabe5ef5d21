import { existsSync, readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Variables } from "./caller.ts";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".map": "application/json",
};

const NOT_BUILT = "The page is not built. Start Bursar with: npm start";

/** Serves the built page from memory: its files are few, and a name from outside never reaches the disk. */
export function pageRoutes(app: OpenAPIHono<{ Variables: Variables }>, folder: string): void {
  const files = readFiles(folder);
  const index = files.get("index.html");

  app.get("/assets/:name", (c) => {
    const file = files.get(`assets/${c.req.param("name")}`);
    if (file === undefined) return c.notFound();
    // The name carries a hash of the content, so it may be kept for good.
    return c.body(file.body, 200, {
      "content-type": file.type,
      "cache-control": "public, max-age=31536000, immutable",
    });
  });
  for (const [name, file] of files) {
    if (name.includes("/") || name === "index.html") continue;
    app.get(`/${name}`, (c) =>
      c.body(file.body, 200, { "content-type": file.type, "cache-control": "max-age=3600" }),
    );
  }
  app.get("/", (c) => c.redirect("/settings/billing", 302));
  for (const path of ["/settings/*", ...DOORS]) {
    app.get(path, (c) => {
      if (index === undefined) return c.text(NOT_BUILT, 503);
      return c.body(index.body, 200, {
        "content-type": index.type,
        "cache-control": "no-cache",
        // The address of a door may hold a secret.
        ...(DOORS.includes(path) ? { "referrer-policy": "no-referrer" } : {}),
      });
    });
  }
}

/** Screens for who is not signed in yet. */
const DOORS = ["/sign-in", "/forgot-password", "/reset-password", "/confirm-email", "/invitation"];

interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

function readFiles(folder: string): Map<string, PageFile> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return new Map(
    names
      .filter((name) => TYPES[extname(name)] !== undefined)
      .map((name) => [
        name.replaceAll("\\", "/"),
        { body: new Uint8Array(readFileSync(join(folder, name))), type: TYPES[extname(name)]! },
      ]),
  );
}
