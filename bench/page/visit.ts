/* A person's visit in a real browser, with a cold cache, and what the browser itself says about it. */
import { chromium as playwright, type Browser, type Page } from "@playwright/test";
import { chromium } from "../../test/support/chromium.ts";

/** As section 18 of the specification has it: a slow phone on a middling line. */
const SLOW = { cpu: 4, bytesPerSecond: 10_000_000 / 8, latencyMs: 40 };

export interface Visit {
  readonly page: Page;
  readonly requests: string[];
  leave: () => Promise<void>;
}

export async function launch(): Promise<Browser> {
  return playwright.launch(await chromium());
}

interface Seen {
  lcp: number;
  shift: number;
  /** Durations of events that a person caused, from press to the next painted frame. */
  events: { name: string; ms: number }[];
}

/** Runs in the page before anything of it. */
function observe(): void {
  const seen: Seen = { lcp: 0, shift: 0, events: [] };
  Object.assign(window, { seen });
  const on = (type: string, take: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      type,
      buffered: true,
      ...(type === "event" ? { durationThreshold: 16 } : {}),
    });
  on("largest-contentful-paint", ({ startTime }) => (seen.lcp = startTime));
  on("layout-shift", (entry) => (seen.shift += (entry as PerformanceEntry & { value: number }).value));
  on("event", (entry) => {
    const isInteraction = (entry as PerformanceEntry & { interactionId: number }).interactionId > 0;
    if (isInteraction) seen.events.push({ name: entry.name, ms: entry.duration });
  });
}

export const seenOn = (page: Page): Promise<Seen> =>
  page.evaluate(() => (window as unknown as { seen: Seen }).seen);

/** Signs in, then opens `path` as for the first time: nothing is cached. */
export async function visit(
  browser: Browser,
  { origin, token }: { origin: string; token: string },
  { path, isSlow }: { path: string; isSlow: boolean },
): Promise<Visit> {
  const context = await browser.newContext({
    locale: "en-US",
    timezoneId: "UTC",
    viewport: { width: 1280, height: 900 },
  });
  await context.request.get(`${origin}/sign-in?token=${token}`, { maxRedirects: 0 });
  const page = await context.newPage();
  await page.addInitScript(observe);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  if (isSlow) {
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOW.cpu });
    await devtools.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: SLOW.latencyMs,
      downloadThroughput: SLOW.bytesPerSecond,
      uploadThroughput: SLOW.bytesPerSecond,
    });
  }
  const requests: string[] = [];
  page.on("request", (request) => requests.push(new URL(request.url()).pathname));
  await page.goto(origin + path);
  await page.locator("main [aria-busy=true]").first().waitFor({ state: "detached" });
  await page.getByRole("meter").first().waitFor();
  await twoFrames(page);
  return { page, requests, leave: () => context.close() };
}

/** Until what is on screen now was painted. */
export async function twoFrames(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}
