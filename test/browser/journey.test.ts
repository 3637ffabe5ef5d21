/*
 * A customer's first hour, with the mouse: Free, a declined card, Team, live usage, credits, the portal, the invoice.
 * Nothing is replaced: the page, the server, its database and the offline Stripe are what npm start runs.
 */
import type { APIRequestContext } from "@playwright/test";
import type { Product } from "../support/product.ts";
import { expect, expectNoSidewaysScroll, inEachAppearance, test } from "./fixtures.ts";
import { typeCard } from "./hosted-pages.ts";

interface ReportedEvent {
  id: string;
  meter: string;
  quantity?: number;
}

/** As the product's backend does it. */
async function report(request: APIRequestContext, product: Product, events: ReportedEvent[]): Promise<void> {
  const answer = await request.post(`${product.url}/api/events`, {
    headers: { Authorization: `Bearer ${product.platformKey}`, "Bursar-Account": product.account },
    data: events,
  });
  expect(answer.status()).toBe(200);
  expect(await answer.json()).toMatchObject({ refused: 0 });
}

test("O1 S1 U1 K1 K2 I1 a customer goes from Free to Team, uses it, buys credits and finds the invoice", async ({
  page,
  product,
  request,
  axe,
}) => {
  test.setTimeout(120_000);
  const usage = (name: string) => page.getByRole("meter", { name });

  await test.step("O1 OV3 the overview on Free, with bars in three states", async () => {
    await page.goto(product.signInUrl);
    await expect(page.getByRole("heading", { name: "Billing", level: 1 })).toBeVisible();
    await expect(page).toHaveURL(`${product.url}/settings/billing`);
    await expect(page.getByText(/Free, no card needed/)).toBeVisible();
    await expect(usage("Sessions")).toHaveAttribute("aria-valuetext", /14 of 20 sessions, 70 percent/);
    await expect(usage("Events")).toHaveAttribute(
      "aria-valuetext",
      /846 of 1,000 events, 84 percent, approaching limit/,
    );
    await expect(usage("Enrichments")).toHaveAttribute(
      "aria-valuetext",
      /10 of 10 enrichments, 100 percent, limit reached/,
    );
    await expect(usage("Storage")).toBeVisible();
    await expect(usage("AI tokens")).toBeVisible();
    await inEachAppearance(page, async () => {
      await expectNoSidewaysScroll(page);
      await axe();
    });
  });

  await test.step("S1 R1 the choice shows the server's sum before anything is paid", async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page
      .getByRole("link", { name: "Upgrade plan" })
      .or(page.getByRole("button", { name: "Upgrade plan" }))
      .click();
    await page.getByRole("radio", { name: /^Team/ }).check();
    await page.getByLabel("Seats", { exact: true }).fill("3");
    const review = page.getByRole("region", { name: /Review/ });
    await expect(review.getByText("€57.00").first()).toBeVisible();
    await expect(review.getByText(/plus VAT, shown before you pay/)).toBeVisible();
    await axe();
    await page.getByRole("button", { name: "Continue to payment" }).click();
  });

  await test.step("S1 a declined card changes nothing and says so; 4242 pays", async () => {
    await page.waitForURL(new RegExp(`^${product.stripeUrl}/c/pay/`));
    await typeCard(page, "4000000000000002");
    await page.getByRole("button", { name: "Subscribe and pay €67.83" }).click();
    await expect(page.getByRole("alert")).toContainText(/declined/i);
    await typeCard(page, "4242424242424242");
    await page.getByRole("button", { name: "Subscribe and pay €67.83" }).click();
    await page.waitForURL(`${product.url}/**`);
  });

  await test.step("RT3 back on the page the plan is active, its limits raised, the window at zero", async () => {
    await expect(page.getByText("You are on Team.")).toBeVisible();
    await expect(page).toHaveURL(`${product.url}/settings/billing`);
    await expect(page.getByText("Monthly").first()).toBeVisible();
    await expect(page.getByText(/3 seats|of 3/).first()).toBeVisible();
    await expect(page.getByText(/4242/).first()).toBeVisible();
    for (const [name, limit] of [
      ["Sessions", "200"],
      ["Events", "10000"],
    ] as const) {
      await expect(usage(name)).toHaveAttribute("aria-valuemax", limit);
      await expect(usage(name)).toHaveAttribute("aria-valuetext", "No data yet");
    }
  });

  await test.step("U3 R10 bars of the open page move as events come in, repeats count once", async () => {
    const events = Array.from({ length: 40 }, (_, index) => ({
      id: `journey-${index % 30}`,
      meter: "sessions",
    }));
    await report(request, product, events);
    await expect(usage("Sessions")).toHaveAttribute("aria-valuetext", /30 of 200 sessions, 15 percent/);
  });

  await test.step("K2 a pack is paid on the hosted page and the balance is up once", async () => {
    await page
      .getByRole("link", { name: "Buy credits" })
      .or(page.getByRole("button", { name: "Buy credits" }))
      .first()
      .click();
    await page.getByRole("radio", { name: /Starter/ }).check();
    await axe();
    await expect(page.getByRole("button", { name: "Purchase 1,000,000 tokens for €5.00" })).toBeVisible();
    await page.getByRole("button", { name: "Pay another way" }).click();
    await page.waitForURL(new RegExp(`^${product.stripeUrl}/c/pay/`));
    await typeCard(page, "4242424242424242");
    await page.getByRole("button", { name: "Pay €5.00" }).click();
    await page.waitForURL(`${product.url}/**`);
    await expect(page.getByText(/Your credits have arrived/)).toBeVisible();
    await page.reload();
    await expect(page.getByRole("row", { name: /Bought/ })).toHaveCount(1);
  });

  await test.step("K1 AI tokens draw on the allocation first, then on credits; the history shows both", async () => {
    await report(request, product, [{ id: "journey-tokens", meter: "ai_tokens", quantity: 5_000_100 }]);
    await expect(page.getByRole("row", { name: /5,000,000/ }).first()).toBeVisible();
    await expect(page.getByRole("row", { name: /100\b.*999,900/ })).toBeVisible();
    await expect(page.getByText("999,900").first()).toBeVisible();
    await inEachAppearance(page, async () => {
      await expectNoSidewaysScroll(page);
      await axe();
    });
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  await test.step("K2 CR2 a pack is bought with the saved card by one press", async () => {
    await page.getByRole("button", { name: "Purchase 1,000,000 tokens for €5.00" }).click();
    await expect(
      page.getByText(/1,000,000 tokens are in\. Your balance is 1,999,900 tokens\./),
    ).toBeFocused();
    await expect(page.getByRole("row", { name: /Bought/ })).toHaveCount(2);
  });

  await test.step("I1 I2 the portal has the card and the invoice; the invoice has its lines, tax and PDF", async () => {
    await page.getByRole("link", { name: "Invoices", exact: true }).click();
    await expect(page.getByText(/Team/).first()).toBeVisible();
    await expect(page.getByText("€67.83").first()).toBeVisible();
    await axe();
    await page.getByRole("button", { name: "Manage payment" }).click();
    await page.waitForURL(new RegExp(`^${product.stripeUrl}/p/`));
    await expect(page.getByText(/ending in 4242/).first()).toBeVisible();
    const row = page.getByRole("listitem").or(page.getByRole("row")).filter({ hasText: "€67.83" });
    await expect(row).toContainText(/paid/i);
    const [pdf] = await Promise.all([
      row.getByRole("link", { name: /PDF/ }).getAttribute("href"),
      expect(row).toContainText(/-\d{4}/),
    ]);
    const file = await request.get(new URL(pdf ?? "", page.url()).href);
    expect(file.headers()["content-type"]).toBe("application/pdf");
    expect((await file.body()).subarray(0, 5).toString()).toBe("%PDF-");
    await row.getByRole("link").first().click();
    await expect(page.getByText(/Team/).first()).toBeVisible();
    await expect(page.getByText(/VAT 19 % on €57.00/)).toBeVisible();
    await expect(page.getByText("€67.83").first()).toBeVisible();
  });
});
