/*
 * What every browser test gets: a product of its worker's, on the database of its project, an accessibility check,
 * and the two widths and two colour schemes which the page promises to work in.
 */
import { test as base, expect, type Page } from "@playwright/test";
import { createDatabase } from "../support/postgres.ts";
import { startProduct, type Product } from "../support/product.ts";
import { violationsOf } from "./axe.ts";

export interface ProductFixtureOptions {
  /** Set by the project in playwright.config.ts. */
  database: "embedded" | "postgres";
}

interface WorkerFixtures extends ProductFixtureOptions {
  /** Started by the first test of a worker that asks for it, and shared by the worker's tests. */
  product: Product;
}

interface TestFixtures {
  /** Checks the page as it is now against WCAG 2.2 A and AA; the failure lists rule, element and remedy. */
  axe: () => Promise<void>;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  database: ["embedded", { option: true, scope: "worker" }],

  product: [
    async ({ database: kind }, use) => {
      const database = kind === "postgres" ? await createDatabase() : undefined;
      try {
        const product = await startProduct(database === undefined ? {} : { databaseUrl: database.url });
        try {
          await use(product);
        } finally {
          const exitCode = await product.stop();
          expect(exitCode, `the product ends in order:\n${product.output()}`).toBe(0);
        }
      } finally {
        await database?.drop();
      }
    },
    { scope: "worker", timeout: 120_000 },
  ],

  axe: async ({ page }, use) => {
    await use(async () => expect(await violationsOf(page)).toEqual([]));
  },
});

export { expect };

/** The narrowest phone and an ordinary laptop. */
const widths = [360, 1280] as const;
const colorSchemes = ["light", "dark"] as const;

/** Calls `look` with the page in each width and colour scheme; a failure names the one it happened in. */
export async function inEachAppearance(page: Page, look: () => Promise<void>): Promise<void> {
  for (const width of widths) {
    for (const colorScheme of colorSchemes) {
      await test.step(`${width} px, ${colorScheme}`, async () => {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        await look();
      });
    }
  }
}

/** Nothing sticks out to the right: a page that scrolls sideways hides its figures on a phone. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content).toBeLessThanOrEqual(window);
}
