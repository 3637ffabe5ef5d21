import { createClient, ProblemError } from "@bursar/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import * as parts from "./index.ts";
import { queryKeys } from "./query-keys.ts";
import {
  freeOverview,
  invoices,
  offers,
  packs,
  teamOverview,
  transactions,
} from "./sample-answers.test-data.ts";

const pages = <Item,>(data: Item[]) => ({ pages: [{ data, nextCursor: null }], pageParams: [null] });

/** The markup with its comments and the tags between words taken out, as a person reads it. */
function render(part: ReactNode, overview = teamOverview, isLoaded = true): string {
  const queries = new QueryClient();
  if (isLoaded) {
    queries.setQueryData(queryKeys.overview, overview);
    queries.setQueryData(queryKeys.plans, { data: offers, nextCursor: null });
    queries.setQueryData(queryKeys.packs, { data: packs, nextCursor: null });
    queries.setQueryData(queryKeys.invoices, pages(invoices));
    queries.setQueryData(queryKeys.transactions, pages(transactions));
  }
  return renderToString(
    <QueryClientProvider client={queries}>
      <parts.BursarProvider client={createClient()} locale="en-US">
        {part}
      </parts.BursarProvider>
    </QueryClientProvider>,
  ).replaceAll("<!-- -->", "");
}

const page = (path: string, search = "") => (
  <parts.BillingSettings path={`/settings/billing${path}`} search={search} signedOut={null} />
);

describe("the parts on a server", () => {
  it("the overview names the account, the plan, the renewal and what is due", () => {
    const html = render(page(""));
    for (const words of [
      "Acme GmbH",
      "Team",
      "3 seats, 1 in use",
      "Renews 12 Dec 2026 (UTC)",
      "about €67.83",
    ])
      expect(html).toContain(words);
    expect(html).toContain("Visa •••• 4242, exp 08/27");
    expect(html).toContain("Needs attention (2)");
    expect(html).toMatch(/aria-current="page"[^>]*>Overview</);
  });

  it("Free says when usage resets, and why credits cannot be bought", () => {
    const html = render(page(""), freeOverview);
    expect(html).toContain("Free, no card needed. Usage resets 1 Dec 2026.");
    expect(html).toContain("Packs can be bought on paid plans.");
    expect(html).not.toContain("Next invoice");
  });

  it("every meter has a role, a name and its words", () => {
    const html = render(<parts.UsageMeters />);
    expect(html.match(/role="meter"/g)).toHaveLength(5);
    expect(html).toContain('aria-valuetext="540 MiB of 512 MiB, 105 percent, over limit by 28 MiB"');
  });

  it("the plan picker takes its choice from the address", () => {
    const html = render(<parts.PlanPicker search="?plan=team&interval=year&seats=3" />, freeOverview);
    expect(html).toContain("Review: Team, annual");
    expect(html).toContain("€190.00");
    expect(html).toMatch(/type="number"[^>]*value="3"/);
    expect(html).not.toContain("Continue to payment");
  });

  it("packs name the deed and the sum on the button", () => {
    expect(render(<parts.CreditPacks />)).toContain("Purchase 1,000,000 tokens for €5.00");
  });

  it("the history says types in words, tokens with their sign and the balance after", () => {
    const html = render(<parts.CreditHistory />);
    for (const words of [
      "Bought",
      "+1,000,000",
      "€5.00",
      "Used",
      "−180,000",
      "820,000",
      "22 Nov 2026, 09:14:07 UTC",
    ])
      expect(html).toContain(words);
  });

  it("links to invoices carry the number", () => {
    const html = render(<parts.InvoiceTable />);
    expect(html).toContain('aria-label="View invoice A-0001"');
    expect(html).toContain('aria-label="PDF of invoice A-0001"');
    expect(html).toContain("incl. €10.83 VAT");
  });

  it("holds no inline style, which a strict content security policy refuses", () => {
    for (const path of ["", "/plans", "/usage", "/credits", "/invoices"])
      expect(render(page(path))).not.toContain("style=");
  });

  it("a skeleton that says it is loading stands where data is missing", () => {
    const html = render(page(""), teamOverview, false);
    expect(html).toContain('aria-busy="true"');
    expect(html).toContain("Loading");
  });

  it("leaving checkout says that nothing was charged", () => {
    expect(render(page("/credits", "?left=checkout"))).toContain("Nothing was charged.");
  });

  it("a caller who is signed out sees what the host says", async () => {
    const queries = new QueryClient({ defaultOptions: { queries: { retryOnMount: false } } });
    const problem = {
      type: "",
      title: "",
      status: 401,
      detail: "Sign in.",
      code: "unauthenticated",
      requestId: "",
    };
    const failing = {
      queryKey: queryKeys.overview,
      queryFn: () => Promise.reject(new ProblemError(problem)),
    };
    await queries.fetchQuery({ ...failing, retry: false }).catch(() => undefined);
    const html = renderToString(
      <QueryClientProvider client={queries}>
        <parts.BursarProvider client={createClient()}>
          <parts.BillingSettings path="/settings/billing" search="" signedOut={<p>Please sign in</p>} />
        </parts.BursarProvider>
      </QueryClientProvider>,
    );
    expect(html).toContain("Please sign in");
  });
});
