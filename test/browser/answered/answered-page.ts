/*
 * The built page with answers made up by a test, for states that a running product reaches rarely or slowly: a lost
 * connection, a balance below zero, a recharge that waits for the bank. The page, the browser and the content security
 * policy are the real ones; no server runs, so a test of this kind costs a second.
 */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { Page, Route } from "@playwright/test";
import {
  daysInProjects,
  invoices,
  offers,
  overviewInProjects,
  packs,
  teamOverview,
  transactions,
  usageDaysOf,
} from "../../../packages/react/src/sample-answers.test-data.ts";
import { CONTENT_SECURITY_POLICY } from "../../../packages/server/src/http/headers.ts";

export { daysInProjects, overviewInProjects, teamOverview, usageDaysOf };

/** A name that leads nowhere: whatever is not answered here fails loudly. */
const ORIGIN = "http://billing.test";

const dist = join(import.meta.dirname, "../../../apps/dashboard/dist");
const TYPES: Record<string, string> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** What the test wants answered: a value as JSON, a refusal, or whatever a function does with the request. */
type Answer = object | AnswerWith;
type AnswerWith = (route: Route) => Promise<unknown>;

/** Keys are `GET /api/billing`: method and path. */
export type Answers = Record<string, Answer>;

export function refusal(status: number, code: string, detail: string, more: object = {}): AnswerWith {
  const problem = { type: "about:blank", title: code, status, code, detail, requestId: "req_test", ...more };
  // The client may come again at once: a test waits for no server.
  const headers = { "retry-after": "0" };
  return (route) =>
    route.fulfill({ status, headers, contentType: "application/problem+json", json: problem });
}

/** A slow server: what waits for this is loading for as long as the page is open. */
export const never: AnswerWith = () => new Promise(() => {});

/** No answer at all, of which nobody knows whether it was done. */
export const lost: AnswerWith = (route) => route.abort();

/** The stream of a page of which nothing else happens. */
export const openStream = (route: Route) =>
  route.fulfill({
    contentType: "text/event-stream",
    // Told to wait an hour before it asks again, the browser leaves the closed stream alone.
    body: "retry: 3600000\nevent: ready\ndata: {}\n\n",
  });

const list = (data: object[]) => ({ data, nextCursor: null });

const usual: Answers = {
  "GET /api/billing": teamOverview,
  "GET /api/billing/stream": openStream,
  "GET /api/billing/plans": list(offers),
  "GET /api/billing/credits/packs": list(packs),
  "GET /api/billing/credits/transactions": list(transactions),
  "GET /api/billing/usage/daily": { data: usageDaysOf([1, 1, 1, 1, 1, 1, 1]), projection: null },
  "GET /api/billing/invoices": { ...list(invoices), years: [2026] },
  "GET /api/notifications": {
    data: [{ category: "usage", name: "Usage", description: "", mail: true, required: false }],
    meters: [],
  },
};

/** Opens `path` below the billing page. What `answers` leaves out is answered with Acme on Team. */
export async function openAnswered(page: Page, path: string, answers: Answers = {}): Promise<void> {
  await openSettings(page, `/settings/billing${path}`, answers);
}

/** The same for any screen of the settings. */
export async function openSettings(page: Page, path: string, answers: Answers = {}): Promise<void> {
  await answer(page, answers);
  await page.goto(ORIGIN + path);
}

async function answer(page: Page, answers: Answers): Promise<void> {
  const all = { ...usual, ...answers };
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const found = all[`${route.request().method()} ${pathname.replace(HASH, "")}`];
    if (found === undefined && !pathname.startsWith("/api/"))
      return file(route, pathname, "GET /api/demo" in all);
    if (found === undefined) return route.fulfill({ status: 501, body: `No answer for ${pathname}` });
    return typeof found === "function" ? (found as AnswerWith)(route) : route.fulfill({ json: found });
  });
}

/** Built files are asked for by a name with the hash of what they hold; a test names them without. */
const HASH = /-[\w-]{8}(?=\.js$)/;

/** The built scripts whose name begins so, as a test names them. */
export function builtScripts(start: string): string[] {
  const files = readdirSync(join(dist, "assets")).filter((file) => file.startsWith(start));
  return files.map((file) => `/assets/${file.replace(HASH, "")}`);
}

/** A built script as it is, for a test that changes it: `/assets/german-frame.js`. */
export function builtScript(name: string): string {
  const found = readdirSync(join(dist, "assets")).find(
    (file) => `/assets/${file.replace(HASH, "")}` === name,
  );
  return readFileSync(join(dist, "assets", found ?? name), "utf8");
}

function file(route: Route, pathname: string, isDemo: boolean): Promise<void> {
  const isScreen = pathname.startsWith("/settings/");
  const name = isScreen ? "index.html" : pathname.slice(1);
  const content = readFileSync(join(dist, name));
  return route.fulfill({
    // As the server says it of Stripe's test mode, which the sample answers are of, and of the demo.
    body: isScreen
      ? content.toString("utf8").replace("<html", `<html data-mode="test"${isDemo ? " data-demo" : ""}`)
      : content,
    contentType: TYPES[extname(name)] ?? "text/html; charset=utf-8",
    headers: { "content-security-policy": CONTENT_SECURITY_POLICY },
  });
}
