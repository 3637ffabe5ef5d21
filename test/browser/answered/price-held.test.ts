/* PL6: a price is held for ten minutes, by the server's clock. The browser's is moved on, so that nobody waits for it. */
import { teamPreview } from "../../../packages/react/src/sample-answers.test-data.ts";
import { expect, test } from "../fixtures.ts";
import { openAnswered, refusal, teamOverview } from "./answered-page.ts";

const HELD_MS = 10 * 60_000;
const start = Date.parse("2026-11-22T09:14:00Z");

/** The same choice, quoted again: the server's clock has gone on with the browser's. */
function quote(number: number, amountDue: number) {
  const expiresAt = new Date(start + number * HELD_MS).toISOString();
  const dueToday = { ...teamPreview.dueToday, total: amountDue, amountDue };
  return { ...teamPreview, quoteId: `quote_${number}`, expiresAt, dueToday };
}

test("PL6 R4 when the time is up there is a new price in place: unchanged, changed, or none and no button that pays", async ({
  page,
}) => {
  await page.clock.install({ time: start });
  const quotes = [quote(1, 4_522), quote(2, 4_522), quote(3, 4_486)];
  let asked = 0;
  let passedMs = 0;
  const pass = (ms: number) => {
    passedMs += ms;
    return page.clock.fastForward(ms);
  };
  await openAnswered(page, "/plans?plan=team&interval=month&seats=5", {
    "GET /api/billing": (route) =>
      route.fulfill({ json: { ...teamOverview, now: new Date(start + passedMs).toISOString() } }),
    "POST /api/billing/preview": (route) => {
      const found = quotes[asked];
      asked += 1;
      return found === undefined
        ? refusal(429, "rate_limited", "Stripe is asked too often. Try again.")(route)
        : route.fulfill({ json: found });
    },
  });
  const pay = page.getByRole("button", { name: /^Pay €/ });
  await pass(1_000);
  await expect(pay).toHaveText("Pay €45.22 and add 2 seats");
  await expect(page.getByRole("timer")).toHaveText(/^Price held for (10:00|9:5\d)\.$/);
  await pay.focus();

  await pass(HELD_MS);
  await expect(page.getByText("Price refreshed, unchanged.", { exact: true })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "Price refreshed, unchanged." })).toContainText(
    "Due today €45.22.",
  );
  await expect(pay).toBeFocused();

  await pass(HELD_MS);
  await expect(page.getByText("Price changed from €45.22 to €44.86.", { exact: true })).toBeVisible();
  await expect(pay).toHaveText("Pay €44.86 and add 2 seats");
  await expect(pay).toBeFocused();
  await expect(page.getByLabel("Seats", { exact: true })).toHaveValue("5");
  expect(asked, "once a quote").toBe(3);

  await pass(HELD_MS);
  await expect(page.getByRole("alert")).toContainText("Stripe is asked too often.");
  await expect(pay).toHaveCount(0);
  await expect(page.getByText(/€44\.86|€0\.00/)).toHaveCount(0);
  await expect(page.getByLabel("Seats", { exact: true })).toHaveValue("5");
});
