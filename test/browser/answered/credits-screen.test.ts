/* Credits: paid with the saved card, refused in every way it can be, and the history of what moved. */
import { readFileSync } from "node:fs";
import type { Page, Route } from "@playwright/test";
import { expect, expectNoSidewaysScroll, inEachAppearance, test } from "../fixtures.ts";
import { openAnswered, refusal, teamOverview } from "./answered-page.ts";

const PURCHASE = "POST /api/billing/credits/purchase";
const HISTORY = "GET /api/billing/credits/transactions";
const buy = (page: Page) => page.getByRole("button", { name: "Purchase 1,000,000 tokens for €5.00" });

test("CR1 R9 packs say what they save, the history adds up, and both fit everyone", async ({ page, axe }) => {
  await openAnswered(page, "/credits");
  await expect(
    page.getByRole("radio", { name: /Standard.*€10.00.*€4.00 per 1,000,000.*20.% less/ }),
  ).toBeVisible();
  // The pack that was bought last is chosen.
  await expect(page.getByRole("radio", { name: /Starter/ })).toBeChecked();
  await expect(page.getByText("€5.00 incl. VAT")).toBeVisible();
  await expect(
    page.getByRole("row", { name: "09:14:07 UTC Used session ses_81f −180,000 – 820,000" }),
  ).toBeVisible();
  await expect(page.getByRole("checkbox", { name: /recharge/i })).toHaveCount(0);
  await inEachAppearance(page, async () => {
    await expectNoSidewaysScroll(page);
    await axe();
  });
});

test("CR2 R6 a purchase waits in the history without touching the balance, then its credits are in", async ({
  page,
}) => {
  let settle = () => {};
  const keys: (string | undefined)[] = [];
  await openAnswered(page, "/credits", {
    [PURCHASE]: async (route) => {
      keys.push(route.request().headers()["idempotency-key"]);
      expect(route.request().postDataJSON()).toEqual({ packId: "credits_1m", expectedTotal: 500 });
      await new Promise<void>((resolve) => (settle = resolve));
      return route.fulfill({ json: { status: "granted", balance: 4_800_000 } });
    },
  });
  await buy(page).click();
  await expect(page.getByRole("row", { name: /Waiting for payment.*Starter.*\+1,000,000/ })).toBeVisible();
  await expect(page.getByText("3,800,000 tokens", { exact: true })).toBeVisible();
  const paying = page.getByRole("button", { name: "Paying" });
  await expect(paying).toHaveAttribute("aria-disabled", "true");
  await paying.click({ force: true });
  await expect.poll(() => keys.length).toBe(1);
  settle();
  await expect(page.getByText("1,000,000 tokens are in. Your balance is 4,800,000 tokens.")).toBeFocused();
  await expect(page.getByText("Waiting for payment")).toHaveCount(0);
});

test("T1 the second click of a double click buys nothing, though the first is answered already", async ({
  page,
}) => {
  let bought = 0;
  await openAnswered(page, "/credits", {
    [PURCHASE]: (route) => {
      bought += 1;
      return route.fulfill({ json: { status: "granted", balance: 3_800_000 + bought * 1_000_000 } });
    },
  });
  await buy(page).click();
  await expect(page.getByText(/Your balance is 4,800,000 tokens/).last()).toBeVisible();
  await buy(page).dispatchEvent("click", { detail: 2 });
  await page.waitForLoadState("networkidle");
  expect(bought).toBe(1);
  await buy(page).click();
  await expect.poll(() => bought, "another click is another purchase").toBe(2);
});

test("R3 CR2 a changed price, a declined card and the bank's question charge nothing and say what to do", async ({
  page,
  axe,
}) => {
  const declined = "Your card was declined. Nothing was charged. Try another card.";
  const answers: ((route: Route) => Promise<unknown>)[] = [
    refusal(409, "quote_changed", "It costs more now.", { total: 600 }),
    refusal(402, "payment_failed", declined),
    refusal(402, "payment_requires_action", "Confirm.", { url: "http://billing.test/settings/billing" }),
  ];
  const sent: { total: number; key: string | undefined }[] = [];
  await openAnswered(page, "/credits", {
    [PURCHASE]: (route) => {
      const { expectedTotal } = route.request().postDataJSON() as { expectedTotal: number };
      sent.push({ total: expectedTotal, key: route.request().headers()["idempotency-key"] });
      return answers.shift()?.(route) ?? route.abort();
    },
  });
  await buy(page).click();
  await expect(page.getByRole("alert")).toContainText("The price changed from €5.00 to €6.00.");
  const dearer = page.getByRole("button", { name: "Purchase 1,000,000 tokens for €6.00" });
  await expect(page.getByText("€6.00 incl. VAT")).toBeVisible();
  await dearer.click();
  await expect(page.getByRole("alert")).toContainText(declined);
  await expect(page.getByRole("row", { name: /Failed: Your card was declined/ })).toBeVisible();
  await axe();
  await buy(page).click();
  await expect(page.getByRole("alert")).toContainText(
    "Your bank asks you to confirm. Nothing was charged yet.",
  );
  await expect(page.getByRole("button", { name: "Confirm with your bank" })).toBeVisible();
  await axe();
  expect(sent.map(({ total }) => total)).toEqual([500, 600, 500]);
  expect(new Set(sent.map(({ key }) => key)).size, "a refusal ends an intention").toBe(3);
});

test("T1 a purchase without an answer is in doubt, and asking again sends the same request", async ({
  page,
}) => {
  const keys: (string | undefined)[] = [];
  let isLost = true;
  await openAnswered(page, "/credits", {
    [PURCHASE]: (route) => {
      keys.push(route.request().headers()["idempotency-key"]);
      return isLost ? route.abort() : route.fulfill({ json: { status: "granted", balance: 4_800_000 } });
    },
  });
  await buy(page).click();
  await expect(
    page.getByRole("main").getByText("We do not know yet if this went through. Do not pay again; checking."),
  ).toBeVisible();
  const again = page.getByRole("button", { name: "Check again" });
  await expect(again).toBeVisible({ timeout: 30_000 });
  isLost = false;
  await again.click();
  await expect(page.getByText(/1,000,000 tokens are in\./)).toBeVisible();
  expect(new Set(keys).size, "one intention").toBe(1);
});

test("CR1 K5 US3 the history is filtered by type and days, and exported as filtered", async ({ page }) => {
  const asked: string[] = [];
  await openAnswered(page, "/credits", {
    [HISTORY]: (route) => {
      const request = route.request();
      if (request.headers()["accept"] !== "text/csv")
        return route.fulfill({ json: { data: [], nextCursor: null } });
      asked.push(new URL(request.url()).search);
      const headers = { "content-disposition": 'attachment; filename="acme-credits.csv"' };
      return route.fulfill({ contentType: "text/csv", headers, body: "id\r\n" });
    },
  });
  await expect(page.getByText(/No movements yet/)).toBeVisible();
  const history = page.getByRole("region", { name: "History" });
  await history.getByLabel("Type").selectOption({ label: "Refund" });
  await history.getByLabel("Period").selectOption({ label: "Last 30 days" });
  await expect(page.getByText("Nothing of this kind in these days.")).toBeVisible();
  const download = page.waitForEvent("download");
  await history.getByRole("button", { name: "Export CSV" }).click();
  expect(readFileSync(await (await download).path(), "utf8")).toBe("id\r\n");
  expect(asked).toEqual(["?type=refund&from=2026-10-24"]);
});

test("CR2 OV3 below zero the page says why and until when; on Free what to do", async ({ page, axe }) => {
  const below = { ...teamOverview.credits, balance: -12_000, held: 0, available: 0 };
  await openAnswered(page, "/credits", { "GET /api/billing": { ...teamOverview, credits: below } });
  await expect(page.getByText("−12,000 tokens", { exact: true })).toBeVisible();
  await expect(
    page.getByText(
      "New AI work waits until you buy credits or your next allocation on 12 Dec 2026 covers it.",
    ),
  ).toBeVisible();
  await axe();
});

test("RT3 news from the hosted page stays with its screen and leads nobody away", async ({ page }) => {
  let asked = 0;
  let balance = 3_800_000;
  const now = () => ({ ...teamOverview, credits: { ...teamOverview.credits, balance } });
  await openAnswered(page, "/return?session_id=cs_test_1", {
    "GET /api/billing": (route) => route.fulfill({ json: now() }),
    "POST /api/billing/reconcile": (route) => {
      asked += 1;
      return route.fulfill({ json: now() });
    },
    [PURCHASE]: (route) => {
      balance = 4_800_000;
      return route.fulfill({ json: { status: "granted", balance } });
    },
  });
  const news = page.getByText("You are on Team.");
  await expect(news).toBeFocused();
  await expect(page).toHaveURL(/\/settings\/billing$/);
  await page.getByRole("link", { name: "Credits", exact: true }).click();
  await expect(news).toHaveCount(0);
  await buy(page).click();
  await expect(page.getByText("1,000,000 tokens are in. Your balance is 4,800,000 tokens.")).toBeFocused();
  await expect(page.getByText("4,800,000 tokens", { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/\/settings\/billing\/credits$/);
  await page.getByRole("link", { name: "Overview", exact: true }).click();
  await expect(news).toHaveCount(0);
  expect(asked).toBe(1);
});
