/* What every screen shows when something is missing: an answer, the network, a right, a sign-in. */
import { expect, test } from "../fixtures.ts";
import { openAnswered, refusal, teamOverview, type Answers } from "./answered-page.ts";

test("R4 a failed section says why with its request id and can be tried again; the rest works", async ({
  page,
}) => {
  let isDown = true;
  await openAnswered(page, "/credits", {
    "GET /api/billing/credits/packs": (route) =>
      isDown
        ? refusal(500, "unavailable", "The packs cannot be read now. Nothing was changed.")(route)
        : route.fulfill({ json: { data: [], nextCursor: null } }),
  });
  const packs = page.getByRole("region", { name: "Buy credits" });
  await expect(packs.getByText("The packs cannot be read now.")).toBeVisible();
  await expect(packs.getByText("req_test")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Purchase/ })).toHaveCount(0);
  await expect(page.getByText("3,800,000 tokens", { exact: true })).toBeVisible();
  isDown = false;
  await packs.getByRole("button", { name: "Try again" }).click();
  await expect(packs.getByText("No packs are sold here.")).toBeVisible();
});

test("R4 an answer that is not as agreed breaks one screen and not the page", async ({ page, axe }) => {
  const nextInvoice = { ...teamOverview.nextInvoice, total: null };
  let overview: object = { ...teamOverview, nextInvoice };
  await openAnswered(page, "", { "GET /api/billing": (route) => route.fulfill({ json: overview }) });
  const broken = page.getByText("This could not be loaded.");
  await expect(broken).toBeVisible();
  await axe();
  await page.getByRole("link", { name: "Credits" }).click();
  await expect(page.getByRole("button", { name: /^Purchase/ })).toBeVisible();
  await expect(broken).toHaveCount(0);
  await page.getByRole("link", { name: "Overview" }).click();
  overview = teamOverview;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("€67.83")).toBeVisible();
});

test("names of one long word leave the page as wide as the screen", async ({ page }) => {
  const name = "Donaudampfschifffahrt".repeat(12);
  const account = { ...teamOverview.account, name };
  const notices = teamOverview.notices.map((notice) => ({ ...notice, title: name }));
  const overview = { ...teamOverview, account, notices, plan: { ...teamOverview.plan, name } };
  await page.setViewportSize({ width: 320, height: 800 });
  for (const path of ["", "/cancel"]) {
    await openAnswered(page, path, { "GET /api/billing": overview });
    await expect(page.getByRole("region", { name }).or(page.getByText(name)).first()).toBeVisible();
    await expect(page.getByRole("region").first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(320);
  }
});

test("R6 offline the page says how old it is and writes nothing; back online it is as before", async ({
  page,
  context,
  axe,
}) => {
  await openAnswered(page, "/credits");
  const buy = page.getByRole("button", { name: /^Purchase/ });
  await expect(buy).toBeVisible();
  await context.setOffline(true);
  await expect(
    page.getByRole("main").getByText("Offline. Data from 22 Nov 2026, 09:14:00 UTC."),
  ).toBeVisible();
  await expect(buy).toHaveAttribute("aria-disabled", "true");
  await expect(buy).toHaveAccessibleDescription("Not while you are offline.");
  await axe();
  await context.setOffline(false);
  await expect(page.getByText(/^Offline/)).toHaveCount(0);
  await expect(buy).not.toHaveAttribute("aria-disabled");
});

test("B2 W2 a member sees all and changes nothing; a deep link says who can, without a loop", async ({
  page,
  axe,
}) => {
  const reason = "Ann Lee can change billing.";
  const can = Object.fromEntries(
    Object.keys(teamOverview.can).map((action) => [action, { allowed: false, reason }]),
  );
  const viewer = { name: "Mo", email: "mo@acme.example", role: "member" };
  await openAnswered(page, "/cancel", { "GET /api/billing": { ...teamOverview, viewer, can } });
  const screen = page.getByRole("region", { name: "Cancel subscription: Team" });
  await expect(screen.getByText(reason)).toBeVisible();
  await expect(screen.getByRole("button")).toHaveCount(0);
  await expect(page).toHaveURL(/\/settings\/billing\/cancel$/);
  await expect(page.getByRole("button", { name: "Copy request link" })).toBeVisible();
  await axe();
});

const LET_IN_NO_MORE =
  /^You are signed out, or were for too long\. .* you are no member of this account any more/;

test("an expired session leads to the sign-in, and the address stays", async ({ page }) => {
  await openAnswered(page, "/usage?meter=events", {
    "GET /api/billing": refusal(401, "unauthenticated", "Nobody is signed in."),
  });
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page).toHaveURL(/usage\?meter=events$/);
  // Who was never signed in here is asked to, and told of no end.
  await expect(page.getByText(LET_IN_NO_MORE)).toHaveCount(0);
});

test("section 13 who is removed is told what that means and who can help, on a page that is open and on the next", async ({
  page,
  axe,
}) => {
  await page.clock.install({ time: new Date(teamOverview.now) });
  const ended = refusal(401, "unauthenticated", "This session has ended.", { reason: "session_ended" });
  let isRemoved = false;
  const answers: Answers = {
    "GET /api/billing": (route) => (isRemoved ? ended(route) : route.fulfill({ json: teamOverview })),
  };
  await openAnswered(page, "/usage?meter=events", answers);
  await expect(page.getByRole("meter").first()).toBeVisible();
  isRemoved = true;
  await page.clock.fastForward("01:05");
  const told = page.getByRole("main").getByText(LET_IN_NO_MORE);
  await expect(told).toContainText("ask Ann Lee for an invitation.");
  await expect(page.getByLabel("Password")).toBeVisible();
  await axe();
  await openAnswered(page, "/usage?meter=events", answers);
  await expect(told).toContainText("ask an owner for an invitation.");
});

test("section 13 whose password is right and who is in no account is told so, in the language of the page", async ({
  page,
}) => {
  const detail = "Your password is right, but you are a member of no account here.";
  await openAnswered(page, "", {
    "GET /api/billing": refusal(401, "unauthenticated", "Nobody is signed in."),
    "GET /api/auth/options": { mail: true, demo: false },
    "POST /api/auth/sign-in": refusal(403, "forbidden", detail, { reason: "no_account" }),
  });
  const enter = async (button: string) => {
    await page.locator("input[type=email]").fill("mo@acme.example");
    await page.locator("input[type=password]").fill("seven boats at dawn");
    await page.getByRole("button", { name: button, exact: true }).click();
  };
  await enter("Sign in");
  await expect(page.getByRole("alert")).toHaveText(detail);
  await page.getByRole("button", { name: "Deutsch" }).click();
  await enter("Anmelden");
  await expect(page.getByRole("alert")).toContainText(
    "Bitten Sie einen Inhaber des Kontos um eine Einladung.",
  );
});

test("section 18 nothing that is seen moves when a late answer without notices comes in", async ({
  page,
}) => {
  await page.addInitScript(() => {
    const seen = { shift: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        seen.shift += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  const shown = Promise.withResolvers<void>();
  await openAnswered(page, "", {
    "GET /api/billing": async (route) => {
      await shown.promise;
      await route.fulfill({ json: { ...teamOverview, notices: [] } });
    },
  });
  await expect(page.locator("[aria-busy=true]").first()).toBeVisible();
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  shown.resolve();
  await expect(page.getByRole("meter").first()).toBeVisible();
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  const shift = await page.evaluate(() => (window as unknown as { seen: { shift: number } }).seen.shift);
  expect(shift).toBeLessThan(0.005);
});
