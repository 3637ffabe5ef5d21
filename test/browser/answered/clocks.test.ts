/*
 * What time does to an open page, and where its reader's clock stands. The browser's clock is moved on, so that nobody
 * waits.
 */
import { teamPreview } from "../../../packages/react/src/sample-answers.test-data.ts";
import { expect, test } from "../fixtures.ts";
import { heardPolitely, listen } from "../heard.ts";
import { openAnswered, refusal, teamOverview } from "./answered-page.ts";

const HELD_MS = 10 * 60_000;
const start = Date.parse("2026-11-22T09:14:00Z");

/** The same choice, quoted again: the server's clock has gone on with the browser's. */
function quote(number: number, amountDue: number) {
  const expiresAt = new Date(start + number * HELD_MS).toISOString();
  const dueToday = { ...teamPreview.dueToday, total: amountDue, amountDue };
  return { ...teamPreview, quoteId: `quote_${number}`, expiresAt, dueToday };
}

test("PL1 a price is asked for after 400 ms of quiet, once, while the review keeps its place", async ({
  page,
}) => {
  await page.clock.install({ time: start });
  const asked: number[] = [];
  await openAnswered(page, "/plans?plan=team&interval=month&seats=5", {
    "POST /api/billing/preview": (route) => {
      const { seats } = route.request().postDataJSON() as { seats: number };
      asked.push(seats);
      return route.fulfill({ json: { ...teamPreview, quoteId: `quote_${seats}` } });
    },
  });
  const review = page.getByRole("region", { name: /^Review:/ });
  await page.clock.runFor(1_000);
  await expect(page.getByRole("button", { name: /^Pay €/ })).toBeVisible();
  expect(asked).toEqual([5]);
  await page.clock.pauseAt(start + 60_000);
  const { height } = (await review.boundingBox())!;
  const more = page.getByRole("button", { name: "One seat more" });
  for (const seats of [6, 7, 8]) {
    await more.click();
    await expect(page.getByLabel("Seats", { exact: true })).toHaveValue(String(seats));
    await page.clock.runFor(399);
  }
  expect(asked, "each press begins the 400 ms anew").toEqual([5]);
  await expect(review).toHaveAttribute("aria-busy", "true");
  await expect(page.getByRole("button", { name: /^Pay €/ }), "no old price can be paid").toHaveCount(0);
  expect((await review.boundingBox())!.height).toBe(height);
  await page.clock.runFor(1);
  await expect.poll(() => asked).toEqual([5, 8]);
  await page.clock.runFor(100);
  await expect(page.getByRole("button", { name: /^Pay €/ })).toBeVisible();
  expect((await review.boundingBox())!.height).toBe(height);
});

test("PL6 R4 when the time is up there is a new price in place: unchanged, changed, or none and no button that pays", async ({
  page,
}) => {
  await page.clock.install({ time: start });
  await listen(page);
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
  expect(await heardPolitely(page)).toContain("Price refreshed, unchanged. Due today €45.22.");
  await expect(pay).toBeFocused();

  await pass(HELD_MS);
  await expect(page.getByText("Price changed from €45.22 to €44.86.", { exact: true })).toBeVisible();
  await expect(pay).toHaveText("Pay €44.86 and add 2 seats");
  await expect(pay).toBeFocused();
  await expect(page.getByLabel("Seats", { exact: true })).toHaveValue("5");
  expect(asked, "once a quote").toBe(3);

  await pass(HELD_MS);
  await expect(page.getByText("Stripe is asked too often.").first()).toBeVisible();
  await expect(pay).toHaveCount(0);
  await expect(page.getByText(/€44\.86|€0\.00/)).toHaveCount(0);
  await expect(page.getByLabel("Seats", { exact: true })).toHaveValue("5");
});

test("T1 RT3 a webhook that is 90 s late: nothing is paid twice, it is said that it takes longer, then the plan is there", async ({
  page,
}) => {
  let isThere = false;
  const free = { ...teamOverview, plan: { id: "free", name: "Free", kind: "free", perSeat: false } };
  await page.clock.install({ time: start });
  await page.addInitScript(() => {
    const leaving = { bought: "plan", planId: "team", planName: "Team", interval: "month" };
    sessionStorage.setItem("bursar:leaving", JSON.stringify(leaving));
  });
  await openAnswered(page, "/return?session_id=cs_1", {
    "GET /api/billing": (route) => route.fulfill({ json: isThere ? teamOverview : free }),
    "POST /api/billing/reconcile": free,
  });
  await expect(page.getByRole("main").getByText("Payment received. Switching to Team.")).toBeVisible();
  const late = page.getByText(/the update takes longer\. Do not pay again\./);
  let passedS = 0;
  await expect
    .poll(async () => {
      passedS += 5;
      await page.clock.runFor(5_000);
      return late.isVisible();
    })
    .toBe(true);
  expect(passedS).toBeGreaterThanOrEqual(60);
  isThere = true;
  await page.getByRole("button", { name: "Check again" }).press("Enter");
  await page.clock.runFor(1_000);
  await expect(page.getByRole("heading", { name: /^You are on Team\./ })).toBeFocused();
});

for (const timezoneId of ["America/Los_Angeles", "Pacific/Kiritimati"])
  test(`T3 F3 a reader in ${timezoneId} sees the renewal date and the times that everybody sees`, async ({
    browser,
  }) => {
    const context = await browser.newContext({ timezoneId, locale: "en-US" });
    try {
      const page = await context.newPage();
      await openAnswered(page, "");
      await expect(page.getByText("Renews 12 Dec 2026 (UTC)")).toBeVisible();
      await expect(page.getByText(/^12 Nov \u2013 12 Dec 2026 \(UTC\), resets in 20 days$/)).toBeVisible();
      await page.getByRole("link", { name: "Credits", exact: true }).click();
      await expect(page.getByRole("row", { name: /^09:14:07 UTC Used/ })).toBeVisible();
    } finally {
      await context.close();
    }
  });
