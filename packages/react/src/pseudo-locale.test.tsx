import { createClient } from "@bursar/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { BillingSettings, BursarProvider } from "./index.ts";
import { english, type Messages } from "./messages/english.ts";
import * as queryKeys from "./query-keys.ts";
import { renderOnServer } from "./render-on-server.test-data.ts";
import { daysInProjects, overviewInProjects, packs, transactions } from "./sample-answers.test-data.ts";

/** The catalogue with marks around each of its sentences: a word without marks came from somewhere else. */
function marked<Words>(words: Words): Words {
  // What the server says is English as it comes.
  if (words === null) return words;
  if (typeof words === "string") return `[${words}]` as Words;
  if (typeof words === "function") {
    const write = words as unknown as (...args: unknown[]) => string;
    return ((...args: unknown[]) => `[${write(...args)}]`) as Words;
  }
  const entries = Object.entries(words as object).map(([name, each]) => [name, marked(each as unknown)]);
  return Object.fromEntries(entries) as Words;
}

const pseudo: Messages = { ...marked<Messages>(english), language: "en" };

/** What is left when marked sentences are taken out, the inner ones first. */
function loose(text: string): string {
  let rest = text;
  for (let before = ""; before !== rest;) {
    before = rest;
    rest = rest.replaceAll(/\[[^[\]]*\]/g, "");
  }
  return rest;
}

/** Words of the account, of the catalogue and of Stripe come from the server as they are. */
const fromServer = JSON.stringify([overviewInProjects, daysInProjects, packs, transactions]);

it.each(["", "/usage", "/credits", "/credits/auto-recharge"])(
  "W3 the screen %s has no word outside of the catalogue",
  async (path) => {
    const queries = new QueryClient();
    queries.setQueryData(queryKeys.overview, overviewInProjects);
    queries.setQueryData(queryKeys.packs, { data: packs, nextCursor: null });
    const pages = { pages: [{ data: transactions, nextCursor: null }], pageParams: [null] };
    queries.setQueryData(queryKeys.transactionsOf({ from: "2026-08-25", group: "day" }), pages);
    queries.setQueryData(queryKeys.recharges, {
      pages: [{ data: [], nextCursor: null }],
      pageParams: [null],
    });
    queries.setQueryData(queryKeys.usageDaily({ meter: "events", groupBy: "project" }), daysInProjects);
    const html = await renderOnServer(
      <QueryClientProvider client={queries}>
        <BursarProvider client={createClient()} locale="en-US" messages={pseudo}>
          <BillingSettings path={`/settings/billing${path}`} search="?meter=events" signedOut={null} />
        </BursarProvider>
      </QueryClientProvider>,
    );
    expect(html, "the screen is there, and not its place").not.toContain("bursar-skeleton");
    const texts = html.split(/<[^>]*>/);
    const words = texts
      .map((text) => loose(text).trim())
      .filter((text) => /\p{L}{2}/u.test(text) && !fromServer.includes(text))
      // Figures, dates and the zone are written by Intl and the format.
      .filter((text) => /\p{L}{2}/u.test(text.replaceAll(/\b(UTC|Nov|Dec|Visa|MiB)\b/g, "")));
    expect(words).toEqual([]);
  },
);
