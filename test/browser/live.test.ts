/*
 * An open page that nobody touches: what happens elsewhere is on it a moment later. How fast that is on a quiet machine
 * is measured by bench/page.ts; here it is waited for, and printed.
 */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { subscribed } from "./subscribed.ts";

/** When the meter shows so much, by the clock of the machine. It watches from now on. */
async function shownAt(page: Page, meter: string, value: number): Promise<() => Promise<number>> {
  await page.evaluate(
    ([name, wanted]) => {
      const shown = new Promise<number>((resolve) => {
        const look = () => {
          const found = document.querySelector(`[role=meter][aria-label="${name}"]`);
          if (found?.getAttribute("aria-valuenow") === wanted) resolve(Date.now());
        };
        const attributeFilter = ["aria-valuenow"];
        new MutationObserver(look).observe(document, { subtree: true, childList: true, attributeFilter });
        look();
      });
      Object.assign(window, { shown });
    },
    [meter, String(value)],
  );
  return () => page.evaluate(() => (window as unknown as { shown: Promise<number> }).shown);
}

test("U3 RT4 an open page shows use that is reported, an invoice that is paid at Stripe, and what another tab changes", async ({
  page,
  context,
  product,
  request,
}) => {
  const { path, stripe, customerId } = await subscribed(page, product);
  await page.goto(path);
  const enrichments = page.getByRole("meter", { name: "Enrichments" });
  await expect(enrichments).toBeVisible();
  const other = await context.newPage();
  await other.goto(`${path}/invoices`);
  await expect(other.getByRole("row", { name: /Team/ }).first()).toBeVisible();

  await test.step("use that the product's backend reports", async () => {
    const used = Number(await enrichments.getAttribute("aria-valuenow"));
    const shown = await shownAt(page, "Enrichments", used + 1);
    const answer = await request.post(`${product.url}/api/events`, {
      headers: { Authorization: `Bearer ${product.platformKey}`, "Bursar-Account": product.account },
      data: [{ id: `live-${test.info().project.name}`, meter: "enrichments" }],
    });
    const answeredAt = Date.now();
    expect(await answer.json()).toMatchObject({ accepted: 1 });
    console.log(`An event was on the open page ${(await shown()) - answeredAt} ms after its answer.`);
  });

  await test.step("an invoice that is paid at Stripe, told by its webhook", async () => {
    const workshop = { customer: customerId, currency: "eur", amount: 700, description: "Workshop" };
    const { id } = await stripe.invoices.create({ customer: customerId, auto_advance: false });
    await stripe.invoiceItems.create({ ...workshop, invoice: id });
    await stripe.invoices.finalizeInvoice(id);
    await stripe.invoices.pay(id);
    await expect(other.getByRole("row", { name: /Workshop.*Paid/ })).toBeVisible();
  });

  await test.step("what is done in another tab", async () => {
    await other.goto(`${path}/seats`);
    await other.getByLabel("New number").fill("2");
    await other.getByRole("button", { name: /^Schedule for/ }).click();
    await expect(page.getByText(/Scheduled: on .* to 2 seats\./)).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(other.getByText(/Scheduled: on/)).toHaveCount(0);
  });
});
