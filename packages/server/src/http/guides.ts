import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { Marked, type Tokens } from "marked";
import { escape } from "../mail/render.ts";

/*
 * The Markdown of the repository as pages of the running product. docs/README.md is the table of contents: its headings
 * are the groups of the navigation, and what its lists link to are the pages, so a guide that is not in it is not served.
 */

interface Guide {
  /** Of its address: `/docs/credits`. */
  readonly slug: string;
  readonly title: string;
  /** From the root of the repository. */
  readonly file: string;
}

interface GuideGroup {
  readonly title: string;
  readonly guides: readonly Guide[];
}

export interface Guides {
  readonly groups: readonly GuideGroup[];
  /** The contents themselves are the page without a slug. */
  html(slug: string): { title: string; body: string } | undefined;
  /** An image beside the guides. */
  image(name: string): Uint8Array<ArrayBuffer> | undefined;
}

const CONTENTS = "docs/README.md";

/** @param root of the repository; without its docs there are no guides */
export function readGuides(root: string): Guides | undefined {
  if (!existsSync(join(root, CONTENTS))) return undefined;
  // An installation need not have all of the repository: a guide whose file is not there is left out.
  const groups = groupsOf(readFileSync(join(root, CONTENTS), "utf8")).map(({ title, guides }) => ({
    title,
    guides: guides.filter(({ file }) => existsSync(join(root, file))),
  }));
  const all = [
    ...groups.flatMap(({ guides }) => guides),
    { slug: "", title: "Documentation", file: CONTENTS },
  ];
  const addressOf = new Map(all.map(({ file, slug }) => [file, slug === "" ? "/docs" : `/docs/${slug}`]));
  const images = new Set<string>();
  const pages = new Map(
    all.map(({ slug, title, file }) => {
      const markdown = readFileSync(join(root, file), "utf8");
      return [slug, { title, body: render(markdown, { file, addressOf, images }) }];
    }),
  );
  return {
    groups,
    html: (slug) => pages.get(slug),
    image: (name) => (images.has(name) ? new Uint8Array(readFileSync(join(root, "docs", name))) : undefined),
  };
}

/** `- [Title](file.md)` below `## Group`. */
function groupsOf(contents: string): GuideGroup[] {
  return contents
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      title: section.slice(0, section.indexOf("\n")).trim(),
      guides: [...section.matchAll(/^- \[([^\]]+)\]\(([^)#]+\.md)\)/gm)].map(([, title, path]) => {
        const file = posix.join("docs", path!);
        return { title: title!, file, slug: slugOf(file) };
      }),
    }));
}

/** `docs/credits.md` is `credits`; a README goes by its folder's name. */
const slugOf = (file: string): string =>
  file
    .replace(/\/README\.md$/, "")
    .replace(/\.md$/, "")
    .replace(/^docs\/|^packages\/|^examples\//, "");

interface Place {
  file: string;
  addressOf: ReadonlyMap<string, string>;
  /** Those that the pages show, from the docs folder. */
  images: Set<string>;
}

function render(markdown: string, { file, addressOf, images }: Place): string {
  const resolved = (href: string) => posix.join(dirname(file), href);
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, raw }: Tokens.Heading): string {
        return `<h${depth} id="${anchorOf(raw)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link): string {
        const text = this.parser.parseInline(tokens);
        if (/^(https?:|mailto:|#|\/docs)/.test(href)) return `<a href="${escape(href)}">${text}</a>`;
        const [path = "", anchor] = href.split("#");
        const address = addressOf.get(resolved(path)) ?? addressOf.get(resolved(`${path}/README.md`));
        // A file of the source is not served: its path is told, for who has the repository.
        if (address === undefined) return `${text} (<code>${escape(resolved(path))}</code>)`;
        return `<a href="${address}${anchor === undefined ? "" : `#${anchor}`}">${text}</a>`;
      },
      image({ href, text }: Tokens.Image): string {
        const name = resolved(href).replace(/^docs\//, "");
        images.add(name);
        return `<img loading="lazy" src="/docs/${escape(name)}" alt="${escape(text)}">`;
      },
      code({ text }: Tokens.Code): string {
        // It may be wider than the page; then it is moved by keyboard too.
        return `<pre tabindex="0"><code>${escape(text)}</code></pre>\n`;
      },
      html: () => "",
    },
  });
  const html = marked.parse(markdown, { async: false });
  return html
    .replaceAll("<table>", '<div class="wide" tabindex="0"><table>')
    .replaceAll("</table>", "</table></div>");
}

/** As GitHub makes them, so that a link to a heading works in both places. */
function anchorOf(heading: string): string {
  return heading
    .replace(/^#+\s*/, "")
    .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}
