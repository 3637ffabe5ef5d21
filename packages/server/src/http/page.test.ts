import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenAPIHono } from "@hono/zod-openapi";
import { afterAll, describe, expect, it } from "vitest";
import type { Variables } from "./caller.ts";
import { pageRoutes } from "./page.ts";

const folder = mkdtempSync(join(tmpdir(), "bursar-page-"));
mkdirSync(join(folder, "assets"));
writeFileSync(join(folder, "index.html"), '<!doctype html><html lang="en"></html>');
writeFileSync(join(folder, "assets/index-1.js"), "export {};".repeat(100));
afterAll(() => rmSync(folder, { recursive: true }));

function served({ isTestMode = false, isDemo = false }) {
  const app = new OpenAPIHono<{ Variables: Variables }>();
  pageRoutes(app, folder, { isTestMode, isDemo });
  return (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
}

describe("the built page", () => {
  it.each([true, false])("says from its first line on whether it is test mode: %s", async (isTestMode) => {
    const page = await (await served({ isTestMode })("/settings/billing")).text();
    expect(page.includes('<html data-mode="test" lang="en">')).toBe(isTestMode);
  });

  it.each([true, false])("says so whether it is the demo: %s", async (isDemo) => {
    const page = await (await served({ isDemo })("/settings/billing")).text();
    expect(page.includes('<html data-demo lang="en">')).toBe(isDemo);
  });

  it("is sent compressed to who takes it so", async () => {
    const get = served({});
    const packed = await get("/assets/index-1.js", { "accept-encoding": "gzip, br" });
    expect(packed.headers.get("content-encoding")).toBe("gzip");
    expect((await packed.arrayBuffer()).byteLength).toBeLessThan(100);
    const plain = await get("/assets/index-1.js");
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect((await plain.text()).length).toBe(1_000);
  });
});
