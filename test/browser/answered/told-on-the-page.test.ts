/* What the page says by itself: of figures that are old or cross a threshold, and where a receipt goes. */
import type { Route } from "@playwright/test";
import { expect, test } from "../fixtures.ts";
import { heardPolitely, listen } from "../heard.ts";
import { openAnswered, teamOverview } from "./answered-page.ts";

test("M4 old figures say so, and a threshold that is crossed while the page is open is told once", async ({
  page,
}) => {
  await page.clock.install({ time: new Date("2026-11-22T09:14:00Z") });
  await listen(page);
  const { sessions } = teamOverview.usage;
  let answer: (route: Route) => Promise<unknown> = (route) => route.fulfill({ json: teamOverview });
  await openAnswered(page, "", { "GET /api/billing": (route) => answer(route) });
  const usage = page.getByRole("region", { name: "Usage" });
  await expect(usage.getByText(/resets in 20 days/)).toBeVisible();
  expect(await heardPolitely(page)).toEqual([]);
  const crossed = { ...sessions!, used: 200, percent: 100, state: "reached" };
  answer = (route) =>
    route.fulfill({ json: { ...teamOverview, usage: { ...teamOverview.usage, sessions: crossed } } });
  await page.clock.fastForward("01:05");
  await expect.poll(() => heardPolitely(page)).toEqual(["Sessions: Limit reached, 200 of 200."]);
  answer = (route) => route.abort();
  await page.clock.fastForward("16:00");
  await expect(usage.getByText("Delayed, last update 22 Nov 2026, 09:14:00 UTC")).toBeVisible();
});

const wishes = (payments: boolean, sending: string) => ({
  data: [{ category: "payments", name: "Payments", description: "", mail: payments, required: false }],
  meters: [],
  email: "ann@acme.example",
  sending,
});

test("CA2 the cancel screen says where the receipt goes, and says nothing where none is mailed", async ({
  page,
}) => {
  const receipt = page.getByText("The receipt goes by mail to ann@acme.example.");
  const cancelled = { ...teamOverview, cancelAt: "2026-12-12T00:00:00Z", renewsAt: null };
  for (const overview of [teamOverview, cancelled]) {
    await openAnswered(page, "/cancel", {
      "GET /api/billing": overview,
      "GET /api/notifications": wishes(true, "smtp"),
    });
    await expect(receipt).toBeVisible();
  }
  for (const silent of [wishes(false, "smtp"), wishes(true, "none")]) {
    await openAnswered(page, "/cancel", { "GET /api/notifications": silent });
    await expect(page.getByRole("button", { name: "Cancel on 12 Dec 2026" })).toBeVisible();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    await expect(receipt).toHaveCount(0);
  }
});
