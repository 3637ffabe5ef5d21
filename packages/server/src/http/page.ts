import { existsSync, readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Variables } from "./caller.ts";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".map": "application/json",
};

const NOT_BUILT = "The page is not built. Start Bursar with: npm start";

interface PageKind {
  readonly isTestMode: boolean;
  readonly isDemo: boolean;
}

/**
 * Serves the built page from memory, compressed once: its files are few, and a name from outside never reaches the disk.
 * Of the page itself the first line says whether this is Stripe's test mode, so that the banner is there from the first
 * paint and pushes nothing down later, and whether it is the demo, which no other page then has to ask.
 */
export function pageRoutes(app: OpenAPIHono<{ Variables: Variables }>, folder: string, kind: PageKind): void {
  const files = readFiles(folder);
  const built = files.get("index.html");
  const index = built === undefined ? built : ofKind(built, kind);

  app.get("/assets/:name", (c) => {
    const file = files.get(`assets/${c.req.param("name")}`);
    if (file === undefined) return c.notFound();
    // The name carries a hash of the content, so it may be kept for good.
    return send(c, file, "public, max-age=31536000, immutable");
  });
  for (const [name, file] of files) {
    if (name.includes("/") || name === "index.html") continue;
    app.get(`/${name}`, (c) => send(c, file, "max-age=3600"));
  }
  app.get("/", (c) => c.redirect("/settings/billing", 302));
  for (const path of ["/settings/*", ...DOORS]) {
    app.get(path, (c) => {
      if (index === undefined) return c.text(NOT_BUILT, 503);
      // The address of a door may hold a secret.
      if (DOORS.includes(path)) c.header("referrer-policy", "no-referrer");
      return send(c, index, "no-cache");
    });
  }
}

/** Screens for who is not signed in yet. */
const DOORS = ["/sign-in", "/forgot-password", "/reset-password", "/confirm-email", "/invitation"];

function send(c: Context, { type, body, packed }: PageFile, cacheControl: string): Response {
  const headers = { "content-type": type, "cache-control": cacheControl, vary: "accept-encoding" };
  const takesPacked = /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
  return takesPacked
    ? c.body(packed, 200, { ...headers, "content-encoding": "gzip" })
    : c.body(body, 200, headers);
}

interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly packed: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

function fileOf(content: Uint8Array | string, type: string): PageFile {
  const body = typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
  return { body, packed: new Uint8Array(gzipSync(body)), type };
}

function ofKind({ body, type }: PageFile, { isTestMode, isDemo }: PageKind): PageFile {
  const marks = `${isTestMode ? ' data-mode="test"' : ""}${isDemo ? " data-demo" : ""}`;
  return fileOf(new TextDecoder().decode(body).replace("<html", `<html${marks}`), type);
}

function readFiles(folder: string): Map<string, PageFile> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return new Map(
    names
      .filter((name) => TYPES[extname(name)] !== undefined)
      .map((name) => [
        name.replaceAll("\\", "/"),
        fileOf(readFileSync(join(folder, name)), TYPES[extname(name)]!),
      ]),
  );
}
