import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, expectNoSidewaysScroll, inEachAppearance, test } from "./fixtures.ts";

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta name="viewport" content="width=device-width" />
    <title>A page for the browser</title>
    <style>
      :root { color-scheme: light dark; }
      body { color: light-dark(black, white); background: light-dark(white, black); }
    </style>
  </head>
  <body><main><h1>Plans</h1><button type="button" onclick="this.textContent = 'Upgraded'">Upgrade plan</button></main></body>
</html>`;

test("the browser shows a page, works by its button, and passes the accessibility check in each appearance", async ({
  page,
  axe,
}) => {
  const server = createServer((_request, response) =>
    response.setHeader("content-type", "text/html").end(html),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.getByRole("button", { name: "Upgrade plan" }).click();
    await expect(page.getByRole("button", { name: "Upgraded" })).toBeVisible();
    await inEachAppearance(page, async () => {
      await axe();
      await expectNoSidewaysScroll(page);
    });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test("the product of this worker answers in the browser", async ({ page, product }) => {
  await page.goto(product.url);
  await expect(page.locator("body")).not.toBeEmpty();
});
