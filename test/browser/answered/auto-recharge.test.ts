/* Auto-recharge: off until it is turned on in its own form, with the sentence that is agreed to. */
import type { Page } from "@playwright/test";
import { expect, expectNoSidewaysScroll, inEachAppearance, test } from "../fixtures.ts";
import { openAnswered, teamOverview, type Answers } from "./answered-page.ts";

const SAVE = "PUT /api/billing/credits/auto-recharge";
const off = teamOverview.credits.autoRecharge;
const on = {
  ...off,
  enabled: true,
  state: "idle" as const,
  updatedBy: "Ann Lee",
  updatedAt: teamOverview.now,
};

const attempt = (change: object) => ({
  packId: "credits_2_5m",
  tokens: 2_500_000,
  amount: 1_000,
  currency: "eur",
  reason: "Your card was declined.",
  url: null,
  invoiceId: null,
  retryAt: null,
  createdAt: "2026-11-20T07:40:10Z",
  finishedAt: null,
  ...change,
});

function account(recharge: object, balance = 3_800_000, more: object = {}): Answers {
  const credits = { ...teamOverview.credits, balance, autoRecharge: { ...off, ...recharge } };
  return {
    "GET /api/billing": { ...teamOverview, ...more, credits },
    "GET /api/billing/credits/auto-recharge/attempts": {
      data: [
        attempt({
          id: "rch_2",
          state: "declined",
          try: 1,
          createdAt: "2026-11-21T07:40:10Z",
          retryAt: "2026-11-21T08:40:10Z",
        }),
        attempt({ id: "rch_1", state: "failed", try: 3, finishedAt: "2026-11-20T14:40:10Z" }),
      ],
      nextCursor: null,
    },
  };
}

const open = (page: Page, answers: Answers) => openAnswered(page, "/credits/auto-recharge", answers);

test("R9 AR1 AR2 AR4 it is off; what is wrong is said at the field, and the consent is computed", async ({
  page,
  axe,
}) => {
  let sent: unknown = null;
  await open(page, {
    ...account({}),
    [SAVE]: (route) => {
      sent = route.request().postDataJSON();
      return route.fulfill({ json: on });
    },
  });
  await expect(page.getByText("Off", { exact: true })).toBeVisible();
  await expect(page.getByLabel("When the balance falls below")).toHaveValue("500,000");
  await expect(page.getByLabel("Spend at most")).toHaveValue("50.00");
  await expect(
    page.getByText(
      /Below 500,000 tokens we charge Visa\s••••\s4242 €10.00: at most 5 times, €50.00 a billing period/,
    ),
  ).toBeVisible();
  await inEachAppearance(page, async () => {
    await expectNoSidewaysScroll(page);
    await axe();
  });
  await page.getByLabel("When the balance falls below").fill("2500000");
  await page.getByLabel("Spend at most").fill("5");
  await expect(page.getByText(/must be below the 2,500,000 tokens of a Standard pack/)).toBeVisible();
  await expect(
    page.getByText("A Standard pack costs €10.00; a limit of €5.00 would never allow it."),
  ).toBeVisible();
  await axe();
  await page.getByRole("button", { name: "Save and turn on" }).click();
  await expect(page.getByLabel("When the balance falls below")).toBeFocused();
  expect(sent, "nothing wrong is saved").toBeNull();
  await page.getByLabel("When the balance falls below").fill("250,000");
  await page.getByLabel("Spend at most").fill("20");
  await page.getByRole("button", { name: "Save and turn on" }).click();
  await expect(page.getByRole("main").getByText("Saved. Auto-recharge is on.")).toBeVisible();
  expect(sent).toEqual({
    enabled: true,
    threshold: 250_000,
    packId: "credits_2_5m",
    spendingLimit: 2_000,
    start: "now",
  });
});

test("AR3 R2 below the threshold the button says what is paid now, or it starts after the next purchase", async ({
  page,
}) => {
  let sent: unknown = null;
  await open(page, {
    ...account({}, 100),
    [SAVE]: (route) => {
      sent = route.request().postDataJSON();
      return route.fulfill({ json: on });
    },
  });
  await expect(page.getByRole("button", { name: "Turn on and pay €10.00 now" })).toBeVisible();
  await page.getByRole("button", { name: "Turn on, start after my next purchase" }).click();
  await expect.poll(() => sent).toMatchObject({ enabled: true, start: "after_next_purchase" });
});

test("AR3 R2 a threshold raised above the balance while it is on says what saving pays now", async ({
  page,
}) => {
  await open(page, account(on, 700_000));
  await expect(page.getByRole("button", { name: "Save", exact: true })).toBeVisible();
  await page.getByLabel("When the balance falls below").fill("800000");
  await expect(page.getByRole("button", { name: "Save and pay €10.00 now" })).toBeVisible();
});

test("AR3 without a card one is added at Stripe first, and the form is filled when the person is back", async ({
  page,
}) => {
  const reason = "Auto-recharge charges a saved card. Add one first.";
  const can = { ...teamOverview.can, autoRecharge: { allowed: false, reason } };
  const answers = account({}, 3_800_000, { paymentMethod: null, can });
  let flow: unknown = null;
  await open(page, {
    ...answers,
    "POST /api/billing/portal": (route) => {
      flow = route.request().postDataJSON();
      return route.fulfill({ json: { url: "http://billing.test/settings/billing/credits/auto-recharge" } });
    },
  });
  await expect(page.getByText(reason)).toBeVisible();
  await page.getByLabel("Spend at most").fill("30");
  await page.getByRole("button", { name: "Add card" }).click();
  await expect.poll(() => flow).toMatchObject({ flow: "payment_method" });
  await expect(page.getByLabel("Spend at most")).toHaveValue("30");
});

test("AR1 AR5 AR6 how it stands is said with the way out, and one press turns it off", async ({
  page,
  axe,
}) => {
  let sent: unknown = null;
  const limited = {
    ...on,
    state: "limit_reached",
    spentThisPeriod: 5_000,
    chargesThisPeriod: 5,
    chargesLeft: 0,
  };
  const answers: Answers = {
    ...account(limited),
    "GET /api/billing": (route) =>
      route.fulfill({ json: account(sent === null ? limited : {})["GET /api/billing"] }),
    [SAVE]: (route) => {
      sent = route.request().postDataJSON();
      return route.fulfill({ json: off });
    },
  };
  await open(page, answers);
  await expect(page.getByText("Limit reached. No more recharges until 12 Dec 2026.")).toBeVisible();
  await expect(page.getByRole("meter", { name: "Spent this period" })).toHaveAttribute(
    "aria-valuetext",
    "€50.00 of €50.00, Limit reached",
  );
  await expect(page.getByText(/^Changed by Ann Lee/)).toBeVisible();
  const log = page.getByRole("table");
  await expect(page.getByRole("row", { name: /Given up, nothing charged.*3 tries/ })).toBeVisible();
  await expect(
    page.getByRole("row", { name: /Declined, nothing charged\. Tried again 21 Nov 2026.*1 try/ }),
  ).toBeVisible();
  await expect(log.getByText("€10.00")).toHaveCount(0);
  await axe();
  await page.getByRole("button", { name: "Raise limit" }).click();
  await expect(page.getByLabel("Spend at most")).toBeFocused();
  await page.getByRole("button", { name: "Turn off" }).click();
  await expect(page.getByText("Auto-recharge is off. Nothing more will be charged.")).toBeVisible();
  expect(sent).toEqual({ enabled: false });

  await open(page, account({ ...on, state: "paused", pausedReason: "declined" }));
  await expect(page.getByText(/Paused: your card was declined 3 times/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Update card" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Turn on again" })).toBeVisible();

  await open(page, account({ ...on, state: "needs_authentication", url: "https://stripe.example/in_1" }));
  await expect(
    page.getByText("Your bank asks you to confirm €10.00. Nothing was charged yet."),
  ).toBeVisible();
  await expect(page.getByRole("button", { name: "Confirm with your bank" })).toBeVisible();
});

test("AR1 AR6 who may not turn it on may turn it off; where the limit is not on screen its button leads there", async ({
  page,
}) => {
  const reason = "Auto-recharge charges a saved card. Add one first.";
  const can = { ...teamOverview.can, autoRecharge: { allowed: false, reason } };
  const answers = account({ ...on, state: "limit_reached" }, 3_800_000, { can });
  await openAnswered(page, "/credits", answers);
  const section = page.getByRole("region", { name: "Auto-recharge" });
  await expect(section.getByText(reason)).toBeVisible();
  await expect(section.getByRole("button", { name: "Turn off" })).not.toHaveAttribute("aria-disabled");
  await openAnswered(page, "/credits", account({ ...on, state: "limit_reached" }));
  await section.getByRole("link", { name: "Raise limit" }).click();
  await expect(page.getByLabel("Spend at most")).toBeFocused();
  await open(page, answers);
  await expect(page.getByRole("button", { name: "Raise limit" })).toHaveAccessibleDescription(reason);
});
