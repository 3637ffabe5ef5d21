/* Coming back: from Stripe's pages, from the browser's memory, from another tab. */
import type { Page, Route } from "@playwright/test";
import { expect, test } from "../fixtures.ts";
import { openAnswered, openStream, refusal, teamOverview, type Answers } from "./answered-page.ts";

/** Counts how often the overview was asked for. */
function counted(answers: Answers = {}): { answers: Answers; count: () => number } {
  let asked = 0;
  const overview = answers["GET /api/billing"] ?? teamOverview;
  return {
    count: () => asked,
    answers: {
      ...answers,
      "GET /api/billing": (route) => {
        asked += 1;
        return route.fulfill({ json: overview });
      },
    },
  };
}

const settled = (page: Page) => expect(page.locator("[aria-busy=true]")).toHaveCount(0);

test("RT4 what one tab changes the others ask for again, though the stream be cut", async ({
  page,
  context,
}) => {
  const other = await context.newPage();
  const seen = counted();
  await openAnswered(other, "", seen.answers);
  await expect(other.getByText("3 seats, 1 in use")).toBeVisible();
  await settled(other);
  const before = seen.count();
  await openAnswered(page, "/credits/auto-recharge", {
    "GET /api/billing/credits/auto-recharge/attempts": { data: [], nextCursor: null },
    "PUT /api/billing/credits/auto-recharge": teamOverview.credits.autoRecharge,
  });
  await page.getByRole("button", { name: "Save and turn on" }).click();
  await expect.poll(seen.count).toBeGreaterThan(before);
});

test("T2 a stream that is cut, and refused while the server starts anew, comes back with what happened meanwhile", async ({
  page,
}) => {
  let used = 1;
  const isShown = Promise.withResolvers<undefined>();
  const beginnings: ((route: Route) => Promise<void>)[] = [
    // Ends at once; the browser comes again a moment later.
    async (route) => {
      await isShown.promise;
      await route.fulfill({
        contentType: "text/event-stream",
        body: "retry: 10\nevent: ready\ndata: {}\n\n",
      });
    },
    (route) => {
      used = 2;
      return route.fulfill({ status: 502, body: "Bad gateway" });
    },
  ];
  await openAnswered(page, "", {
    "GET /api/billing": (route) =>
      route.fulfill({ json: { ...teamOverview, seats: { purchased: 3, used } } }),
    "GET /api/billing/stream": (route) => beginnings.shift()?.(route) ?? openStream(route),
  });
  await expect(page.getByText("3 seats, 1 in use")).toBeVisible();
  isShown.resolve(undefined);
  await expect(page.getByText("3 seats, 2 in use")).toBeVisible();
  expect(beginnings).toEqual([]);
});

test("RT4 a page that the browser kept is asked for again when it is shown", async ({ page }) => {
  const seen = counted();
  await openAnswered(page, "", seen.answers);
  await expect(page.getByText("3 seats, 1 in use")).toBeVisible();
  await settled(page);
  const before = seen.count();
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await expect.poll(seen.count).toBeGreaterThan(before);
});

test("RT4 back from the portal the new card is named, though the webhook is late", async ({ page }) => {
  const card = { brand: "mastercard", last4: "4444", expMonth: 1, expYear: 2_030 };
  let isKnown = false;
  const now = () => (isKnown ? { ...teamOverview, paymentMethod: card } : teamOverview);
  const answers: Answers = {
    "GET /api/billing": (route) => route.fulfill({ json: now() }),
    "POST /api/billing/portal": { url: "http://billing.test/settings/billing/invoices" },
    "POST /api/billing/reconcile": (route) => {
      isKnown = true;
      return route.fulfill({ json: now() });
    },
  };
  await openAnswered(page, "/invoices", answers);
  await expect(page.getByText("Visa •••• 4242, exp 08/27")).toBeVisible();
  await page.getByRole("button", { name: "Manage payment" }).click();
  await expect(page.getByRole("main").getByText("Default card is now Mastercard •••• 4444.")).toBeVisible();
  await expect(page.getByText("Mastercard •••• 4444, exp 01/30")).toBeVisible();
  await page.reload();
  await expect(page.getByText("Mastercard •••• 4444, exp 01/30")).toBeVisible();
  await expect(page.getByText(/^Default card is now/), "it is told once").toHaveCount(0);
});

test("RT2 RT3 until a payment is in the account nothing is sold a second time; then its invoice is named", async ({
  page,
}) => {
  let isThere = false;
  const free = {
    ...teamOverview,
    plan: { id: "free", name: "Free", kind: "free", perSeat: false },
    interval: null,
    notices: [],
  };
  const answers: Answers = {
    "GET /api/billing": (route) => route.fulfill({ json: isThere ? teamOverview : free }),
    "POST /api/billing/reconcile": free,
  };
  await openAnswered(page, "", answers);
  await page.evaluate(() =>
    sessionStorage.setItem(
      "bursar:leaving",
      JSON.stringify({ bought: "plan", planId: "team", planName: "Team", interval: "month" }),
    ),
  );
  await openAnswered(page, "/return?session_id=cs_1", answers);
  await expect(page.getByRole("main").getByText("Payment received. Switching to Team.")).toBeVisible();
  await expect(page).toHaveURL(/\/settings\/billing$/);
  await expect(page.getByRole("region", { name: "Current plan" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Upgrade plan" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Buy credits" })).toHaveCount(0);
  isThere = true;
  const news = page.getByRole("heading", { name: "You are on Team. Invoice A-0001, €67.83." });
  await expect(news).toBeVisible();
  await expect(page.getByRole("link", { name: "Manage seats" })).not.toHaveAttribute("aria-disabled");
});

test("RT3 when it takes longer the page says what goes on without anybody, with the request's id", async ({
  page,
}) => {
  await page.clock.install();
  const free = {
    ...teamOverview,
    plan: { id: "free", name: "Free", kind: "free", perSeat: false },
    interval: null,
  };
  const answers: Answers = {
    "GET /api/billing": free,
    "POST /api/billing/reconcile": (route) =>
      route.fulfill({ json: free, headers: { "request-id": "req_late" } }),
  };
  await openAnswered(page, "", answers);
  await page.evaluate(() =>
    sessionStorage.setItem(
      "bursar:leaving",
      JSON.stringify({ bought: "plan", planId: "team", planName: "Team", interval: "month" }),
    ),
  );
  await openAnswered(page, "/return?session_id=cs_1", answers);
  await expect(page.getByRole("main").getByText("Payment received. Switching to Team.")).toBeVisible();
  const late = page.getByText(/the update takes longer. Do not pay again/);
  await expect(async () => {
    await page.clock.fastForward("00:05");
    await expect(late).toBeVisible({ timeout: 100 });
  }).toPass();
  await expect(page.getByText("We go on asking Stripe, also when you leave this page")).toBeVisible();
  await expect(page.getByText("req_late")).toBeVisible();
  await expect(page.getByRole("link", { name: "Upgrade plan" })).toHaveCount(0);
});

test("RT1 where Stripe cannot be asked the page says so and tries again when told to", async ({ page }) => {
  const answers: Answers = {
    "POST /api/billing/reconcile": refusal(
      502,
      "stripe_unavailable",
      "Stripe does not answer. Nothing was changed.",
    ),
  };
  await openAnswered(page, "/return?session_id=cs_1", answers);
  await expect(page.locator("main").getByText("Stripe does not answer. Nothing was changed.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
});
