/* The guides as a running product serves them: every page of the contents, and every link in them. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databases, startService, type RunningService } from "./service.ts";

const DOCS = join(import.meta.dirname, "../../docs");

describe("B5 the docs in the product", () => {
  let running: RunningService;
  const pages = new Map<string, string>();
  beforeAll(async () => {
    running = await startService(databases[1]!.open, { hasWebhooks: false });
    const contents = await (await fetch(`${running.url}/docs`)).text();
    pages.set("/docs", contents);
    for (const [, address] of contents.matchAll(/href="(\/docs\/[^"#.]+)"/g)) {
      const response = await fetch(running.url + address!);
      expect([address, response.status]).toEqual([address, 200]);
      pages.set(address!, await response.text());
    }
  });
  afterAll(() => running.stop());

  it("every guide of the folder is in the contents", () => {
    const guides = readdirSync(DOCS, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md") && name !== "README.md")
      .map((name) => `/docs/${name.replaceAll("\\", "/").replace(".md", "")}`);
    expect(guides.length).toBeGreaterThan(15);
    expect(guides.filter((address) => !pages.has(address))).toEqual([]);
  });

  it("the pages load nothing from elsewhere and have no script or inline style", () => {
    const strange = [...pages].filter(([, html]) =>
      /<script|\sstyle=|<(img|link|iframe)[^>]+="(https?:)?\/\//.test(html),
    );
    expect(strange.map(([address]) => address)).toEqual([]);
  });

  it("every link and picture leads to a page, to its heading, or to a file that is there", async () => {
    const lost: string[] = [];
    for (const [address, html] of pages) {
      for (const [, target] of html.matchAll(/(?:href|src)="((?:\/docs|#)[^"]*)"/g)) {
        const [path, anchor] = target!.split("#");
        const page = pages.get(path === "" ? address : path!);
        const isThere =
          page === undefined
            ? (await fetch(running.url + path)).ok
            : anchor === undefined || page.includes(`id="${anchor}"`);
        if (!isThere) lost.push(`${address}: ${target}`);
      }
    }
    expect(lost).toEqual([]);
  });

  it("what is no page is not found, and no file outside the guides is served", async () => {
    for (const path of ["/docs/nothing", "/docs/..%2Fpackage.json", "/docs/screenshots/none.png"]) {
      expect([path, (await fetch(running.url + path)).status]).toEqual([path, 404]);
    }
  });
});
