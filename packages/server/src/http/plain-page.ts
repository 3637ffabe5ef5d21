import type { OpenAPIHono } from "@hono/zod-openapi";
import { escape } from "../mail/render.ts";
import type { Variables } from "./caller.ts";
import { PLAIN_STYLE } from "./plain-style.ts";

export function plainStyleRoute(app: OpenAPIHono<{ Variables: Variables }>): void {
  app.get("/plain.css", (c) => {
    const headers = { "content-type": "text/css; charset=utf-8", "cache-control": "max-age=3600" };
    return c.body(PLAIN_STYLE, 200, headers);
  });
}

/** A page of words and one form, for who comes from a mail: it needs no script, so it works in any browser. */
export function plainPage(title: string, body: string): Response {
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)}</title><link rel="stylesheet" href="/plain.css"></head>
<body><main><h1>${escape(title)}</h1>
${body}
</main></body>
</html>
`;
  return new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      // The address holds a secret.
      "referrer-policy": "no-referrer",
    },
  });
}

export const paragraph = (text: string): string => `<p>${escape(text)}</p>`;

export function form(action: string, inside: string): string {
  return `<form method="post" action="${escape(action)}">${inside}</form>`;
}
