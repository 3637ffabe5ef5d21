/* What happens at Stripe, on an open page: the whole product with its offline Stripe, which delivers signed webhooks. */
import type { Browser } from "@playwright/test";
import { subscribed } from "../../test/browser/subscribed.ts";
import { startProduct } from "../../test/support/product.ts";

/**
 * From before an invoice is paid at Stripe to the frame in which an open list of invoices says so: the payment, its
 * webhook's way and its storing are in it, so that each figure is longer than what the budget counts.
 * @returns milliseconds, one for each payment
 */
export async function measureWebhooks(
  browser: Browser,
  databaseUrl: string,
  payments: number,
): Promise<number[]> {
  const product = await startProduct({ databaseUrl });
  const context = await browser.newContext({ locale: "en-US", timezoneId: "UTC" });
  try {
    const page = await context.newPage();
    const { path, stripe, customerId: customer } = await subscribed(page, product);
    await page.goto(`${path}/invoices`);
    await page.getByRole("row", { name: /Team/ }).first().waitFor();
    const tooks: number[] = [];
    for (let turn = 1; turn <= payments; turn += 1) {
      const description = `Workshop ${turn} of ${payments}`;
      const { id: invoice } = await stripe.invoices.create({ customer, auto_advance: false });
      await stripe.invoiceItems.create({ customer, currency: "eur", amount: 700, description, invoice });
      await stripe.invoices.finalizeInvoice(invoice);
      const row = page.getByRole("row", { name: description });
      await row.waitFor();
      const saysPaid = row.evaluate(
        (element) =>
          new Promise<number>((resolve) => {
            const look = () => {
              if (!element.textContent.includes("Paid")) requestAnimationFrame(look);
              else requestAnimationFrame(() => resolve(Date.now()));
            };
            look();
          }),
      );
      const startedAt = Date.now();
      await stripe.invoices.pay(invoice);
      tooks.push((await saysPaid) - startedAt);
    }
    return tooks;
  } finally {
    await context.close();
    await product.stop();
  }
}
