import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { escape } from "../mail/render.ts";
import type { App } from "./app-type.ts";
import { DOCS_STYLE } from "./docs-style.ts";
import { readGuides, type Guides } from "./guides.ts";
import { referencePage, type OpenApi } from "./reference.ts";

/*
 * `/docs`: the guides of the repository and the reference of the API, as pages that are read without a script and from
 * this origin alone. A page is written when it is first asked for, and then kept.
 */

const REPOSITORY = join(import.meta.dirname, "../../../..");

const IMAGE_TYPES: Readonly<Record<string, string>> = { ".svg": "image/svg+xml", ".webp": "image/webp" };

interface Packed {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly packed: Uint8Array<ArrayBuffer>;
}

const REFERENCE = "api";

export function docsRoutes(app: App, openApi: () => object): void {
  let guides: Guides | undefined;
  const kept = new Map<string, Packed>();
  const pageOf = (slug: string): Packed | undefined => {
    guides ??= readGuides(REPOSITORY);
    const page = kept.get(slug) ?? write(slug, guides, openApi);
    if (page !== undefined) kept.set(slug, page);
    return page;
  };

  app.get("/docs/style.css", (c) => {
    const headers = { "content-type": "text/css; charset=utf-8", "cache-control": "max-age=3600" };
    return c.body(DOCS_STYLE, 200, headers);
  });
  app.get("/docs/:slug{.+}", (c) => {
    const slug = c.req.param("slug");
    const page = pageOf(slug);
    if (page !== undefined) return answer(page, c.req.header("accept-encoding"));
    const image = guides?.image(slug);
    if (image === undefined) return c.notFound();
    const type = IMAGE_TYPES[extname(slug)] ?? "image/png";
    return c.body(image, 200, { "content-type": type, "cache-control": "max-age=3600" });
  });
  app.get("/docs", (c) => {
    const page = pageOf("");
    return page === undefined
      ? c.redirect(`/docs/${REFERENCE}`, 302)
      : answer(page, c.req.header("accept-encoding"));
  });
}

function answer({ plain, packed }: Packed, accepted = ""): Response {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
    vary: "accept-encoding",
  };
  return /\bgzip\b/.test(accepted)
    ? new Response(packed, { headers: { ...headers, "content-encoding": "gzip" } })
    : new Response(plain, { headers });
}

function write(slug: string, guides: Guides | undefined, openApi: () => object): Packed | undefined {
  const page = slug === REFERENCE ? referencePage(openApi() as OpenApi) : guides?.html(slug);
  if (page === undefined) return undefined;
  const plain = new TextEncoder().encode(shell({ slug, contents: "", ...page }, guides));
  return { plain, packed: new Uint8Array(gzipSync(plain)) };
}

/** The navigation stands behind the text, where a phone has it too; a wide window shows it at the side. */
function shell(
  page: { slug: string; title: string; body: string; contents: string },
  guides: Guides | undefined,
): string {
  const link = (slug: string, title: string) => {
    const address = slug === "" ? "/docs" : `/docs/${slug}`;
    const here = slug === page.slug;
    return `<li><a href="${address}"${here ? ' aria-current="page"' : ""}>${escape(title)}</a>${here ? page.contents : ""}</li>`;
  };
  const groups = (guides?.groups ?? []).map(
    ({ title, guides: members }) =>
      `<h2>${escape(title)}</h2><ul>${members.map((each) => link(each.slug, each.title)).join("")}</ul>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(page.title)} | Bursar</title><link rel="stylesheet" href="/docs/style.css"></head><body id="top">
<header><a href="/docs">Bursar</a><a href="#contents">All pages</a></header>
<main>${page.body}</main>
<nav id="contents" aria-label="Documentation">${groups.join("")}<h2>API</h2><ul>${link(REFERENCE, "API reference")}</ul></nav>
</body></html>`;
}
