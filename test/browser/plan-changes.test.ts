/*
 * A running subscription, changed by hand: each rise is paid with the saved card for the sum that was shown, each fall
 * waits for the period's end and is undone by one press. Stripe beside the page says what was really charged.
 */
import type { Locator, Page } from "@playwright/test";
import { expect, expectNoSidewaysScroll, inEachAppearance, test } from "./fixtures.ts";
import { press, tabTo } from "./keyboard.ts";
import { subscribed, type Subscribed } from "./subscribed.ts";

/** Replaces the saved card as the portal's card page does, and waits until the page knows it. */
async function replaceCard(
  page: Page,
  { path, stripe, customerId }: Subscribed,
  template: string,
): Promise<void> {
  const { id, card } = await stripe.paymentMethods.attach(template, { customer: customerId });
  await stripe.customers.update(customerId, { invoice_settings: { default_payment_method: id } });
  await page.goto(path);
  await expect(page.getByText(`•••• ${card?.last4}`)).toBeVisible();
}

/** What was really charged so far, in minor units. */
async function charged({ stripe, customerId }: Subscribed): Promise<number> {
  const { data } = await stripe.charges.list({ customer: customerId, limit: 100 });
  return data.filter(({ status }) => status === "succeeded").reduce((sum, { amount }) => sum + amount, 0);
}

const review = (page: Page): Locator => page.getByRole("region", { name: /^Review:/ });

async function fitsEveryone(page: Page, axe: () => Promise<void>): Promise<void> {
  await inEachAppearance(page, async () => {
    await expectNoSidewaysScroll(page);
    await axe();
  });
  await page.setViewportSize({ width: 1280, height: 900 });
}

test("R1 R2 R3 SE1 seats are added with the saved card for exactly the sum on the button", async ({
  page,
  product,
  axe,
}) => {
  const billing = await subscribed(page, product);
  const before = await charged(billing);
  await page.goto(`${billing.path}/seats`);
  await expect(review(page)).toContainText("This is your plan.");
  const seats = page.getByLabel("New number");
  const bought = Number(await seats.inputValue());
  await page.getByRole("button", { name: "One seat more" }).click();
  await expect(seats).toHaveValue(String(bought + 1));
  const pay = page.getByRole("button", { name: /^Pay €[\d.]+ and add 1 seat$/ });
  await expect(pay).toBeVisible();
  await expect(review(page)).toContainText(/Due today, Visa\s••••\s4242/);
  await expect(review(page)).toContainText(/Price held for (10:00|9:\d\d)\./);
  await fitsEveryone(page, axe);

  const shown = /€([\d.]+)/.exec((await pay.textContent()) ?? "")?.[1] ?? "";
  await pay.click();
  await expect(page.getByText(`You are on Team, ${bought + 1} seats. €${shown} was charged.`)).toBeFocused();
  expect(((await charged(billing)) - before) / 100).toBeCloseTo(Number(shown), 2);
  await expect(page.getByText(`${bought + 1} bought, 1 in use`)).toBeVisible();
});

test("R5 CA1 fewer seats are scheduled, shown on every screen and undone by one press", async ({
  page,
  product,
  axe,
}) => {
  const billing = await subscribed(page, product);
  const before = await charged(billing);
  await page.goto(`${billing.path}/seats`);
  await page.getByLabel("New number").fill("2");
  await expect(review(page)).toContainText("Nothing to pay today. You keep Team until");
  await page.getByRole("button", { name: /^Schedule for \d+ \w+ \d{4}$/ }).click();
  await expect(page.getByText(/Scheduled for .* Until then everything stays\.$/)).toBeFocused();
  for (const screen of ["", "/plans", "/usage", "/credits", "/invoices", "/cancel"]) {
    await page.goto(billing.path + screen);
    await expect(page.getByText(/Scheduled: on .* Team goes from \d to 2 seats\./)).toBeVisible();
  }
  await page.goto(billing.path);
  await expect(page.getByRole("meter", { name: "Sessions" })).toBeVisible();
  await fitsEveryone(page, axe);
  await page.getByRole("button", { name: "Undo" }).click();
  const kept = page.getByText(/Team stays at \d seats\.$/);
  await expect(kept).toBeFocused();
  await expect(page.getByText(/Scheduled:/)).toHaveCount(0);
  await page.getByRole("link", { name: "Usage", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Usage per day" })).toBeVisible();
  await expect(kept).toHaveCount(0);
  expect(await charged(billing)).toBe(before);
});

test("PL4 PL5 a lower plan says what is lost; today's plan again undoes it", async ({
  page,
  product,
  axe,
}) => {
  const billing = await subscribed(page, product);
  await page.goto(`${billing.path}/plans?plan=personal&interval=month`);
  await expect(review(page)).toContainText("Sessions: 100 instead of 200");
  await expect(review(page)).toContainText(/\d fewer seats/);
  await fitsEveryone(page, axe);
  await page.getByRole("button", { name: /^Schedule for/ }).click();
  await expect(page.getByText(/Scheduled: on .* Team becomes Personal, monthly\./)).toBeVisible();
  await page.getByRole("radio", { name: "Team" }).check();
  await page.getByRole("button", { name: "Keep Team" }).click();
  await expect(page.getByText(/Scheduled:/)).toHaveCount(0);
  await expect(page.getByText(/Team stays at \d seats\.$/)).toBeFocused();
});

test("R8 CA2 CA3 the plan is cancelled in two steps, and kept, as often as wanted", async ({
  page,
  product,
  axe,
}) => {
  const billing = await subscribed(page, product);
  for (const round of [1, 2]) {
    await page.goto(billing.path);
    await page.getByRole("link", { name: "Cancel subscription" }).click();
    await expect(page.getByText(/^Then Free: 20 sessions, 1,000 events/)).toBeVisible();
    if (round === 1) await fitsEveryone(page, axe);
    await page.getByRole("button", { name: /^Cancel on \d+ \w+ \d{4}$/ }).click();
    await expect(page.getByText(/Your plan ends on .* then you are on Free\.$/)).toBeFocused();
    await expect(page.getByText(/Kept, it renews .* for about €/)).toBeVisible();
    if (round === 1) await axe();
    await page.getByRole("button", { name: "Keep plan" }).click();
    await expect(page.getByText(/Team stays\. It renews .* for about €/)).toBeFocused();
  }
});

test("PL3 a declined card and a bank's question change nothing and say what to do", async ({
  page,
  product,
  axe,
}) => {
  const billing = await subscribed(page, product);
  const before = await charged(billing);
  await replaceCard(page, billing, "pm_card_chargeCustomerFail");
  await page.goto(`${billing.path}/plans?plan=business&interval=month&seats=6`);
  await page.getByRole("button", { name: /^Pay €[\d.]+ and upgrade$/ }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was changed. Try another card.");
  await expect(page.getByRole("button", { name: "Pay another way" })).toBeVisible();

  await replaceCard(page, billing, "pm_card_authenticationRequired");
  await page.goto(`${billing.path}/plans?plan=business&interval=month&seats=6`);
  await page.getByRole("button", { name: /^Pay €[\d.]+ and upgrade$/ }).click();
  await expect(page.getByText("Your bank asks you to confirm. Your plan has not changed.")).toBeFocused();
  await expect(page.getByRole("link", { name: "Confirm with your bank" })).toBeVisible();
  await axe();
  await page.getByRole("button", { name: "Give up this change" }).click();
  await expect(page.getByRole("button", { name: /^Pay €[\d.]+ and upgrade$/ })).toBeVisible();
  expect(await charged(billing)).toBe(before);
  await replaceCard(page, billing, "pm_card_visa");
});

test("X1 by keyboard alone: from the overview to Business, each step in reach and the focus never lost", async ({
  page,
  product,
}) => {
  const billing = await subscribed(page, product);
  await page.goto(billing.path);
  await expect(page.getByRole("link", { name: "Upgrade plan" })).toBeVisible();
  await tabTo(page, page.getByRole("link", { name: "Upgrade plan" }));
  await press(page, "Enter");
  await expect(page.getByRole("heading", { name: "Choose a plan" })).toBeVisible();
  await tabTo(page, page.getByRole("radio", { name: "Business" }));
  await tabTo(page, page.getByLabel("Seats", { exact: true }));
  const seats = Number(await page.getByLabel("Seats", { exact: true }).inputValue());
  await press(page, "PageUp");
  await expect(page.getByLabel("Seats", { exact: true })).toHaveValue(String(seats + 5));
  await press(page, "PageDown");
  await expect(page.getByLabel("Seats", { exact: true })).toHaveValue(String(seats));
  const pay = page.getByRole("button", { name: /^Pay €[\d.]+ and upgrade$/ });
  await expect(pay).toBeVisible();
  await tabTo(page, pay);
  await press(page, "Enter");
  await expect(page.getByText(/You are on Business, \d+ seats\. €[\d.]+ was charged\.$/)).toBeFocused();
});
