/*
 * W3: no word of the page comes from elsewhere than the catalogue. The German files are fetched by themselves, so they are swapped
 * here for some whose sentences all stand in brackets; what a screen shows outside of brackets is data, or a loose string.
 */
import type { Page } from "@playwright/test";
import {
  invoices,
  offers,
  packs,
  people,
  teamOverview,
  teamPreview,
  transactions,
  usageDaysOf,
} from "../../../packages/react/src/sample-answers.test-data.ts";
import { expect, expectNoSidewaysScroll, inEachAppearance, test } from "../fixtures.ts";
import { builtScript, builtScripts, openAnswered, openSettings, type Answers } from "./answered-page.ts";

test.use({ locale: "de-DE" });

/** Marks each string of the catalogue, and what its functions return. */
const MARKED = `
  const mark = (each) => {
    if (typeof each === "string") return "[" + each + "]";
    if (typeof each === "function") return (...args) => mark(each(...args));
    if (Array.isArray(each)) return each.map(mark);
    if (each === null || typeof each !== "object") return each;
    // Whole answers are put into words that are marked; what else is in them is no word.
    const isWord = (name) => name !== "answers";
    return Object.fromEntries(
      Object.entries(each).map(([name, value]) => [name, isWord(name) ? mark(value) : value]),
    );
  };
  const marked = (words) => ("language" in words ? { ...mark(words), language: "de" } : mark(words));
`;

/** The German files as they are built, each with its sentences marked. */
function pseudoGerman(): Answers {
  const files = builtScripts("german-");
  expect(files.length, "the built page has German files").toBeGreaterThan(5);
  return Object.fromEntries(
    files.map((name) => {
      const script = builtScript(name).replace(/export\s*\{([^}]*)\};?\s*$/, (_, exported: string) => {
        const names = exported.split(",").map((each) => each.trim().split(" as "));
        const kept = names.map(([inside], index) => `const marked${index} = marked(${inside});`);
        const given = names.map(([, outside], index) => `marked${index} as ${outside}`);
        return `${MARKED}${kept.join("")}export { ${given.join(", ")} };`;
      });
      expect(script, `${name} exports words`).toContain("marked0 as");
      const answer: Answers["x"] = (route) => route.fulfill({ contentType: "text/javascript", body: script });
      return [`GET ${name}`, answer];
    }),
  );
}

const at = "2026-12-12T00:00:00Z";
const recharge = {
  ...teamOverview.credits.autoRecharge,
  enabled: true,
  state: "declined" as const,
  reason: null,
  retryAt: "2026-11-23T09:00:00Z",
  updatedBy: "Ann Lee",
  updatedAt: "2026-11-20T09:00:00Z",
  often: true,
};
const busy = {
  ...teamOverview,
  pendingChange: { planId: "team", planName: "Team", interval: "month" as const, seats: 2, effectiveAt: at },
  credits: { ...teamOverview.credits, balance: -12_000, autoRecharge: recharge },
};
const falling = {
  ...teamPreview,
  kind: "downgrade" as const,
  effectiveAt: at,
  dueToday: { ...teamPreview.dueToday, lines: [], total: 0, amountDue: 0 },
  later: {
    description: "Personal, monthly",
    effectiveAt: at,
    planId: "personal",
    planName: "Personal",
    perSeat: false,
    interval: "month" as const,
    seats: 1,
  },
  loses: ["Sessions: 100 instead of 200"],
  losses: {
    seats: 2,
    limits: [{ meter: "sessions", name: "Sessions", format: "count", from: 200, to: 100 }],
  },
};
const attempt = {
  id: "rch_1",
  state: "declined",
  packId: "credits_1m",
  tokens: 1_000_000,
  amount: 500,
  currency: "eur",
  try: 2,
  reason: null,
  url: null,
  invoiceId: null,
  retryAt: null,
  createdAt: at,
  finishedAt: at,
};

const sample: Answers = {
  "GET /api/billing": busy,
  "GET /api/members": people,
  "POST /api/billing/preview": teamPreview,
  "GET /api/billing/plans": {
    data: offers.map((offer) => ({ ...offer, change: offer.id === "team" ? "current" : offer.change })),
    nextCursor: null,
  },
  "GET /api/billing/credits/auto-recharge/attempts": { data: [attempt], nextCursor: null },
  "GET /api/demo": {
    now: at,
    aheadSeconds: 0,
    advancingTo: null,
    webhooks: [{ id: "evt_1", type: "invoice.paid", receivedAt: at, handledAt: at, error: null }],
  },
  "GET /api/billing/usage/daily": {
    data: usageDaysOf([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110]),
    projection: { low: 22_000, mid: 24_000, high: 27_000, limitReachedAt: at },
  },
};
/** What the server hands over as data: names of people, plans, packs and files, texts of Stripe's. */
const data = JSON.stringify([sample, packs, transactions, invoices]);

/** Visible text and accessible names outside of brackets, without figures, units and dates. */
async function looseWords(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node instanceof Element) {
        for (const name of [
          "aria-label",
          "aria-valuetext",
          "aria-description",
          "title",
          "placeholder",
          "alt",
        ])
          found.push(node.getAttribute(name) ?? "");
      } else found.push(node.nodeValue ?? "");
    }
    return [...found, document.title];
  });
  const notWords = /\b(UTC|Nov|Dez|Visa|MiB|GiB|EUR|English|Deutsch|Bursar)\b/g;
  return texts
    .map((text) => withoutMarked(text).trim())
    .filter((text) => /\p{L}{2}/u.test(text) && !data.includes(text))
    .filter((text) => /\p{L}{2}/u.test(text.replaceAll(notWords, "")));
}

function withoutMarked(text: string): string {
  const rest = text.replaceAll(/\[[^[\]]*\]/g, "");
  return rest === text ? rest : withoutMarked(rest);
}

const screens: [path: string, answers?: Answers][] = [
  ["/settings/billing"],
  [
    "/settings/billing",
    { "GET /api/billing": { ...busy, pendingChange: null, cancelAt: at, renewsAt: null } },
  ],
  ["/settings/billing/usage"],
  ["/settings/billing/credits"],
  ["/settings/billing/credits/auto-recharge"],
  ["/settings/billing/invoices"],
  ["/settings/billing/plans?plan=team&interval=month&seats=5"],
  ["/settings/billing/plans?plan=personal&interval=month", { "POST /api/billing/preview": falling }],
  ["/settings/billing/seats"],
  ["/settings/billing/cancel"],
  ["/settings/members"],
  ["/settings/account"],
];

test("W3 no screen has a word that is not in the catalogue", async ({ page }) => {
  const words = pseudoGerman();
  for (const [path, answers] of screens) {
    await test.step(path, async () => {
      await openSettings(page, path, { ...sample, ...answers, ...words });
      await expect(page.getByRole("heading", { level: 1 })).toContainText("[");
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      expect(await looseWords(page)).toEqual([]);
    });
  }
});

test("F3 T3 every screen is German at 360 and 1280 px, and as a page from right to left none scrolls sideways", async ({
  page,
}) => {
  for (const [path, answers] of screens) {
    await openSettings(page, path, { ...sample, ...answers });
    await expect(page.locator("html")).toHaveAttribute("lang", "de");
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    await inEachAppearance(page, () => expectNoSidewaysScroll(page));
    await page.setViewportSize({ width: 360, height: 800 });
    await expectAllTabs(page);
    await page.evaluate(() => (document.documentElement.dir = "rtl"));
    await expectNoSidewaysScroll(page);
  }
});

/** Longer words than the English ones stand side by side on a phone too. */
async function expectAllTabs(page: Page): Promise<void> {
  const hidden = await page.evaluate(() =>
    [...document.querySelectorAll(".bursar-tabs")].filter((tabs) => tabs.scrollWidth > tabs.clientWidth),
  );
  expect(hidden).toHaveLength(0);
}

test("T3 a German walk: overview, plans, the price, and a change that is scheduled", async ({
  page,
  axe,
}) => {
  const before = { ...sample, "GET /api/billing": teamOverview };
  await openAnswered(page, "", before);
  await expect(page.getByText("Verlängert sich am 12. Dez. 2026 (UTC)")).toBeVisible();
  await expect(page.getByText("etwa 67,83\u00a0€")).toBeVisible();
  await expect(page.getByText("Speicher: 28 MiB über dem Limit")).toBeVisible();
  await axe();
  await openAnswered(page, "", {
    ...before,
    "POST /api/billing/preview": falling,
    "POST /api/billing/change": { status: "scheduled", effectiveAt: at, invoiceId: null },
  });
  await page.getByRole("link", { name: "Plan ändern" }).click();
  await expect(page.getByRole("heading", { name: "Plan wählen" })).toBeVisible();
  await page.getByRole("radio", { name: "Personal" }).check();
  const review = page.getByRole("region", { name: "Zur Prüfung: Personal, monatlich" });
  await expect(review).toContainText("Heute ist nichts zu zahlen. Sie behalten Team bis 12. Dez. 2026.");
  await expect(review).toContainText("2 Plätze weniger");
  await expect(review).toContainText("Sitzungen: 100 statt 200");
  await review.getByRole("button", { name: "Zum 12. Dez. 2026 planen" }).click();
  await openAnswered(page, "", sample);
  await expect(page.getByText("Geplant zum 12. Dez. 2026: Team geht von 3 auf 2 Plätze.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Rückgängig machen" })).toBeVisible();
});

test("F2 a German reader types amounts with a comma", async ({ page }) => {
  await openAnswered(page, "/credits/auto-recharge", { ...sample, "GET /api/billing": teamOverview });
  const limit = page.getByLabel("Ausgabenlimit");
  await expect(limit).toHaveValue("50,00");
  await limit.fill("12,50");
  await expect(page.getByText(/höchstens einmal, 12,50\s€ pro Abrechnungszeitraum/)).toBeVisible();
  await limit.fill("12.50");
  await expect(page.getByText("Geben Sie einen Betrag ein, zum Beispiel 50,00.")).toBeVisible();
});

test("F3 Stripe's page is asked for in the language that the page has, not in the browser's", async ({
  page,
}) => {
  const asked: unknown[] = [];
  await openAnswered(page, "/invoices", {
    ...sample,
    "GET /api/billing": teamOverview,
    "POST /api/billing/portal": (route) => {
      asked.push((route.request().postDataJSON() as { locale?: string }).locale);
      return route.fulfill({ json: { url: "http://billing.test/settings/billing/invoices" } });
    },
  });
  await page.getByRole("button", { name: "Zahlung verwalten" }).click();
  await expect.poll(() => asked).toEqual(["de"]);
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("button", { name: "Manage payment" }).click();
  await expect.poll(() => asked).toEqual(["de", "en"]);
});

test("F3 another language is chosen at the foot of the page, keeps what was typed, and is remembered", async ({
  page,
}) => {
  await openAnswered(page, "/cancel", { ...sample, "GET /api/billing": teamOverview });
  await page.getByLabel("Warum gehen Sie? (freiwillig)").fill("Zu teuer");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByLabel("Why are you leaving? (optional)")).toHaveValue("Zu teuer");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.reload();
  await expect(page.getByRole("heading", { name: "Cancel subscription: Team" })).toBeVisible();
  await expect(page.getByRole("button", { name: "English" })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "Deutsch" }).click();
  await expect(page.getByRole("heading", { name: "Abo kündigen: Team" })).toBeVisible();
});
