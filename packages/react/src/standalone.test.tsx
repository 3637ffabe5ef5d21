import { createClient, ProblemError, type Overview } from "@bursar/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import * as parts from "./index.ts";
import { stateOf } from "./operation.ts";
import * as queryKeys from "./query-keys.ts";
import { offers, teamOverview, usageDaysOf } from "./sample-answers.test-data.ts";

/** Every part of E1 by its name, each by itself. */
const alone: Record<string, ReactNode> = {
  BillingSettings: <parts.BillingSettings path="/settings/billing" search="" />,
  PlanSummary: <parts.PlanSummary />,
  AttentionList: <parts.AttentionList />,
  PendingChange: <parts.PendingChange />,
  UsageMeters: <parts.UsageMeters />,
  UsageChart: <parts.UsageChart />,
  PlanPicker: <parts.PlanPicker search="" />,
  ChargeReview: <parts.ChargeReview planId="business" interval="month" seats={5} />,
  SeatEditor: <parts.SeatEditor />,
  CreditPacks: <parts.CreditPacks />,
  CreditHistory: <parts.CreditHistory />,
  AutoRechargeForm: <parts.AutoRechargeForm />,
  InvoiceTable: <parts.InvoiceTable />,
  CancelPlan: <parts.CancelPlan />,
};
/** Both show nothing while there is nothing to show. */
const SILENT = ["AttentionList", "PendingChange"];

type Options = Partial<Omit<parts.BursarProviderProps, "client" | "children">>;

function render(part: ReactNode, queries: QueryClient, options: Options = {}): string {
  return renderToString(
    <QueryClientProvider client={queries}>
      <parts.BursarProvider baseUrl="https://billing.test" token={() => "bst_1"} locale="en-US" {...options}>
        {part}
      </parts.BursarProvider>
    </QueryClientProvider>,
  ).replaceAll("<!-- -->", "");
}

function loaded(overview: Overview = teamOverview): QueryClient {
  const queries = new QueryClient();
  queries.setQueryData(queryKeys.overview, overview);
  queries.setQueryData(queryKeys.plans, { data: offers, nextCursor: null });
  return queries;
}

async function refusedWith(status: number): Promise<QueryClient> {
  const queries = new QueryClient({ defaultOptions: { queries: { retryOnMount: false, retry: false } } });
  const problem = { type: "", title: "", status, detail: "Refused.", code: "unauthenticated", requestId: "" };
  const refuse = () => Promise.reject(new ProblemError(problem));
  const days = queryKeys.usageDaily({ meter: "sessions" });
  const { overview, plans, packs, people, previews } = queryKeys;
  for (const queryKey of [overview, plans, packs, people, previews, queryKeys.invoicesOf(null), days])
    await queries.fetchQuery({ queryKey, queryFn: refuse }).catch(() => undefined);
  return queries;
}

describe("parts of a host's own page", () => {
  it.each(Object.keys(alone))("E1 %s renders alone on a server, before its data is there", (name) => {
    const html = render(alone[name], new QueryClient());
    if (SILENT.includes(name)) expect(html).not.toContain("<section");
    else expect(html).toContain('aria-busy="true"');
  });

  it.each(Object.keys(alone))("X4 %s alone has the one polite live region to speak in", (name) => {
    const html = render(alone[name], loaded());
    expect(html.match(/role="status"|role="log"|aria-live="(?!off)/g)).toHaveLength(1);
    expect(html).not.toContain('role="alert"');
  });

  it.each(Object.keys(alone).filter((name) => !SILENT.includes(name)))(
    "E1 for %s a token that has ended is a state, in the host's words where it has some",
    async (name) => {
      const queries = await refusedWith(401);
      const said = render(alone[name], queries);
      expect(said).toContain("You are signed out, or were for too long.");
      expect(said).toContain("ask an owner for an invitation.");
      const own = { slots: { signedOut: <p>Please sign in to Studio</p> } };
      const html = render(alone[name], queries, own);
      expect(html).toContain("Please sign in to Studio");
      expect(html).not.toContain("You are signed out");
    },
  );

  it("E2 headings begin as deep as the host says, and go no deeper than there are", () => {
    const page = alone["BillingSettings"];
    const tags = (level: parts.HeadingLevel) => {
      const html = render(page, loaded(), { headingLevel: level });
      return [...new Set(html.match(/<h\d/g))].sort();
    };
    expect(tags(1)).toEqual(["<h1", "<h2"]);
    expect(tags(3)).toEqual(["<h3", "<h4"]);
    expect(render(alone["ChargeReview"], loaded(), { headingLevel: 4 })).toMatch(/<h6/);
  });

  it("E2 links are the host's own where it has some", () => {
    const linkComponent = ({ children, href }: parts.LinkComponentProps) => (
      <a data-host={href}>{children}</a>
    );
    const html = render(<parts.PlanSummary />, loaded(), { linkComponent, basePath: "/studio/billing" });
    expect(html).toContain('data-host="/studio/billing/seats"');
    expect(html).not.toContain('href="/studio/billing');
  });

  it.each([
    ["/studio/billing/", "/studio/billing", "/studio/billing/usage"],
    ["/", "/", "/usage"],
  ])("E2 the page lives at %s as without its last slash", (basePath, home, usage) => {
    const html = render(alone["BillingSettings"], loaded(), { basePath });
    const [, tabs = ""] = /<nav class="bursar-tabs"(.*?)<\/nav>/.exec(html) ?? [];
    expect(tabs).toContain(`href="${home}"`);
    expect(tabs).toContain(`href="${usage}"`);
    expect(html).not.toMatch(/href="[^":]*\/\//);
  });

  it("E2 slots stand where they are for", () => {
    const slots = { besideTitle: <em>beside</em>, belowScreen: <em>below</em> };
    const html = render(alone["BillingSettings"], loaded(), { slots });
    expect(html.indexOf("<em>beside</em>")).toBeLessThan(html.indexOf("bursar-tabs"));
    expect(html.indexOf("<em>below</em>")).toBeGreaterThan(html.indexOf("bursar-screen"));
  });

  it("E2 notices lead below the host's own path", () => {
    const html = render(<parts.AttentionList />, loaded(), { basePath: "/studio/billing" });
    expect(html).toContain('href="/studio/billing/plans"');
  });

  it("E2 a client may be handed in as well", () => {
    const html = renderToString(
      <QueryClientProvider client={loaded()}>
        <parts.BursarProvider client={createClient()}>
          <parts.PlanSummary />
        </parts.BursarProvider>
      </QueryClientProvider>,
    );
    expect(html).toContain("Team");
  });

  it("OV3 a plan that is arranged leads to a person: the host's way, else the catalogue's", () => {
    const custom = { ...teamOverview.plan, id: "enterprise", name: "Enterprise", kind: "custom" } as const;
    const overview: Overview = { ...teamOverview, plan: custom };
    const page = { ...teamOverview.page, contactUrl: "mailto:sales@acme.example" };
    expect(render(<parts.PlanSummary />, loaded({ ...overview, page }))).toContain(
      'href="mailto:sales@acme.example" class="bursar-button">Contact us',
    );
    expect(render(<parts.PlanSummary />, loaded(overview))).not.toContain("Contact us");
    const slots = { contact: <button type="button">Talk to us</button> };
    const html = render(<parts.PlanSummary />, loaded({ ...overview, page }), { slots });
    expect(html).toContain("Talk to us");
    expect(html).not.toContain("mailto:");
  });
});

it.each([true, false])(
  "US2 the catalogue decides whether the page says where use is going: %s",
  (projection) => {
    const queries = loaded({ ...teamOverview, page: { ...teamOverview.page, projection } });
    queries.setQueryData(queryKeys.usageDaily({ meter: "sessions" }), {
      data: usageDaysOf([1, 2, 3, 4, 5]),
      projection: null,
    });
    const html = render(<parts.UsageChart />, queries);
    expect(html.includes("A projection needs three full days of recent use.")).toBe(projection);
  },
);

const refused = (code: string, status: number) =>
  new ProblemError({ type: "", title: "", status, detail: "", code, requestId: "" });

it.each([
  ["idle", {}],
  ["working", { isPending: true }],
  ["in_doubt", { isPending: true, failureCount: 1 }],
  ["done", { isSuccess: true }],
  ["failed", { error: refused("payment_failed", 402) }],
  ["in_doubt", { error: new TypeError("network") }],
  ["in_doubt", { error: refused("idempotency_in_progress", 409) }],
  ["in_doubt", { error: refused("stripe_unavailable", 502) }],
] as const)("E1 an operation is %s with %j", (state, write) => {
  const nothing = { isPending: false, isSuccess: false, failureCount: 0, error: null };
  expect(stateOf({ ...nothing, ...write })).toBe(state);
});
