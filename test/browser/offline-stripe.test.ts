/*
 * The pages of the offline Stripe by themselves: each readable and in reach of everybody, at both widths and in both
 * colour schemes, and the checkout page's script, which no other test runs.
 */
import Stripe from "stripe";
import { startStripeEmulator } from "../../packages/stripe-emulator/src/index.ts";
import { expect, expectNoSidewaysScroll, inEachAppearance, test } from "./fixtures.ts";
import { typeCard } from "./hosted-pages.ts";

const BACK = { success_url: "http://127.0.0.1:9/done", cancel_url: "http://127.0.0.1:9/plans" };

async function startShop() {
  const emulator = await startStripeEmulator();
  const { host, port, secretKey } = emulator;
  const stripe = new Stripe(secretKey, { host, port, protocol: "http" });
  const price = await stripe.prices.create({
    product_data: { name: "Team" },
    currency: "eur",
    unit_amount: 1900,
    tax_behavior: "exclusive",
    recurring: { interval: "month" },
  });
  const coupon = await stripe.coupons.create({ percent_off: 100, duration: "forever" });
  await stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: coupon.id }, code: "GIFT" });
  const customer = await stripe.customers.create({
    name: "Żółć & Söhne with a name that is long enough to need two lines",
    email: "ann@example.com",
    address: { country: "DE" },
    payment_method: "pm_card_visa",
    invoice_settings: { default_payment_method: "pm_card_visa" },
  });
  const [card] = (await stripe.customers.listPaymentMethods(customer.id)).data;
  await stripe.paymentMethods.update(card?.id ?? "", { allow_redisplay: "always" });
  const checkout = () =>
    stripe.checkout.sessions.create({
      mode: "subscription",
      customer: customer.id,
      line_items: [{ price: price.id, quantity: 3, adjustable_quantity: { enabled: true } }],
      automatic_tax: { enabled: true },
      allow_promotion_codes: true,
      payment_method_collection: "if_required",
      ...BACK,
    });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  });
  return { emulator, stripe, price, customer, checkout, subscription };
}

test("every page of the offline Stripe passes the accessibility check and fits a phone", async ({
  page,
  axe,
}) => {
  test.setTimeout(120_000);
  const { emulator, stripe, customer, checkout, subscription } = await startShop();
  try {
    const on = { enabled: true };
    const configuration = await stripe.billingPortal.configurations.create({
      features: {
        customer_update: { enabled: true, allowed_updates: ["name", "email", "address", "tax_id"] },
        invoice_history: on,
        payment_method_update: on,
        subscription_cancel: { enabled: true, cancellation_reason: { enabled: true, options: ["unused"] } },
      },
    });
    const portal = await stripe.billingPortal.sessions.create({
      customer: customer.id,
      configuration: configuration.id,
    });
    const [invoice] = (await stripe.invoices.list()).data;
    const control = `${emulator.url}/_emulator`;
    const pages = {
      checkout: (await checkout()).url ?? "",
      portal: portal.url,
      cancel: `${portal.url}/subscriptions/${subscription.id}/cancel`,
      invoice: invoice?.hosted_invoice_url ?? "",
      overview: control,
      events: `${control}/events`,
      faults: `${control}/faults`,
    };
    for (const [name, url] of Object.entries(pages)) {
      await test.step(name, async () => {
        await page.goto(url);
        await expect(page.getByText("Offline test page")).toBeVisible();
        await inEachAppearance(page, async () => {
          await axe();
          await expectNoSidewaysScroll(page);
        });
      });
    }
  } finally {
    await emulator.close();
  }
});

test("the checkout page follows quantity, card and code, and the bank may ask", async ({ page, axe }) => {
  const { emulator, checkout } = await startShop();
  try {
    await page.goto((await checkout()).url ?? "");
    await page.getByLabel("Quantity").fill("2");
    await page.getByLabel("Quantity").blur();
    await expect(page.getByRole("button", { name: "Subscribe and pay €45.22" })).toBeVisible();
    await expect(page.getByLabel("Card number")).toBeHidden();
    await page.getByRole("radio", { name: "Another card" }).check();
    await typeCard(page, "4000000000003220");
    await page.getByLabel("Country").selectOption("FR");
    await page.getByRole("button", { name: /Subscribe and pay/ }).click();
    await expect(page.getByRole("heading", { name: "Your bank asks: is this you?" })).toBeVisible();
    await axe();
    await page.getByRole("button", { name: "Fail authentication" }).click();
    await expect(page.getByRole("alert")).toContainText("Nothing was charged");
    await page.getByLabel("Promotion code").fill("WRONG");
    await page.getByRole("button", { name: "Apply" }).click();
    await expect(page.getByText("This code is invalid.")).toBeVisible();
    await page.getByLabel("Promotion code").fill("GIFT");
    await page.getByRole("button", { name: "Apply" }).click();
    await expect(page.getByText("Nothing is due today, so no card is needed.")).toBeVisible();
    await expect(page.getByLabel("Card number")).toHaveCount(0);
  } finally {
    await emulator.close();
  }
});
