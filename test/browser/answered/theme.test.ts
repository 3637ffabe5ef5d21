/* A host's colours: what a developer hears of those that are hard to read, and that a customer's browser hears nothing. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { build } from "vite";
import { teamOverview } from "../../../packages/react/src/sample-answers.test-data.ts";
import { expect, test } from "../fixtures.ts";

const TYPES: Record<string, string> = { ".js": "text/javascript", ".css": "text/css" };

test("E4 in dev mode a colour below 4.5 or 3 is told in the console, and only there", async ({ page }) => {
  const shipped = readdirSync(join(import.meta.dirname, "../../../apps/dashboard/dist/assets"));
  expect(shipped.filter((name) => name.startsWith("theme-check"))).toEqual([]);

  const dist = mkdtempSync(join(tmpdir(), "bursar-theme-"));
  try {
    await build({
      root: "examples/embedded",
      logLevel: "warn",
      define: { "process.env.NODE_ENV": '"development"' },
      build: { outDir: dist, emptyOutDir: true, minify: false },
    });
    await page.route("http://studio.test/**", (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === "/billing-token")
        return route.fulfill({ json: { token: "bst_1", expiresAt: "2099-01-01T00:00:00Z" } });
      if (pathname === "/api/billing") return route.fulfill({ json: teamOverview });
      if (pathname.startsWith("/api/")) return route.fulfill({ status: 404, body: "" });
      const name = pathname.startsWith("/assets/") ? pathname.slice(1) : "index.html";
      const contentType = TYPES[extname(name)] ?? "text/html; charset=utf-8";
      return route.fulfill({ body: readFileSync(join(dist, name)), contentType });
    });
    const told: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "warning" && message.text().startsWith("Bursar:")) told.push(message.text());
    });
    await page.goto("http://studio.test/settings/billing");
    await expect(page.getByText("3 seats, 1 in use")).toBeVisible();
    // The example's own accent is readable.
    expect(told).toEqual([]);
    await page.addInitScript(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(".bursar { --bursar-muted: oklch(0.75 0 0); --bursar-line: #ddd }");
      document.adoptedStyleSheets = [sheet];
    });
    await page.goto("http://studio.test/settings/billing");
    const said = (pair: string) => expect.poll(() => told.join("\n")).toContain(pair);
    await said("--bursar-muted on --bursar-bg has a contrast of 2.");
    await said("--bursar-line on --bursar-bg has a contrast of 1.3; it needs 3");
    expect(told.filter((text) => text.includes("--bursar-text"))).toEqual([]);
  } finally {
    rmSync(dist, { recursive: true, force: true });
  }
});
