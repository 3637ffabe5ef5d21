/*
 * Section 18 and 12: what is loaded later than the page itself. Nothing moves when an answer or a screen's code comes, and
 * a screen whose code cannot be had says so and can be tried again.
 */
import type { Page, Route } from "@playwright/test";
import { expect, test } from "../fixtures.ts";
import { openAnswered, teamOverview } from "./answered-page.ts";

/** What has moved on the page so far without anybody's doing, as browsers add it up; each with what moved. */
interface Moved {
  score: number;
  what: string[];
}

async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    interface Shift extends PerformanceEntry {
      value: number;
      sources: { node: Node | null }[];
    }
    const moved: Moved = { score: 0, what: [] };
    Object.assign(window, { moved });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as Shift[]) {
        moved.score += entry.value;
        moved.what.push(
          ...entry.sources.map(({ node }) => (node instanceof Element ? node.className || node.tagName : "")),
        );
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

async function shifts(page: Page): Promise<Moved> {
  // What the last frame moved is told after it is painted.
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(null)))),
  );
  return page.evaluate(() => (window as unknown as { moved: Moved }).moved);
}

/** An answer that waits for the test. */
function held(answer: (route: Route) => Promise<unknown>) {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  return {
    release,
    answer: async (route: Route) => {
      await released;
      return answer(route);
    },
  };
}

/** With all that can stand above a screen's own sections. */
const noticed = {
  ...teamOverview,
  notices: [{ ...teamOverview.notices[0]!, id: "past_due" }, ...teamOverview.notices],
  pendingChange: {
    planId: "team",
    planName: "Team",
    interval: "month" as const,
    seats: 2,
    effectiveAt: "2026-12-12T00:00:00Z",
  },
};

for (const path of ["", "/plans", "/credits", "/usage", "/invoices", "/cancel"]) {
  test(`section 18 nothing moves when the answers come after their placeholders: ${path === "" ? "overview" : path}`, async ({
    page,
  }) => {
    await watchShifts(page);
    const overview = held((route) => route.fulfill({ json: noticed }));
    await openAnswered(page, path, { "GET /api/billing": overview.answer });
    await expect(page.locator(".bursar-skeleton").first()).toBeVisible();
    overview.release();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
    expect(await shifts(page)).toEqual({ score: 0, what: [] });
  });
}

test("section 18 five requests load the first screen, and who is signed in is asked only when it is wanted", async ({
  page,
}) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname.replace(/-[\w-]{8}\./, ".")));
  // Once the stream has begun the overview is asked for again; here it does not begin.
  await openAnswered(page, "", { "GET /api/billing/stream": held(() => Promise.resolve()).answer });
  await expect(page.getByRole("meter").first()).toBeVisible();
  await shifts(page);
  expect(asked.sort()).toEqual([
    "/api/billing",
    "/api/billing/stream",
    "/assets/index.css",
    "/assets/index.js",
    "/settings/billing",
  ]);
  await page.locator(".bursar-menu summary").hover();
  await expect.poll(() => asked).toContain("/api/auth/me");
});

test("section 18 a screen whose code is still coming waits behind the one that is there, which does not move", async ({
  page,
}) => {
  await watchShifts(page);
  const code = held((route) => route.fallback());
  await openAnswered(page, "");
  const plan = page.getByRole("region", { name: "Current plan" });
  await expect(plan).toBeVisible();
  await page.route(/\/assets\/invoice-table-/, code.answer);
  // By the keyboard alone, as whoever holds no mouse.
  await page.getByRole("link", { name: "Invoices", exact: true }).press("Enter");
  await expect(page).toHaveURL(/\/invoices$/);
  await expect(page.locator(".bursar-screen")).toHaveAttribute("aria-busy", "true");
  await expect(plan).toBeVisible();
  expect(await shifts(page)).toEqual({ score: 0, what: [] });
  code.release();
  await expect(page.getByRole("table", { name: /^Your invoices/ })).toBeVisible();
  await expect(plan).toHaveCount(0);
});

test("section 12 a screen whose code cannot be had says so in its place, and is there after another try", async ({
  page,
  axe,
}) => {
  await openAnswered(page, "");
  await expect(page.getByRole("region", { name: "Current plan" })).toBeVisible();
  await page.route(/\/assets\/invoice-table-/, (route) => route.abort());
  await page.getByRole("link", { name: "Invoices", exact: true }).click();
  const failure = page.getByRole("alert");
  await expect(failure).toContainText("This could not be loaded.");
  await axe();
  await page.unroute(/\/assets\/invoice-table-/);
  await failure.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("table", { name: /^Your invoices/ })).toBeVisible();
});
