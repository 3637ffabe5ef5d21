/* The example product: another site, a session token, its own colours and a strict policy. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import type { Overview } from "../../packages/client/src/index.ts";
import { createStudio } from "../../examples/embedded/backend.ts";
import { freePort } from "../support/free-port.ts";
import { expect, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { heardPolitely, listen } from "./heard.ts";

test("E1 E2 E3 B3 the page and a part alone work in a foreign app with a token, live, under a strict policy", async ({
  page,
  product,
  request,
  axe,
}) => {
  const dist = mkdtempSync(join(tmpdir(), "bursar-studio-"));
  const { url: bursarUrl, platformKey, account } = product;
  const studio = createStudio({ bursarUrl, platformKey, account, dist });
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  try {
    await build({ root: "examples/embedded", logLevel: "warn", build: { outDir: dist, emptyOutDir: true } });
    const port = await freePort();
    await new Promise<void>((resolve) => studio.listen(port, "127.0.0.1", resolve));
    await listen(page);
    await page.goto(`http://127.0.0.1:${port}/settings/billing`);
    await expect(page.getByRole("heading", { name: "Billing", level: 1 })).toBeVisible();
    const alone = page.getByRole("complementary").getByRole("meter", { name: "Storage" });
    const before = await alone.getAttribute("aria-valuenow");

    // The stream carries the token, so both copies of the bar follow without a reload.
    const use = async (id: string) => {
      const answer = await request.post(`${bursarUrl}/api/events`, {
        headers: { Authorization: `Bearer ${platformKey}`, "Bursar-Account": account },
        data: [{ id, meter: "storage", quantity: 1_048_576 }],
      });
      expect(answer.status()).toBe(200);
    };
    await use("embedded-1");
    await expect(alone).toHaveAttribute("aria-valuenow", String(Number(before) + 1_048_576));

    // A part outside of the page is heard too, in the one region of their provider, and what both have to say once (X4).
    await page.route(`${bursarUrl}/api/billing`, async (route) => {
      const response = await route.fetch();
      const overview = (await response.json()) as Overview;
      overview.usage["storage"] = { ...overview.usage["storage"]!, state: "reached", percent: 100 };
      await route.fulfill({ response, json: overview });
    });
    await use("embedded-2");
    await expect.poll(() => heardPolitely(page)).toEqual([expect.stringMatching(/^Storage: Limit reached/)]);
    await page.unroute(`${bursarUrl}/api/billing`);

    await page.getByRole("link", { name: "Usage", exact: true }).click();
    await expect(page).toHaveURL(/\/settings\/billing\/usage$/);
    await expect(page.getByRole("slider")).toBeVisible();
    const accent = await page.evaluate(() =>
      getComputedStyle(document.querySelector(".bursar-bar-fill")!).getPropertyValue("fill"),
    );
    expect(accent, "the product's own colour").toBe("rgb(122, 46, 142)");
    await axe();
    await page.setViewportSize({ width: 360, height: 800 });
    await expectNoSidewaysScroll(page);
    expect(complaints, "nothing that the policy refuses").toEqual([]);
  } finally {
    studio.closeAllConnections();
    studio.close();
    rmSync(dist, { recursive: true, force: true });
  }
});
