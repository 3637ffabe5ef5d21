/*
 * `npm run screenshots`: the pictures in docs/screenshots, of the demo account on Free and on Team, and of the
 * ways to change Team, as a customer comes to see them: 360 and 1280 px wide, light and dark.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium as playwright, type Page } from "@playwright/test";
import { typeCard } from "../test/browser/hosted-pages.ts";
import { chromium } from "../test/support/chromium.ts";
import { startProduct } from "../test/support/product.ts";
import { buildPage } from "./build-page.ts";

const FOLDER = join(import.meta.dirname, "../docs/screenshots");

async function take(page: Page, name: string): Promise<void> {
  for (const width of [360, 1280]) {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(FOLDER, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** What a running subscription is changed with; at the end all is as it was. */
async function takeChanges(page: Page, billing: string): Promise<void> {
  await page.goto(`${billing}/plans?plan=business&interval=month&seats=5`);
  await page.getByRole("button", { name: /^Pay €/ }).waitFor();
  await take(page, "plans-saved-card");
  await page.goto(`${billing}/seats`);
  await page.getByLabel("New number").fill("2");
  await page.getByRole("button", { name: /^Schedule for/ }).waitFor();
  await take(page, "seats-fewer");
  await page.getByRole("button", { name: /^Schedule for/ }).click();
  await page.getByText(/Until then everything stays/).waitFor();
  await page.goto(billing);
  await page.getByRole("button", { name: "Undo" }).waitFor();
  await take(page, "pending");
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText(/Team stays/).waitFor();
  await page.goto(`${billing}/seats`);
  await page.getByLabel("New number").fill("5");
  await page.getByRole("button", { name: /^Pay €/ }).waitFor();
  await take(page, "seats-more");
  await page.goto(`${billing}/seats`);
  await page.getByLabel("Invite by e-mail").fill("bo@acme.example");
  await page.getByRole("button", { name: "Invite 1 person" }).click();
  await page.getByText("Invited: bo@acme.example.").waitFor();
  await page.getByLabel("Invite by e-mail").fill("cy@acme.example\ndi@acme.example");
  await page.getByRole("button", { name: "Review 4 seats first" }).click();
  await page.getByRole("button", { name: /^Pay €/ }).waitFor();
  await take(page, "people");
  await page.getByLabel("Invite by e-mail").fill("");
  await page.getByRole("button", { name: "Withdraw the invitation of bo@acme.example" }).click();
  await page.getByRole("button", { name: "Withdraw invitation" }).click();
  await page.getByText("is withdrawn. A seat is free.").waitFor();
  await page.goto(`${billing}/cancel`);
  await page.getByRole("button", { name: /^Cancel on/ }).waitFor();
  await take(page, "cancel");
}

await buildPage();
mkdirSync(FOLDER, { recursive: true });
const product = await startProduct();
const browser = await playwright.launch(await chromium());
try {
  const page = await browser.newPage({ locale: "en-US", timezoneId: "UTC" });
  await page.goto(product.signInUrl);
  await page.getByRole("meter", { name: "Sessions" }).waitFor();
  await take(page, "overview-free");

  await page.getByRole("link", { name: "Upgrade plan" }).click();
  await page.getByRole("radio", { name: /^Team/ }).check();
  await page.getByLabel("Seats", { exact: true }).fill("3");
  await page.getByText("Team, 3 seats, 1 month").waitFor();
  await take(page, "plans");
  await page.getByRole("button", { name: "Continue to payment" }).click();
  await page.getByLabel("Card number").waitFor();
  await take(page, "checkout");
  await typeCard(page, "4242424242424242");
  await page.getByRole("button", { name: /^Subscribe and pay/ }).click();
  await page.getByText("You are on Team.").waitFor();

  const used = { sessions: 82, events: 8_412, enrichments: 100, storage: 268_435_456, ai_tokens: 1_900_000 };
  const answer = await fetch(`${product.url}/api/events`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${product.platformKey}`,
      "bursar-account": product.account,
      "content-type": "application/json",
    },
    body: JSON.stringify(
      Object.entries(used).map(([meter, quantity]) => ({ id: `picture-${meter}`, meter, quantity })),
    ),
  });
  if (!answer.ok) throw new Error(`The usage was not taken: ${await answer.text()}`);
  await page.goto(`${product.url}/settings/billing`);
  await page.getByText("8,412").first().waitFor();
  await take(page, "overview-team");
  await takeChanges(page, `${product.url}/settings/billing`);
  await page.goto(`${product.url}/settings/billing/credits`);
  await page.getByRole("button", { name: /^Purchase/ }).click();
  await page.getByText(/tokens are in\./).waitFor();
  await take(page, "credits");
  await page.goto(`${product.url}/settings/billing/credits/auto-recharge`);
  await page.getByRole("button", { name: "Save and turn on" }).waitFor();
  await take(page, "auto-recharge");
  await page.goto(`${product.url}/settings/billing/usage?meter=events`);
  await page.getByRole("slider").waitFor();
  await take(page, "usage");
  await page.goto(`${product.url}/settings/billing/invoices`);
  await page.getByText("€67.83").first().waitFor();
  await take(page, "invoices");
} finally {
  await browser.close();
  await product.stop();
}
