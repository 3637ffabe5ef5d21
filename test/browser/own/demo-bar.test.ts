/* The demo's bar: each of its buttons is pressed, and the page follows. On a product of its own, whose time it moves. */
import type { Page } from "@playwright/test";
import { startProduct, type Product } from "../../support/product.ts";
import { expect, expectNoSidewaysScroll, inEachAppearance, test as base } from "../fixtures.ts";
import { typeCard } from "../hosted-pages.ts";

const test = base.extend<object, { own: Product }>({
  own: [
    async ({}, use) => {
      const product = await startProduct();
      await use(product);
      await product.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

const DAY_MS = 86_400_000;

const timeOn = async (page: Page): Promise<number> =>
  Date.parse((await page.locator(".shell-banner time").getAttribute("datetime")) ?? "");

/** Presses a button of the bar and waits until it has done its work. */
async function press(page: Page, name: string): Promise<void> {
  const bar = page.getByRole("region", { name: "Demo" });
  await bar.getByRole("button", { name, exact: true }).click();
  await expect(bar.getByRole("button", { name: "Working on it" })).toHaveCount(0, { timeout: 60_000 });
  await expect(bar.getByRole("alert")).toHaveCount(0);
}

test("N2 time moves, use is sent, the card fails and works again, and the webhooks are listed", async ({
  page,
  own: product,
  axe,
}) => {
  test.slow();
  const billing = `${product.url}/settings/billing`;
  await page.goto(product.signInUrl);
  await expect(page.getByRole("meter", { name: "Sessions" })).toBeVisible();
  await page.goto(`${billing}/plans?plan=team&interval=month&seats=2`);
  await page.getByRole("button", { name: "Continue to payment" }).click();
  await page.getByLabel("Card number").waitFor();
  await typeCard(page, "4242424242424242");
  await page.getByRole("button", { name: /^Subscribe and pay/ }).click();
  await expect(page.getByText("You are on Team.")).toBeVisible();

  for (const [name, days] of [
    ["+1 day", 1],
    ["+1 week", 7],
  ] as const) {
    const before = await timeOn(page);
    await press(page, name);
    await expect.poll(() => timeOn(page)).toBeGreaterThanOrEqual(before + days * DAY_MS);
  }

  const sessions = page.getByRole("meter", { name: "Sessions" });
  const used = Number(await sessions.getAttribute("aria-valuenow"));
  await press(page, "Send usage");
  await expect.poll(async () => Number(await sessions.getAttribute("aria-valuenow"))).toBeGreaterThan(used);

  await press(page, "Card declines");
  await expect(page.getByText(/••••\s0341/)).toBeVisible();
  await press(page, "+1 month");
  await expect(page.getByText(/^Payment of €45\.22 failed on/)).toBeVisible();
  // What was good news before is not said beside it.
  await expect(page.getByText("You are on Team.")).toHaveCount(0);

  await press(page, "Card works");
  await expect(page.getByText(/^Payment of €45\.22 failed on/)).toHaveCount(0);
  await expect(page.getByText(/••••\s4242/)).toBeVisible();
  await expect(page.getByText("You are on Team.")).toHaveCount(0);

  await page.getByText(/^Stripe's last webhooks \(\d+\)$/).click();
  const webhooks = page.getByRole("region", { name: "Demo" }).getByRole("listitem");
  await expect(webhooks.first()).toBeVisible();
  await expect(webhooks.filter({ hasText: "Handled" }).first()).toContainText(
    /invoice|customer|charge|payment/,
  );
  await inEachAppearance(page, async () => {
    await expectNoSidewaysScroll(page);
    await axe();
  });
});

test("a sign-in link that was used tells a person so, in words", async ({ page, own: product }) => {
  await page.goto(`${product.url}/sign-in?token=bsl_used`);
  await expect(page.getByRole("heading", { name: "This sign-in link does not work" })).toBeVisible();
});
