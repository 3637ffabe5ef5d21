/* A press whose answer is lost: nobody knows, nothing is paid twice, and that is what the page says. */
import type { Page } from "@playwright/test";
import { teamPreview } from "../../../packages/react/src/sample-answers.test-data.ts";
import { expect, test } from "../fixtures.ts";
import { openAnswered, refusal, teamOverview, type Answers } from "./answered-page.ts";

const IN_DOUBT = "We do not know yet if this went through. Do not pay again; checking.";
const CHANGE = "POST /api/billing/change";

interface Sent {
  keys: string[];
  bodies: unknown[];
}

/** Loses every answer until `found` is set; then that is the answer. */
function losing(found: () => object | null): Sent & { answers: (call: string) => Answers } {
  const sent: Sent = { keys: [], bodies: [] };
  return {
    ...sent,
    answers: (call) => ({
      "POST /api/billing/preview": { ...teamPreview, expiresAt: "2026-11-22T09:24:00Z" },
      [call]: (route) => {
        sent.keys.push(route.request().headers()["idempotency-key"] ?? "");
        sent.bodies.push(route.request().postDataJSON());
        const answer = found();
        return answer === null ? route.abort() : route.fulfill({ json: answer });
      },
    }),
  };
}

const pay = (page: Page) => page.getByRole("button", { name: /^Pay €/ });
const anotherWay = (page: Page) => page.getByRole("button", { name: "Pay another way" });
const checkAgain = (page: Page) => page.getByRole("button", { name: "Check again" });

test("section 12 T1 a plan change without an answer is in doubt; asked again it is the same request", async ({
  page,
  axe,
}) => {
  test.setTimeout(90_000);
  let isFound = false;
  const applied = { status: "applied", effectiveAt: teamOverview.now, invoiceId: "in_9" };
  const lost = losing(() => (isFound ? applied : null));
  await openAnswered(page, "/plans?plan=team&interval=month&seats=5", lost.answers(CHANGE));
  await pay(page).click();
  await expect(page.getByText("Nothing was changed", { exact: false })).toHaveCount(0);
  await expect(page.getByRole("alert")).toHaveText(IN_DOUBT, { timeout: 40_000 });
  await expect(pay(page), "no second payment is offered").toHaveCount(0);
  await expect(anotherWay(page), "nor another way to it").toHaveAttribute("aria-disabled", "true");
  await axe();
  isFound = true;
  await checkAgain(page).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
  expect(new Set(lost.keys).size, "one key").toBe(1);
  expect(new Set(lost.bodies.map((body) => JSON.stringify(body))).size, "one body").toBe(1);
});

test("section 12 a key survives a reload, and a pack is not bought twice by it", async ({ page }) => {
  test.setTimeout(90_000);
  const purchase = "POST /api/billing/credits/purchase";
  let isFound = false;
  const lost = losing(() => (isFound ? { status: "granted", balance: 4_800_000 } : null));
  await openAnswered(page, "/credits", lost.answers(purchase));
  await page.getByRole("button", { name: /^Purchase 1,000,000/ }).click();
  await expect(page.getByRole("alert").filter({ hasText: IN_DOUBT })).toBeVisible({ timeout: 40_000 });
  await expect(anotherWay(page)).toHaveAttribute("aria-disabled", "true");
  await page.reload();
  isFound = true;
  await page.getByRole("button", { name: /^Purchase 1,000,000/ }).click();
  await expect(page.getByText(/1,000,000 tokens are in/)).toBeVisible();
  expect(new Set(lost.keys).size).toBe(1);
});

test("section 12 a key survives a reload, and a plan change is asked for again by the quote it was made with", async ({
  page,
}) => {
  test.setTimeout(90_000);
  let isFound = false;
  let quotes = 0;
  const applied = { status: "applied", effectiveAt: teamOverview.now, invoiceId: "in_9" };
  const lost = losing(() => (isFound ? applied : null));
  await openAnswered(page, "/plans?plan=team&interval=month&seats=5", {
    ...lost.answers(CHANGE),
    "POST /api/billing/preview": (route) => {
      quotes += 1;
      return route.fulfill({ json: { ...teamPreview, quoteId: `quote_${quotes}` } });
    },
  });
  await pay(page).click();
  await expect(page.getByRole("alert")).toHaveText(IN_DOUBT, { timeout: 40_000 });
  const before = quotes;
  await page.reload();
  isFound = true;
  await pay(page).click();
  await expect.poll(() => new Set(lost.keys).size).toBe(1);
  await expect(page.getByRole("button", { name: "Paying" })).toHaveCount(0);
  expect(quotes, "the page has another quote by then").toBeGreaterThan(before);
  expect(new Set(lost.bodies.map((body) => JSON.stringify(body))).size, "one body").toBe(1);
  expect(
    await page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.includes("change"))),
  ).toEqual([]);
});

test("section 12 a first try that still runs is in doubt too; a refusal is a refusal", async ({ page }) => {
  test.setTimeout(60_000);
  const running = refusal(409, "idempotency_in_progress", "The first try of this call still runs.");
  const answers = { "POST /api/billing/cancel": running };
  await openAnswered(page, "/cancel", answers);
  const cancel = page.getByRole("button", { name: "Cancel on 12 Dec 2026" });
  await cancel.click();
  await expect(page.getByRole("alert")).toHaveText(IN_DOUBT, { timeout: 20_000 });
  const refused = refusal(
    429,
    "rate_limited",
    "Too many requests. Nothing was changed. Try again in 7 seconds.",
  );
  await openAnswered(page, "/cancel", { "POST /api/billing/cancel": refused });
  await cancel.click();
  await expect(page.getByRole("alert")).toContainText("Nothing was changed. Try again in 7 seconds.", {
    timeout: 20_000,
  });
});
