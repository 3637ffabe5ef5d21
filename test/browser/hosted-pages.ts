/** What a customer does on the offline Stripe's pages, by hand. */
import type { Page } from "@playwright/test";

export async function typeCard(page: Page, number: string): Promise<void> {
  await page.getByLabel("Card number").fill(number);
  await page.getByLabel("Expiry (MM / YY)").fill("12 / 34");
  await page.getByLabel("CVC").fill("123");
  await page.getByLabel("Name on card").fill("Ann Lindt");
  // Pages of sessions that require it ask for the whole address.
  const street = page.getByLabel("Address", { exact: true });
  if (await street.isVisible()) {
    await street.fill("Hauptstraße 1");
    await page.getByLabel("City").fill("Berlin");
  }
  await page.getByLabel("Country").selectOption("DE");
  await page.getByLabel("Postal code").fill("10115");
}
