/* X4: the page has one polite live region, through which every part speaks; an alert is what a person did that failed. */
import { expect, test } from "../fixtures.ts";
import { heardAsAlerts, heardPolitely, listen } from "../heard.ts";
import { accountStates, usualAnswers } from "./account-states.ts";
import { openAnswered, openSettings, refusal, teamOverview } from "./answered-page.ts";
import { screens } from "./screen-states.ts";

const REGIONS = "[role=status], [role=log], [aria-live]:not([aria-live=off])";

test("X4 every screen has one polite live region, also before its answers are there and when none comes", async ({
  page,
}) => {
  for (const { path } of screens) {
    for (const state of ["normal", "loading", "all fails"]) {
      await test.step(`${path}, ${state}`, async () => {
        await openSettings(page, path, { ...usualAnswers, ...accountStates[state] });
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        if (state !== "loading") await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
        await expect(page.locator(REGIONS)).toHaveCount(1);
        // Nobody has done anything yet.
        await expect(page.getByRole("alert").filter({ hasText: /./ })).toHaveCount(0);
      });
    }
  }
});

test("X4 parts speak through it, and what was said is not there for long", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-write"]);
  await listen(page);
  await openAnswered(page, "/plans?plan=team&interval=month&seats=5", usualAnswers);
  await expect.poll(() => heardPolitely(page)).toEqual(["Due today €45.22."]);
  await page.getByRole("link", { name: "Invoices", exact: true }).click();
  await page.route(/csv/, (route) => route.fulfill({ contentType: "text/csv", body: "a,b\r\n" }));
  await page.getByRole("button", { name: "Export CSV" }).click();
  await expect.poll(async () => (await heardPolitely(page))[1]).toMatch(/\.csv/);
  await context.setOffline(true);
  await expect.poll(async () => (await heardPolitely(page))[2]).toMatch(/^Offline\. Data from 22 Nov 2026/);
  await context.setOffline(false);
  await expect(page.locator(REGIONS)).toHaveText("");
  expect(await heardAsAlerts(page)).toEqual([]);
});

test("X4 what the person did and failed is an alert; what failed by itself is told politely, and again when it fails again", async ({
  page,
}) => {
  const busy = "The packs cannot be read now. Nothing was changed.";
  await page.clock.install({ time: new Date(teamOverview.now) });
  await listen(page);
  await openAnswered(page, "/credits", {
    ...usualAnswers,
    "GET /api/billing/credits/packs": refusal(429, "rate_limited", busy),
  });
  const again = page.getByRole("button", { name: "Try again" });
  await expect(again).toBeVisible();
  await expect.poll(() => heardPolitely(page)).toEqual([busy]);
  await page.clock.fastForward("00:10");
  await again.click();
  await expect.poll(() => heardPolitely(page)).toEqual([busy, busy]);
  expect(await heardAsAlerts(page)).toEqual([]);

  const declined = "Your card was declined. Nothing was charged.";
  await openAnswered(page, "/credits", {
    ...usualAnswers,
    "POST /api/billing/credits/purchase": refusal(402, "payment_failed", declined),
  });
  await page.getByRole("button", { name: /^Purchase/ }).click();
  await expect.poll(async () => (await heardAsAlerts(page)).join()).toContain(declined);
  expect(await heardPolitely(page)).toEqual([]);
});

test("X4 what came of a press takes the focus, but not from somebody who went on meanwhile", async ({
  page,
}) => {
  let answer: (() => void) | undefined;
  await listen(page);
  await openAnswered(page, "/credits", {
    ...usualAnswers,
    "POST /api/billing/credits/purchase": async (route) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return route.fulfill({ json: { status: "granted", balance: 4_800_000 } });
    },
  });
  await page.getByRole("button", { name: /^Purchase/ }).click();
  await expect.poll(() => answer).toBeDefined();
  const elsewhere = page.getByRole("combobox", { name: "Type" });
  await elsewhere.focus();
  answer!();
  await expect.poll(() => heardPolitely(page)).toEqual([expect.stringContaining("1,000,000 tokens are in")]);
  await expect(elsewhere).toBeFocused();
});
