/*
 * Keys, webhooks and notifications as a person uses them. On a product of its own, because the tests beside it would hear
 * of its endpoints and mails.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { startProduct, type Product } from "../../support/product.ts";
import { expect, expectNoSidewaysScroll, inEachAppearance, test as base } from "../fixtures.ts";

interface Receiver {
  url: string;
  /** What it answers from now on. */
  status: number;
  types: string[];
}

const test = base.extend<{ receiver: Receiver }, { own: Product }>({
  own: [
    async ({}, use) => {
      const product = await startProduct();
      await use(product);
      await product.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  receiver: async ({}, use) => {
    const receiver: Receiver = { url: "", status: 200, types: [] };
    const server: Server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        receiver.types.push((JSON.parse(body) as { type: string }).type);
        response.writeHead(receiver.status).end(receiver.status === 200 ? "thanks" : "no room here");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
    await use(receiver);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
});

test.beforeEach(async ({ page, own: product }) => {
  await page.goto(product.signInUrl);
  await expect(page.getByRole("meter", { name: "Sessions" })).toBeVisible();
});

test("a key is made, shown once, and revoked after saying what stops", async ({ page, own, axe }) => {
  await page.getByRole("link", { name: "Keys" }).click();
  await expect(page.getByText("No keys yet.")).toBeVisible();
  await page.getByRole("button", { name: "Make key" }).click();
  await expect(page.getByText("Enter a name.")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await page.getByLabel("Name", { exact: true }).fill("nightly");
  await page.getByLabel("Role").selectOption("billing");
  await page.getByRole("button", { name: "Make key" }).press("Enter");
  await expect(page.getByText(/The key nightly is made\. It is not shown again/)).toBeFocused();
  const key = (await page.locator(".bursar-secret code").textContent())!;
  const authorization = `Bearer ${key}`;
  const opens = async () => (await fetch(`${own.url}/api/billing`, { headers: { authorization } })).status;
  expect(await opens()).toBe(200);
  await inEachAppearance(page, async () => {
    await expectNoSidewaysScroll(page);
    await axe();
  });
  await page.reload();
  const row = page.getByRole("listitem").filter({ hasText: "nightly" });
  await expect(row).toContainText(/Billing · made .* by Ann Lindt/);
  await expect(page.getByText(key)).toHaveCount(0);
  await page.getByRole("button", { name: "Revoke nightly" }).press("Enter");
  await expect(page.getByText(/nightly opens nothing from that moment on/)).toBeFocused();
  await axe();
  await page.getByRole("button", { name: "Revoke nightly" }).press("Enter");
  await expect(page.getByText("nightly is revoked.")).toBeFocused();
  expect(await opens()).toBe(401);
  await expect(row).toContainText(/revoked .* by Ann Lindt/);
});

test("B4 an endpoint is added, tried, followed in its log, replayed and removed", async ({
  page,
  receiver,
  axe,
}) => {
  await page.getByRole("link", { name: "Webhooks" }).click();
  await expect(page.getByText("No endpoints yet.")).toBeVisible();
  await page.getByLabel("Address").fill("https://10.0.0.1/hooks");
  await page.getByRole("button", { name: "Add endpoint" }).click();
  await expect(
    page.getByText("The url is an address of a private network. Nothing was changed."),
  ).toBeVisible();
  await page.getByLabel("Address").fill(receiver.url);
  await page.getByLabel("Events").selectOption("some");
  await page.getByRole("button", { name: "Add endpoint" }).click();
  await expect(page.getByText("Choose at least one event.")).toBeVisible();
  await page.getByRole("checkbox", { name: "usage.threshold_reached" }).check();
  await page.getByRole("button", { name: "Add endpoint" }).press("Enter");
  await expect(page.getByText(/This is the secret that signs/)).toBeFocused();
  await expect(page.locator(".bursar-secret code")).toHaveText(/^whsec_/);

  // Elsewhere first, and of all events; then where somebody listens.
  await page.getByRole("button", { name: `Edit ${receiver.url}` }).press("Enter");
  await expect(page.getByText(/What waits goes to the new address too/)).toBeFocused();
  const row = page.getByRole("listitem").filter({ hasText: receiver.url });
  await row.getByLabel("Address").fill("https://10.0.0.1/hooks");
  await row.getByRole("button", { name: "Save changes" }).click();
  await expect(row.getByText("The url is an address of a private network.")).toBeVisible();
  await row.getByLabel("Address").fill(`${receiver.url}?tenant=1`);
  await row.getByLabel("Events").selectOption("all");
  await row.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("The endpoint is changed.")).toBeFocused();
  await expect(row.getByText(`${receiver.url}?tenant=1`)).toBeVisible();
  await expect(row).toContainText("hears all events");
  await page.getByRole("button", { name: `Edit ${receiver.url}?tenant=1` }).click();
  await row.getByLabel("Address").fill(receiver.url);
  await row.getByRole("button", { name: "Save changes" }).press("Enter");
  await expect(page.getByRole("button", { name: `Edit ${receiver.url}`, exact: true })).toBeVisible();

  receiver.status = 500;
  await page.getByRole("button", { name: "Send test event" }).click();
  await expect(page.getByText(/Failed after [\d,]+ ms: The endpoint answered 500\./)).toBeVisible();
  receiver.status = 200;
  await page.getByRole("button", { name: "Send test event" }).click();
  await expect(page.getByRole("main").getByText(/Taken: the answer was 200 after/)).toBeVisible();

  await page.getByRole("button", { name: "Delivery log of" }).click();
  const failed = page.getByRole("listitem").filter({ hasText: "webhook_endpoint.test" }).last();
  await failed.getByRole("button", { name: /^Details of/ }).click();
  await expect(failed).toContainText("no room here");
  // Its retry comes by itself, and the open page follows.
  await expect(failed).toContainText("Sent", { timeout: 30_000 });
  await inEachAppearance(page, async () => {
    await expectNoSidewaysScroll(page);
    await axe();
  });
  const before = receiver.types.length;
  await failed.getByRole("button", { name: "Replay" }).click();
  await expect.poll(() => receiver.types.length).toBe(before + 1);

  await page.getByRole("button", { name: "New secret" }).click();
  await expect(page.getByText(/The old one signs beside it until/)).toBeFocused();
  await page.getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("button", { name: "Enable" })).toBeVisible();
  await page.getByRole("button", { name: `Remove ${receiver.url}` }).click();
  await expect(page.getByText(/Nothing more is sent to it/)).toBeFocused();
  await page.getByRole("button", { name: `Remove ${receiver.url}` }).click();
  await expect(page.getByText(`${receiver.url} is removed.`)).toBeFocused();
});

test("a person chooses their mails, sees where they go, and sends a test", async ({ page, own, axe }) => {
  await page.getByRole("link", { name: "Notifications" }).click();
  await expect(page.getByText(/Mails to you go to /)).toBeVisible();
  await expect(page.getByText(/This is the demo: no mail leaves it/)).toBeVisible();
  await expect(page.getByRole("link", { name: "Open the letter box" })).toHaveAttribute("href", "/demo/mail");
  await page.getByRole("button", { name: "Send test mail" }).click();
  await expect(page.getByRole("main").getByText(/The test mail to .* was handed over\./)).toBeVisible();
  await page.getByRole("button", { name: "Send test mail" }).click();
  await expect(page.getByText(/A test mail was sent to you within the last minute/)).toBeVisible();

  const payments = page.getByRole("checkbox", { name: "Payments" });
  await expect(payments).toHaveAccessibleDescription(/Always on for you/);
  await payments.click({ force: true });
  await expect(payments).toBeChecked();
  const plan = page.getByRole("checkbox", { name: "Plan" });
  await plan.press("Space");
  await expect(page.getByRole("main").getByText("Saved.")).toBeVisible();
  await page.reload();
  await expect(plan).not.toBeChecked();

  const events = [{ id: "settings-1", meter: "sessions", quantity: 16 }];
  await fetch(`${own.url}/api/events`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${own.platformKey}`,
      "bursar-account": own.account,
      "content-type": "application/json",
    },
    body: JSON.stringify(events),
  });
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("row", { name: /Sessions limit reached.*Sent/ })).toBeVisible({
      timeout: 2_000,
    });
  }).toPass();
  await inEachAppearance(page, async () => {
    await expectNoSidewaysScroll(page);
    await axe();
  });
});
