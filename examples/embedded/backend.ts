/*
 * The product's backend: serves its page under a strict content security policy, and mints a session token for whoever is
 * signed in (here everybody is Ann, the owner). The platform key stays on this side.
 *
 *   npx vite build examples/embedded && PORT=5100 BURSAR_URL=http://127.0.0.1:4242 BURSAR_KEY=bsk_... \
 *     npx node examples/embedded/backend.ts
 */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join } from "node:path";

const TYPES: Record<string, string> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const TOKEN_SECONDS = 900;

interface StudioOptions {
  bursarUrl: string;
  platformKey: string;
  /** Bursar's id of the customer, or the product's own. */
  account: string;
  dist?: string;
}

export function createStudio(options: StudioOptions): Server {
  const { bursarUrl, dist = join(import.meta.dirname, "dist") } = options;
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${bursarUrl}`,
    "base-uri 'none'",
  ].join("; ");
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://studio");
    if (request.method === "POST" && pathname === "/billing-token") {
      const origin = request.headers.origin ?? "";
      void mintToken(options, origin).then(
        (body) => response.writeHead(200, { "content-type": "application/json" }).end(body),
        () => response.writeHead(502).end(),
      );
      return;
    }
    const isAsset = /^\/assets\/[\w.-]+$/.test(pathname);
    const name = isAsset ? pathname.slice(1) : "index.html";
    const head = `<head><meta name="bursar-url" content="${bursarUrl}" />`;
    const body = readFileSync(join(dist, name));
    response
      .writeHead(200, {
        "content-type": TYPES[extname(name)] ?? "text/html; charset=utf-8",
        "content-security-policy": policy,
      })
      .end(isAsset ? body : body.toString("utf8").replace("<head>", head));
  });
}

async function mintToken(
  { bursarUrl, platformKey, account }: StudioOptions,
  origin: string,
): Promise<string> {
  const answer = await fetch(`${bursarUrl}/api/session-tokens`, {
    method: "POST",
    headers: { authorization: `Bearer ${platformKey}`, "content-type": "application/json" },
    body: JSON.stringify({ account, role: "owner", ttlSeconds: TOKEN_SECONDS, returnOrigin: origin }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.text();
}

if (process.argv[1] === import.meta.filename) {
  const {
    PORT = "5100",
    BURSAR_URL = "http://127.0.0.1:4242",
    BURSAR_KEY = "",
    BURSAR_ACCOUNT = "acme",
  } = process.env;
  const studio = createStudio({ bursarUrl: BURSAR_URL, platformKey: BURSAR_KEY, account: BURSAR_ACCOUNT });
  studio.listen(Number(PORT), "127.0.0.1", () => console.log(`http://127.0.0.1:${PORT}/settings/billing`));
}
