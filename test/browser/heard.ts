/* What a screen reader says without being asked: sentences that come into a live region, and alerts (X4). */
import type { Page } from "@playwright/test";

interface Heard {
  polite: string[];
  alerts: string[];
}
declare global {
  interface Window {
    heard: Heard;
  }
}

/** Listens from the next page load on: a sentence is gone from its region after a few seconds. */
export async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const heard: Heard = { polite: [], alerts: [] };
    window.heard = heard;
    const hear = (node: Node, parent: Node) => {
      const text = (node.textContent ?? "").trim();
      const element = node instanceof Element ? node : null;
      const around = parent instanceof Element ? parent : parent.parentElement;
      if (text === "") return;
      if (around?.closest("[role=status], [role=log], [aria-live=polite]")) heard.polite.push(text);
      if (around?.closest("[role=alert]")) heard.alerts.push(text);
      else for (const alert of alertsIn(element)) heard.alerts.push((alert.textContent ?? "").trim());
    };
    const alertsIn = (element: Element | null) =>
      element === null
        ? []
        : element.matches("[role=alert]")
          ? [element]
          : [...element.querySelectorAll("[role=alert]")];
    new MutationObserver((changes) => {
      for (const { addedNodes, target } of changes) for (const node of addedNodes) hear(node, target);
    }).observe(document, { childList: true, subtree: true });
  });
}

export const heardPolitely = (page: Page): Promise<string[]> => page.evaluate(() => window.heard.polite);
export const heardAsAlerts = (page: Page): Promise<string[]> => page.evaluate(() => window.heard.alerts);
