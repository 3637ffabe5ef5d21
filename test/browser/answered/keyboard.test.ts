/*
 * Whole journeys without a mouse, from the overview to what came of it. Answers are held back for a moment, so that it is
 * seen where the focus is while the page waits. A change of plan by keyboard is in plan-changes.test.ts.
 */
import type { Page, Route } from "@playwright/test";
import type { KeyList, MemberList, Overview } from "../../../packages/client/src/index.ts";
import { people } from "../../../packages/react/src/sample-answers.test-data.ts";
import { expect, test } from "../fixtures.ts";
import { press, seesFocus, tabTo, type } from "../keyboard.ts";
import { usualAnswers } from "./account-states.ts";
import { openSettings, teamOverview, type Answers } from "./answered-page.ts";
import { settingsAnswers } from "./settings-answers.ts";

const BILLING = "/settings/billing";
const { credits, can, renewsAt } = teamOverview;

/** The account as its server has it: a write changes it, and is answered, when it is let go. */
function serverOf(start: Partial<Overview> = {}) {
  let overview: Overview = { ...teamOverview, notices: [], ...start };
  let write: (() => Promise<void>) | undefined;
  return {
    answers: {
      ...usualAnswers,
      "GET /api/billing": (route: Route) => route.fulfill({ json: overview }),
    } satisfies Answers,
    held: (answer: object, changed: Partial<Overview> = {}) => {
      return async (route: Route) => {
        await new Promise<void>((resolve) => {
          write = () => {
            overview = { ...overview, ...changed };
            resolve();
            return route.fulfill({ json: answer });
          };
        });
      };
    },
    letGo: async () => {
      await expect.poll(() => write).toBeDefined();
      await write!();
      write = undefined;
    },
  };
}

const open = (page: Page, answers: Answers, path = BILLING) => openSettings(page, path, answers);
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const link = (page: Page, name: string) => page.getByRole("link", { name, exact: true });
const follow = async (page: Page, name: string) => {
  await tabTo(page, link(page, name));
  await press(page, "Enter");
};
const push = async (page: Page, name: string) => {
  await tabTo(page, button(page, name));
  await press(page, "Enter");
};

test("X1 CR2 by keyboard alone a pack is chosen and bought", async ({ page }) => {
  const acme = serverOf();
  const balance = 6_300_000;
  const bought = acme.held({ status: "granted", balance }, { credits: { ...credits, balance } });
  await open(page, { ...acme.answers, "POST /api/billing/credits/purchase": bought });
  await follow(page, "Buy credits");
  await tabTo(page, page.getByRole("radio", { name: /^Starter/ }));
  await press(page, "ArrowDown");
  await expect(page.getByRole("radio", { name: /^Standard/ })).toBeFocused();
  await push(page, "Purchase 2,500,000 tokens for €10.00");
  await expect(button(page, "Paying")).toBeFocused();
  await acme.letGo();
  await expect(page.getByText("2,500,000 tokens are in. Your balance is 6,300,000 tokens.")).toBeFocused();
  await press(page, "Tab");
});

test("X1 AR1 by keyboard alone auto-recharge is set up, turned on and turned off", async ({ page }) => {
  const acme = serverOf();
  const saved = (enabled: boolean) => {
    const state = enabled ? ("idle" as const) : ("off" as const);
    const autoRecharge = {
      ...credits.autoRecharge,
      enabled,
      state,
      threshold: 250_000,
      spendingLimit: 3_000,
    };
    return acme.held(autoRecharge, { credits: { ...credits, autoRecharge } });
  };
  const saves = [saved(true), saved(false), saved(true), saved(false)];
  const attempts = { data: [], nextCursor: null };
  await open(page, {
    ...acme.answers,
    "GET /api/billing/credits/auto-recharge/attempts": attempts,
    "PUT /api/billing/credits/auto-recharge": (route) => saves.shift()!(route),
  });
  await follow(page, "Credits");
  await follow(page, "Set up");
  const limit = page.getByLabel("Spend at most");
  await tabTo(page, page.getByLabel("When the balance falls below"));
  await type(page, "250000");
  await tabTo(page, limit);
  await type(page, "5");
  // Which would never allow a pack: the field has the focus again, with the reason.
  await push(page, "Save and turn on");
  await expect(limit).toBeFocused();
  await type(page, "30");
  await push(page, "Save and turn on");
  await expect(button(page, "Saving")).toBeFocused();
  await acme.letGo();
  await expect(page.getByRole("main").getByText("Saved. Auto-recharge is on.")).toBeVisible();
  await expect(button(page, "Save")).toBeFocused();
  await push(page, "Turn off");
  await expect(button(page, "Turning off")).toBeFocused();
  await acme.letGo();
  await expect(page.getByText("Auto-recharge is off. Nothing more will be charged.")).toBeFocused();
  await press(page, "Tab");
});

test("R8 CA2 X1 by keyboard alone the plan is cancelled, and kept", async ({ page }) => {
  const acme = serverOf();
  const ending = { cancelAt: renewsAt, renewsAt: null, nextInvoice: null };
  const resume = { allowed: true };
  await open(page, {
    ...acme.answers,
    "POST /api/billing/cancel": acme.held(
      { status: "cancelled", effectiveAt: renewsAt },
      { ...ending, can: { ...can, resume } },
    ),
    "POST /api/billing/resume": acme.held({ status: "active" }, teamOverview),
  });
  await follow(page, "Cancel subscription");
  await tabTo(page, page.getByLabel("Why are you leaving? (optional)"));
  await type(page, "Not needed");
  await push(page, "Cancel on 12 Dec 2026");
  await expect(button(page, "Cancelling")).toBeFocused();
  await acme.letGo();
  await expect(page.getByText(/Your plan ends on 12 Dec 2026/)).toBeFocused();
  await push(page, "Keep plan");
  await acme.letGo();
  await expect(page.getByText(/Team stays\. It renews 12 Dec 2026/)).toBeFocused();
  await follow(page, "Back");
  await expect(page.getByText("Renews 12 Dec 2026 (UTC)")).toBeVisible();
});

test("CA1 CA3 X1 by keyboard alone what is scheduled is undone on the overview, a cancellation too", async ({
  page,
}) => {
  const at = "2026-12-12T00:00:00Z";
  const ending = {
    pendingChange: null,
    cancelAt: at,
    renewsAt: null,
    can: { ...can, resume: { allowed: true } },
  };
  const acme = serverOf({
    pendingChange: { planId: "team", planName: "Team", interval: "month", seats: 2, effectiveAt: at },
  });
  await open(page, {
    ...acme.answers,
    "DELETE /api/billing/pending-change": acme.held({}, ending),
    "POST /api/billing/resume": acme.held({ status: "active" }, { ...ending, cancelAt: null, renewsAt }),
  });
  await push(page, "Undo");
  await expect(button(page, "Undoing")).toBeFocused();
  await acme.letGo();
  await expect(page.getByText(/Team stays at|Ends 12 Dec 2026/).first()).toBeVisible();
  // A visit of its own: what was undone before says nothing any more.
  await page.reload();
  await push(page, "Keep plan");
  await acme.letGo();
  await expect(page.getByText("Renews 12 Dec 2026 (UTC)")).toBeVisible();
  await expect(button(page, "Keep plan")).toHaveCount(0);
  await seesFocus(page, "with the button gone");
  await follow(page, "Manage seats");
});

test("S3 SE1 X1 by keyboard alone seats are added, and a wrong number is said at its field", async ({
  page,
}) => {
  const acme = serverOf();
  await open(page, {
    ...acme.answers,
    "POST /api/billing/change": acme.held(
      { status: "applied", effectiveAt: teamOverview.now, invoiceId: "in_9" },
      { seats: { purchased: 5, used: 3 } },
    ),
  });
  await follow(page, "Manage seats");
  const seats = page.getByLabel("New number");
  await tabTo(page, seats);
  await type(page, "5000");
  await expect(seats).toHaveAccessibleDescription(/from 2 to 1,000/);
  await type(page, "5");
  await tabTo(page, button(page, "One seat fewer"), "Shift+Tab");
  await press(page, "Enter");
  await expect(seats).toHaveValue("4");
  await tabTo(page, button(page, "One seat more"));
  await press(page, "Space");
  await expect(seats).toHaveValue("5");
  await push(page, "Pay €45.22 and add 2 seats");
  await expect(button(page, "Paying")).toBeFocused();
  await acme.letGo();
  await expect(page.getByText("You are on Team, 5 seats. €45.22 was charged.")).toBeFocused();
  await follow(page, "To the overview");
});

test("S4 B2 X1 by keyboard alone a person is invited, and an invitation withdrawn after a second thought", async ({
  page,
}) => {
  const acme = serverOf({ seats: { purchased: 5, used: 3 } });
  let list: MemberList = { ...people, seats: { purchased: 5, used: 3, scheduled: null } };
  const [, , invited] = people.data;
  const di = { ...invited!, id: "inv_2", email: "di@acme.example" };
  await open(page, {
    ...acme.answers,
    "GET /api/members": (route) => route.fulfill({ json: list }),
    "POST /api/members": (route) => {
      list = { ...list, data: [...list.data, di] };
      return acme.held({ data: [di] })(route);
    },
    "DELETE /api/members/inv_1": (route) => {
      list = { ...list, data: list.data.filter(({ id }) => id !== "inv_1") };
      return acme.held({})(route);
    },
  });
  await follow(page, "Members");
  await tabTo(page, page.getByLabel("Invite by e-mail"));
  await type(page, "di");
  await push(page, "Invite");
  await expect(page.getByLabel("Invite by e-mail")).toBeFocused();
  await type(page, "di@acme.example");
  await push(page, "Invite 1 person");
  await expect(button(page, "Inviting")).toBeFocused();
  await acme.letGo();
  await expect(page.getByRole("main").getByText("Invited: di@acme.example.")).toBeVisible();
  await expect(button(page, "Invite")).toBeFocused();
  const withdraw = "Withdraw the invitation of cy@acme.example";
  await push(page, withdraw);
  await push(page, "Keep it");
  await expect(button(page, withdraw)).toBeFocused();
  await press(page, "Enter");
  await push(page, "Withdraw invitation");
  await expect(button(page, "Withdrawing")).toBeFocused();
  await acme.letGo();
  await expect(page.getByText("cy@acme.example is withdrawn. A seat is free.")).toBeFocused();
  await press(page, "Tab");
});

test("B3 X1 by keyboard alone a key is made, and two are revoked", async ({ page }) => {
  const acme = serverOf();
  let keys = settingsAnswers["GET /api/keys"] as KeyList;
  const revoked = (id: string) => (route: Route) => {
    keys = { ...keys, data: keys.data.filter((key) => key.id !== id) };
    return acme.held({})(route);
  };
  keys = { ...keys, data: keys.data.map((key) => ({ ...key, name: "Import" })) };
  await open(page, {
    ...acme.answers,
    "GET /api/keys": (route) => route.fulfill({ json: keys }),
    "POST /api/keys": acme.held({ id: "key_9", name: "nightly", key: "bak_new" }),
    "DELETE /api/keys/key_1": revoked("key_1"),
    "DELETE /api/keys/key_2": revoked("key_2"),
  });
  await follow(page, "Keys");
  await tabTo(page, button(page, "Make key"));
  await press(page, "Enter");
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await type(page, "nightly");
  await push(page, "Make key");
  await expect(button(page, "Making the key")).toBeFocused();
  await acme.letGo();
  await expect(page.getByText(/^The key nightly is made\./)).toBeFocused();
  const revoke = button(page, "Revoke Import");
  await tabTo(page, revoke.first());
  await press(page, "Enter");
  await push(page, "Keep it");
  await expect(revoke.first()).toBeFocused();
  // Two of one name: what is said of the second is as new as what was said of the first.
  for (const left of [1, 0]) {
    await press(page, "Enter");
    await tabTo(page, revoke.first());
    await press(page, "Enter");
    await acme.letGo();
    await expect(page.getByText("Import is revoked.")).toBeFocused();
    await expect(revoke).toHaveCount(left);
    if (left > 0) await tabTo(page, revoke.first());
  }
});

test("B4 B2 X1 what is closed again without a change gives the focus back to what opened it", async ({
  page,
}) => {
  await open(page, usualAnswers, "/settings/webhooks");
  const url = "https://chat.acme.example/hook";
  const pairs = [
    [`Edit ${url}`, "Leave it as it is"],
    [`Remove ${url}`, "Keep it"],
  ] as const;
  for (const [opener, leave] of pairs) {
    await push(page, opener);
    await push(page, leave);
    await expect(button(page, opener)).toBeFocused();
  }
  const log = button(page, `Delivery log of ${url}`);
  await tabTo(page, log, "Shift+Tab");
  await press(page, "Enter");
  await press(page, "Enter");
  await expect(log).toBeFocused();

  const menu = page.locator(".bursar-menu summary");
  for (const key of ["Escape", "Enter"]) {
    await tabTo(page, menu, "Shift+Tab");
    await press(page, "Enter");
    await tabTo(page, page.getByRole("button", { name: /^Acme GmbH/ }));
    await press(page, key);
    await expect(menu).toBeFocused();
  }

  await open(page, usualAnswers, "/settings/members");
  await push(page, "Change role: Bo King");
  await push(page, "Keep role");
  await expect(button(page, "Change role: Bo King")).toBeFocused();
  await push(page, "Remove Bo King");
  await push(page, "Keep");
  await expect(button(page, "Remove Bo King")).toBeFocused();

  await open(page, usualAnswers, `${BILLING}/invoices`);
  const details = button(page, "Details of invoice A-0001");
  await tabTo(page, details);
  await press(page, "Enter");
  await expect(page.getByText("Subtotal")).toBeVisible();
  await press(page, "Enter");
  await expect(details).toBeFocused();
});
