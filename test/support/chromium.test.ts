import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("the browser is unpacked whole and once, though two processes ask for it at the same time", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bursar-unpack-"));
  try {
    const script = `
      import { chromium } from ${JSON.stringify(join(import.meta.dirname, "chromium.ts"))};
      import playwright from "@playwright/test";
      const browser = await playwright.chromium.launch(await chromium());
      const page = await browser.newPage();
      await page.setContent("<p>one page</p>");
      console.log(await page.locator("p").textContent());
      await browser.close();`;
    const ask = () =>
      promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
        cwd: import.meta.dirname,
        env: { ...process.env, TMPDIR: folder },
      });
    const pages = await Promise.all([ask(), ask()]);
    for (const { stdout } of pages) expect(stdout).toBe("one page\n");
    const [owned] = readdirSync(folder).filter((name) => name.startsWith("bursar-chromium-"));
    expect(readdirSync(join(folder, owned!))).toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
