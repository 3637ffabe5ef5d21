/* What the browser itself does well is left to it: X2, and the number of seats (SE1). */
import { expect, test } from "../fixtures.ts";
import { usualAnswers } from "./account-states.ts";
import { openAnswered, openSettings } from "./answered-page.ts";
import { screens } from "./screen-states.ts";

test("X2 on every screen what is pressed, chosen, opened and read in rows is the browser's own, and has its name", async ({
  page,
}) => {
  for (const { path } of screens) {
    await test.step(path, async () => {
      await openSettings(page, path, usualAnswers);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      const found = await page.evaluate(() => {
        const NATIVE = "a[href], button, input, select, textarea, summary";
        const say = (element: Element) => element.outerHTML.slice(0, 120);
        const wrong = (what: string, elements: Element[]) => elements.map((each) => `${what}: ${say(each)}`);
        const all = (selector: string) => [...document.querySelectorAll(selector)];
        const foreign = all(
          "[tabindex='0'], [role=button], [role=link], [role=checkbox], [role=radio], [role=menu]",
        );
        return [
          // A chart is none of the browser's; a refused link has nowhere to lead, and stays to be reached.
          ...wrong(
            "not native",
            foreign.filter(
              (each) => !each.matches(`${NATIVE}, [role=slider], a[role=link][aria-disabled=true]`),
            ),
          ),
          ...wrong("positive tabindex", all("[tabindex]:not([tabindex='0'], [tabindex='-1'])")),
          ...wrong(
            "no caption",
            all("table").filter((table) => (table.querySelector("caption")?.textContent ?? "") === ""),
          ),
          ...wrong(
            "a table for looks",
            all("table").filter((table) => table.querySelector("th[scope]") === null),
          ),
          ...wrong(
            "a radio in no group with a name",
            all("input[type=radio]").filter(
              (radio) => (radio.closest("fieldset")?.querySelector("legend")?.textContent ?? "") === "",
            ),
          ),
          ...wrong(
            "no label",
            all("input, select, textarea").filter(
              (field) =>
                (field as HTMLInputElement).labels?.length === 0 && !field.hasAttribute("aria-label"),
            ),
          ),
          ...wrong("asked beside the page and not in it", all("[role=dialog], [aria-modal], dialog")),
        ];
      });
      expect(found).toEqual([]);
    });
  }
});

test("SE1 seats are counted by keys as a number is, PgUp and PgDn by five; a wheel does nothing", async ({
  page,
}) => {
  await openAnswered(page, "/seats", usualAnswers);
  const seats = page.getByLabel("New number");
  await expect(seats).toHaveAttribute("type", "number");
  await expect(seats).toHaveAttribute("min", "2");
  await expect(seats).toHaveAttribute("max", "1000");
  await seats.focus();
  const after = async (key: string, value: number) => {
    await page.keyboard.press(key);
    await expect(seats, key).toHaveValue(String(value));
  };
  await expect(seats).toHaveValue("3");
  await after("ArrowUp", 4);
  await after("PageUp", 9);
  await after("PageDown", 4);
  // No further than the plan goes.
  await after("PageDown", 2);
  await after("ArrowUp", 3);
  const box = (await seats.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (const by of [-300, 300]) {
    await page.mouse.wheel(0, by);
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    await expect(seats).toHaveValue("3");
  }
  await expect(seats).toBeFocused();
  await expect(page.getByRole("button", { name: "One seat more" })).toBeVisible();
  await expect(page.getByRole("button", { name: "One seat fewer" })).toBeVisible();
});
