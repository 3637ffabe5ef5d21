import { defineConfig } from "@playwright/test";
import type { ProductFixtureOptions } from "./test/browser/fixtures.ts";
import { chromium } from "./test/support/chromium.ts";

const browser = await chromium();

export default defineConfig<object, ProductFixtureOptions>({
  testDir: "test/browser",
  outputDir: "test-results/browser",
  globalSetup: "./test/support/playwright-setup.ts",
  // Each worker starts a product of its own, so more workers than cores would only wait for each other.
  workers: 2,
  forbidOnly: true,
  retries: 0,
  // Of a busy machine: whoever passes waits for none of it.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: {
    launchOptions: browser,
    // A recording makes a test up to six times as long. Asked for on the command line, see CONTRIBUTING.md.
    trace: "off",
    screenshot: "only-on-failure",
    locale: "en-US",
    timezoneId: "UTC",
  },
  // The same tests twice: on the database that comes along, and on the one for production. Tests with a product of
  // their own take the first alone.
  projects: [
    { name: "embedded", use: { database: "embedded" } },
    // Pages with made-up answers have no database.
    { name: "postgres", use: { database: "postgres" }, testIgnore: ["**/answered/**", "**/own/**"] },
  ],
});
