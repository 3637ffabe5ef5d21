/*
 * Each main screen once, as it usually is: what a screen reader is told of it (X1), with the text that a person widened or
 * doubled (X4), and on paper. The tree of roles is kept beside this file; what is meant to change there is written anew by
 * `npx playwright test answered/screens --update-snapshots`.
 */
import type { Page } from "@playwright/test";
import { violationsOf } from "../axe.ts";
import { expect, expectNoSidewaysScroll, test } from "../fixtures.ts";
import { usualAnswers } from "./account-states.ts";
import { openSettings, type Answers } from "./answered-page.ts";
import { cutTexts, overlappingTexts, sticksOut } from "./appearance.ts";
import { offersWithdrawal } from "./withdrawal-answers.ts";

test.describe.configure({ mode: "parallel" });

const BILLING = "/settings/billing";
const screens = {
  overview: BILLING,
  plans: `${BILLING}/plans?plan=team&interval=month&seats=5`,
  seats: `${BILLING}/seats`,
  usage: `${BILLING}/usage?meter=events`,
  credits: `${BILLING}/credits`,
  "auto-recharge": `${BILLING}/credits/auto-recharge`,
  invoices: `${BILLING}/invoices`,
  cancel: `${BILLING}/cancel`,
  withdraw: `${BILLING}/withdraw`,
  members: "/settings/members",
  account: "/settings/account",
  notifications: "/settings/notifications",
  keys: "/settings/keys",
  webhooks: "/settings/webhooks",
};

/** What a screen is only there for. */
const needs: Readonly<Record<string, Answers>> = {
  withdraw: { "GET /api/billing": offersWithdrawal },
};

/** A sheet of A4 between its margins. */
const SHEET = { width: 718, height: 1_000 };

async function textsAsTheyShouldBe(page: Page, how: string): Promise<void> {
  expect.soft(await sticksOut(page), `sticks out ${how}`).toEqual([]);
  expect.soft(await cutTexts(page), `cut ${how}`).toEqual([]);
  expect.soft(await overlappingTexts(page), `lies over another ${how}`).toEqual([]);
}

/** WCAG 2.2, 1.4.12: what a person may set without losing anything. A style sheet of theirs is not bound by our policy. */
async function spaceTexts(page: Page): Promise<void> {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
      p { margin-block-end: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
  });
}

for (const [name, path] of Object.entries(screens)) {
  test(`X1 X4 T3 ${name}: its roles and names, wide and large text at 320 px, and printed`, async ({
    page,
  }) => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await openSettings(page, path, { ...usualAnswers, ...needs[name] });
    await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);

    await test.step("what a screen reader is told", async () => {
      await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `${name}.aria.yml` });
    });

    await test.step("printed, by somebody who reads in the dark", async () => {
      await page.setViewportSize(SHEET);
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      // Ink on paper, and nothing to press.
      expect(await violationsOf(page, ["color-contrast"])).toEqual([]);
      const paper = await page.evaluate(
        () => getComputedStyle(document.querySelector(".bursar")!).backgroundColor,
      );
      expect(paper).toBe("rgb(255, 255, 255)");
      await expect(page.getByRole("main").getByRole("button").filter({ visible: true })).toHaveCount(0);
      await expect(page.getByRole("navigation").filter({ visible: true })).toHaveCount(0);
      await expectNoSidewaysScroll(page);
      await textsAsTheyShouldBe(page, "on paper");
      await page.emulateMedia({ media: "screen", colorScheme: "light" });
    });

    await test.step("with more space between letters, words and lines at 320 px", async () => {
      await page.setViewportSize({ width: 320, height: 900 });
      await spaceTexts(page);
      await textsAsTheyShouldBe(page, "with WCAG's text spacing");
      await page.evaluate(() => (document.adoptedStyleSheets = []));
    });

    await test.step("at 200 % text and 320 px", async () => {
      await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
      await textsAsTheyShouldBe(page, "at 200 %");
    });
  });
}
