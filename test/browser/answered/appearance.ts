/* What a page promises to everyone who looks at it otherwise than its author did; each check tells what breaks it. */
import type { Page } from "@playwright/test";

/** WCAG 2.2, 2.5.8; links within a sentence are let off there too. */
const TARGET_PX = 24;

/** Elements that stick out to the right of the window. */
export async function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll("main *, header *, nav *")]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5)
      .map(
        (element) =>
          `${element.tagName} ${element.className.toString()} "${element.textContent.trim().slice(0, 40)}"`,
      )
      .slice(-3);
  });
}

/** Texts of which a part cannot be seen because their box is too small. */
export async function cutTexts(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("body *")]
      .filter((element) => {
        const { overflowX, overflowY, clipPath, position } = getComputedStyle(element);
        // Hidden on purpose: words for a screen reader only.
        if (clipPath !== "none" && position === "absolute") return false;
        if (element.closest("svg") !== null || element.textContent.trim() === "") return false;
        // A browser never wraps what is chosen; opened, it shows the whole of it.
        if (element.tagName === "SELECT") return false;
        const isCutX =
          overflowX !== "visible" && overflowX !== "auto" && element.scrollWidth > element.clientWidth + 1;
        const isCutY =
          overflowY !== "visible" && overflowY !== "auto" && element.scrollHeight > element.clientHeight + 1;
        return isCutX || isCutY;
      })
      .map(
        (element) => `${element.tagName} ${element.className} "${element.textContent.trim().slice(0, 40)}"`,
      ),
  );
}

/** Texts of two neighbours that lie over each other, as they do when a row has become too narrow for them. */
export async function overlappingTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const linesOf = (element: Element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return [...range.getClientRects()];
    };
    const lieOver = (one: DOMRect, other: DOMRect) =>
      Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2 &&
      Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 6;
    const texts = [...document.querySelectorAll("main *")].filter((element) => {
      const { position, visibility } = getComputedStyle(element);
      const isShown =
        position !== "absolute" &&
        visibility !== "hidden" &&
        // The head of a table whose rows are cards.
        element.closest("svg, thead") === null;
      return element.childElementCount === 0 && element.textContent.trim() !== "" && isShown;
    });
    return texts.slice(1).flatMap((element, index) => {
      const before = texts[index]!;
      const isOver = linesOf(before).some((one) => linesOf(element).some((other) => lieOver(one, other)));
      return isOver ? [`"${before.textContent.slice(0, 30)}" and "${element.textContent.slice(0, 30)}"`] : [];
    });
  });
}

/** Things to press that are smaller than 24 px either way. */
export async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const inSentence = (element: Element) =>
      element.tagName === "A" &&
      getComputedStyle(element).display === "inline" &&
      [...(element.parentElement?.childNodes ?? [])].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== "",
      );
    return [
      ...document.querySelectorAll(
        "a, button, input, select, textarea, summary, [role=slider], [tabindex='0']",
      ),
    ]
      .filter((element) => {
        // A radio in its card: the card is what one presses.
        const pressed = element.matches("input") ? (element.closest("label") ?? element) : element;
        const { width, height } = pressed.getBoundingClientRect();
        return width > 0 && (width < least - 0.01 || height < least - 0.01) && !inSentence(element);
      })
      .map((element) => {
        const { width, height } = element.getBoundingClientRect();
        return `${element.tagName} "${element.textContent.slice(0, 40)}" ${width.toFixed(1)} x ${height.toFixed(1)}`;
      });
  }, TARGET_PX);
}

/** What moves by itself though the person asked for no motion. To appear a moment later is no motion. */
export async function movements(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    document.getAnimations().flatMap((animation) => {
      const keyframes = (animation.effect as KeyframeEffect).getKeyframes();
      const usual = ["offset", "computedOffset", "easing", "composite", "visibility"];
      const changed = keyframes.flatMap((each) => Object.keys(each)).filter((name) => !usual.includes(name));
      return changed.length === 0 ? [] : [changed.join(", ")];
    }),
  );
}

/** With the system's few colours a meter is told by its border, and its state by a word. */
export async function untoldMeters(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    if (!matchMedia("(forced-colors: active)").matches) return ["forced colours are not on"];
    const colours = (element: Element | null) => (element === null ? "none" : getComputedStyle(element).fill);
    return [...document.querySelectorAll("[role=meter]")].flatMap((meter) => {
      const name = meter.getAttribute("aria-label") ?? "";
      const bar = meter.querySelector("svg");
      const outline = bar === null ? "none" : getComputedStyle(bar).outlineStyle;
      const wrong: string[] = [];
      if (outline === "none") wrong.push(`${name}: no border`);
      if (
        colours(meter.querySelector(".bursar-bar-fill")) === colours(meter.querySelector(".bursar-bar-track"))
      )
        wrong.push(`${name}: the fill has the colour of the track`);
      const row = meter.closest(".bursar-meter");
      const isPlain = row?.classList.contains("is-ok") ?? true;
      if (!isPlain && (row?.querySelector(".bursar-meter-state")?.textContent ?? "").trim() === "")
        wrong.push(`${name}: its state has no word`);
      return wrong;
    });
  });
}
