/*
 * A person without a mouse (X1, X3): after every key something has the focus, and what has it is seen, within the window,
 * with a ring of two pixels and covered by nothing.
 */
import type { Locator, Page } from "@playwright/test";
import { expect } from "./fixtures.ts";

/** More than any screen has stops. */
const STOPS_MAX = 60;

/**
 * Presses Tab until the element has the focus; every stop on the way is looked at too.
 * @param key `Shift+Tab` to go back: behind the last stop the focus leaves the page
 */
export async function tabTo(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  for (let presses = 0; presses < STOPS_MAX; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await press(page, key);
  }
  await expect(target).toBeFocused();
}

/** One key, and a focus that is seen after it. */
export async function press(page: Page, key: string): Promise<void> {
  await page.keyboard.press(key);
  await seesFocus(page, `after ${key}`);
}

/** What is focused must be the field already: whatever it holds is replaced. */
export async function type(page: Page, text: string): Promise<void> {
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(text);
  await seesFocus(page, `after typing ${text}`);
}

/** Something has the focus, and a person sees what. */
export async function seesFocus(page: Page, message: string): Promise<void> {
  // Once is enough nearly always, and costs less than to poll.
  if ((await focusFault(page)) === null) return;
  await expect.poll(() => focusFault(page), { message }).toBeNull();
}

/** @returns what a person would miss, or null */
async function focusFault(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return "nothing has the focus";
    const named = `${focused.tagName} "${focused.textContent.trim().slice(0, 40)}"`;
    const ringed = [focused, focused.closest("label")].find((element) => {
      if (element === null) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
    });
    if (ringed === undefined || ringed === null) return `${named} has no ring`;
    const { left, top, right, bottom } = ringed.getBoundingClientRect();
    // Of a section that is taller than the window, its beginning.
    const seenTo = Math.min(bottom, top + 44);
    if (top < 0 || seenTo > innerHeight || left < 0 || right > innerWidth)
      return `${named} is out of the window`;
    const there = document.elementFromPoint((left + right) / 2, (top + seenTo) / 2);
    return there !== null && (ringed.contains(there) || there.contains(ringed))
      ? null
      : `${named} is covered`;
  });
}
