/*
 * X1: every screen in every state, light and dark, 320, 360 and 1280 px wide, with axe and without a violation; in the
 * same walk reflow, targets, forced colours, reduced motion and text at 200 %.
 *
 * A state is loaded once; colour scheme and width then change in place. All rules of WCAG 2.2 A and AA run once in a
 * state, wide and light. A colour scheme can change contrast, and a width contrast and the size of targets: our container
 * queries move and resize, and none of them takes away a name, a role or a label. So in the other appearances those
 * rules run alone. No style changes between 320 and 360 px, which is tested below, so contrast is not measured again at
 * 320. A state that leaves a screen's markup as another state had it is not walked twice.
 */
import type { Page } from "@playwright/test";
import { violationsOf } from "../axe.ts";
import { expect, test } from "../fixtures.ts";
import { accountStates, usualAnswers } from "./account-states.ts";
import { openSettings } from "./answered-page.ts";
import {
  cutTexts,
  movements,
  overlappingTexts,
  smallTargets,
  sticksOut,
  untoldMeters,
} from "./appearance.ts";
import { screens, type ScreenState } from "./screen-states.ts";

test.describe.configure({ mode: "parallel" });

const HEIGHT = 900;

interface Appearance {
  readonly width: number;
  readonly colorScheme: "light" | "dark";
}

const loadedIn: Appearance = { width: 1280, colorScheme: "light" };

/** @param before as it looks now: what stays costs nothing; absent: nobody knows */
async function look(page: Page, { width, colorScheme }: Appearance, before?: Appearance): Promise<void> {
  if (width !== before?.width) await page.setViewportSize({ width, height: HEIGHT });
  if (colorScheme !== before?.colorScheme)
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce", forcedColors: "none" });
}

/** What was found wrong, each by what was looked at. */
type Findings = Record<string, unknown[]>;

async function walk(page: Page): Promise<Findings> {
  const found: Findings = {};
  const note = (what: string, wrong: unknown[]) => {
    if (wrong.length > 0) found[what] = wrong;
  };
  const noteTexts = async (where: string) => {
    note(`sticks out ${where}`, await sticksOut(page));
    note(`cut ${where}`, await cutTexts(page));
    note(`lies over another ${where}`, await overlappingTexts(page));
  };
  note("moves", await movements(page));
  note("axe, 1280 px, light", await violationsOf(page));
  let before = loadedIn;
  for (const { rules, ...appearance } of others) {
    const { width, colorScheme } = appearance;
    await look(page, appearance, before);
    before = appearance;
    note(`axe, ${width} px, ${colorScheme}`, await violationsOf(page, rules));
    if (colorScheme === "light") await noteTexts(`at ${width} px`);
    note(`small at ${width} px`, await smallTargets(page));
  }
  await look(page, loadedIn, before);
  await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
  await noteTexts("with text at 200 %");
  await page.emulateMedia({ forcedColors: "active" });
  note("forced colours", await untoldMeters(page));
  return found;
}

/** After the wide and light one that a state is loaded in; each differs from the one before in one thing. */
const others = [
  { width: 1280, colorScheme: "dark", rules: ["color-contrast"] },
  { width: 360, colorScheme: "dark", rules: ["color-contrast"] },
  { width: 360, colorScheme: "light", rules: ["color-contrast", "target-size"] },
  { width: 320, colorScheme: "light", rules: ["target-size"] },
] as const;

/** Waits until the screen shows what it has to show, which for a slow server is that it is loading. */
async function settled(page: Page, state: string): Promise<void> {
  await expect(page.getByRole("heading").first()).toBeVisible();
  const isWaiting = ["loading", "checking", "asking for the price"].includes(state);
  if (!isWaiting) await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

for (const { path, states } of screens) {
  test(`X1 ${path} in every state`, async ({ page }) => {
    test.setTimeout(300_000);
    const all: [string, ScreenState][] = [
      ...Object.entries(accountStates).map(([name, answers]): [string, ScreenState] => [name, { answers }]),
      ...Object.entries(states),
    ];
    // What a state leaves typed must not be there in the next.
    await page.addInitScript(() => sessionStorage.clear());
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    const walked = new Set<string>();
    const found: Record<string, Findings> = {};
    for (const [name, { search = "", answers = {}, does }] of all) {
      await test.step(name, async () => {
        await page.context().setOffline(false);
        await look(page, loadedIn);
        await openSettings(page, path + search, { ...usualAnswers, ...answers });
        await settled(page, name);
        await does?.(page);
        const markup = await page.locator("body").innerHTML();
        if (walked.has(markup)) return;
        walked.add(markup);
        const wrong = await walk(page);
        if (Object.keys(wrong).length > 0) found[name] = wrong;
      });
    }
    expect(found).toEqual({});
    // A page that broke down is blank, and in a blank one nothing is wrong.
    expect(errors).toEqual([]);
  });
}

test("X1 every link of the settings' navigation leads to a screen that is walked", async ({ page }) => {
  await openSettings(page, "/settings/billing", usualAnswers);
  const links = page.getByRole("navigation").getByRole("link");
  await expect(links.first()).toBeVisible();
  const paths = await links.evaluateAll((all) =>
    all.map((link) => new URL((link as HTMLAnchorElement).href).pathname),
  );
  expect(paths.length).toBeGreaterThan(5);
  expect(paths.filter((path) => !screens.some((screen) => screen.path === path))).toEqual([]);
});

test("X1 no style changes between 320 and 360 px, so that contrast need not be measured at both", async ({
  page,
}) => {
  await openSettings(page, "/settings/billing", usualAnswers);
  await expect(page.getByRole("meter").first()).toBeVisible();
  const widths = await page.evaluate(() => {
    const conditionsOf = (rules: CSSRuleList): string[] =>
      [...rules].flatMap((rule) => [
        ...(rule instanceof CSSConditionRule ? [rule.conditionText] : []),
        ...("cssRules" in rule ? conditionsOf(rule.cssRules as CSSRuleList) : []),
      ]);
    return [...document.styleSheets]
      .flatMap((sheet) => conditionsOf(sheet.cssRules))
      .flatMap((condition) => [...condition.matchAll(/([\d.]+)px/g)].map(([, px]) => Number(px)));
  });
  expect(widths.length).toBeGreaterThan(3);
  expect(widths.filter((px) => px > 260 && px <= 420)).toEqual([]);
});
