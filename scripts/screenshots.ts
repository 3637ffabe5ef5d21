/*
 * `npm run screenshots`: the pictures in docs/screenshots and the page that shows them, docs/gallery.md. Every screen with
 * made-up answers, so that a picture changes only when the page does, and Stripe's pages as the offline Stripe has them:
 * 360 and 1280 px wide, light and dark. WebP is a quarter of PNG here; --only NAME takes one scene again.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium as playwright, type Browser, type Page } from "@playwright/test";
import Stripe from "stripe";
import { startStripeEmulator } from "../packages/stripe-emulator/src/index.ts";
import { openSettings } from "../test/browser/answered/answered-page.ts";
import { chromium } from "../test/support/chromium.ts";
import { buildPage } from "./build-page.ts";
import { galleryAnswers, scenes, type Scene } from "./gallery.ts";

const DOCS = join(import.meta.dirname, "../docs");
const FOLDER = join(DOCS, "screenshots");
const QUALITY = 55;
const HEIGHT_MAX = 4_000;
const APPEARANCES = [
  { width: 1280, colorScheme: "light" },
  { width: 1280, colorScheme: "dark" },
  { width: 360, colorScheme: "light" },
  { width: 360, colorScheme: "dark" },
] as const;
type Appearance = (typeof APPEARANCES)[number];

const fileOf = (name: string, { width, colorScheme }: Appearance) => `${name}-${width}-${colorScheme}.webp`;

async function take(page: Page, name: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  for (const appearance of APPEARANCES) {
    const { width, colorScheme } = appearance;
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 800 });
    // What measures its room draws once more.
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    const { data } = await devtools.send("Page.captureScreenshot", {
      format: "webp",
      quality: QUALITY,
      captureBeyondViewport: true,
      clip: { x: 0, y: 0, width, height: Math.min(HEIGHT_MAX, height), scale: 1 },
    });
    writeFileSync(join(FOLDER, fileOf(name, appearance)), Buffer.from(data, "base64"));
  }
}

async function takeScene(browser: Browser, scene: Scene): Promise<void> {
  const context = await browser.newContext({ locale: scene.locale ?? "en-US", timezoneId: "UTC" });
  try {
    const page = await context.newPage();
    await page.setViewportSize({ width: 1280, height: 800 });
    await openSettings(page, scene.path, { ...galleryAnswers, ...scene.answers });
    await page.getByRole("heading").first().waitFor();
    if (scene.isWaiting !== true) {
      await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
    }
    await scene.does?.(page);
    if (scene.shows !== undefined) await page.getByText(scene.shows).first().waitFor();
    // As it is found, not as it was pressed.
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await take(page, scene.name);
  } finally {
    await context.close();
  }
}

/** Stripe's own pages are its own; these are those of the offline Stripe, which stand in for them. */
async function takeStripe(browser: Browser): Promise<void> {
  const emulator = await startStripeEmulator();
  const context = await browser.newContext({ locale: "en-US", timezoneId: "UTC" });
  try {
    const { host, port, secretKey } = emulator;
    const stripe = new Stripe(secretKey, { host, port, protocol: "http" });
    const price = await stripe.prices.create({
      product_data: { name: "Team" },
      currency: "eur",
      unit_amount: 1_900,
      tax_behavior: "exclusive",
      recurring: { interval: "month" },
    });
    const customer = await stripe.customers.create({ email: "billing@acme.example", name: "Acme GmbH" });
    const { url } = await stripe.checkout.sessions.create({
      mode: "subscription",
      customer: customer.id,
      customer_update: { address: "auto" },
      line_items: [{ price: price.id, quantity: 3 }],
      automatic_tax: { enabled: true },
      success_url: "http://127.0.0.1:9/done",
      cancel_url: "http://127.0.0.1:9/plans",
    });
    const page = await context.newPage();
    await page.goto(url ?? "");
    await page.getByLabel("Card number").waitFor();
    await take(page, CHECKOUT.name);
  } finally {
    await context.close();
    await emulator.close();
  }
}

const CHECKOUT = { name: "checkout", title: "Checkout, on the offline Stripe" };

function gallery(): string {
  const rows = [...scenes, CHECKOUT].map(({ name, title }) => {
    const pictures = APPEARANCES.map(
      (appearance) =>
        `![${title}, ${appearance.width} px, ${appearance.colorScheme}](screenshots/${fileOf(name, appearance)})`,
    );
    return `## ${title}\n\n| wide, light | wide, dark | phone, light | phone, dark |\n| --- | --- | --- | --- |\n| ${pictures.join(" | ")} |\n`;
  });
  return `# Every screen\n\nWritten by \`npm run screenshots\`, with made-up answers of a made-up account: the screens of the settings in the states that are worth seeing, 1280 and 360 px wide, light and dark.\n\n${rows.join("\n")}`;
}

const { only } = parseArgs({ options: { only: { type: "string" } } }).values;
const isChosen = ({ name }: { name: string }) => only === undefined || only === name;
await buildPage();
if (only === undefined) rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const browser = await playwright.launch(await chromium());
try {
  for (const scene of scenes.filter(isChosen)) await takeScene(browser, scene);
  if (isChosen(CHECKOUT)) await takeStripe(browser);
} finally {
  await browser.close();
}
writeFileSync(join(DOCS, "gallery.md"), gallery());
