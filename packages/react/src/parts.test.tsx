import { createClient, ProblemError } from "@bursar/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { describe, expect, it } from "vitest";
import * as parts from "./index.ts";
import * as queryKeys from "./query-keys.ts";
import { renderOnServer } from "./render-on-server.test-data.ts";
import {
  freeOverview,
  invoices,
  offers,
  packs,
  people,
  teamOverview,
  teamPreview,
  transactions,
} from "./sample-answers.test-data.ts";

const pages = <Item,>(data: Item[]) => ({ pages: [{ data, nextCursor: null }], pageParams: [null] });

function render(
  part: ReactNode,
  overview = teamOverview,
  isLoaded = true,
  members = people,
  answers: ReadonlyMap<readonly unknown[], unknown> = new Map(),
): Promise<string> {
  const queries = new QueryClient();
  if (isLoaded) {
    queries.setQueryData(queryKeys.overview, overview);
    queries.setQueryData(queryKeys.plans, { data: offers, nextCursor: null });
    const added = { planId: "team", interval: "month", seats: 5 } as const;
    queries.setQueryData(queryKeys.preview(added), teamPreview);
    const losesAccess = people.data.slice(1);
    queries.setQueryData(queryKeys.preview({ planId: "free" }), { ...teamPreview, losesAccess });
    queries.setQueryData(queryKeys.people, members);
    queries.setQueryData(queryKeys.packs, { data: packs, nextCursor: null });
    queries.setQueryData(queryKeys.invoicesOf(null), {
      ...pages(invoices),
      pages: [{ data: invoices, nextCursor: null, years: [2026] }],
    });
    queries.setQueryData(queryKeys.transactionsOf({ from: "2026-08-25", group: "day" }), pages(transactions));
    for (const [key, answer] of answers) queries.setQueryData(key, answer);
  }
  return renderOnServer(
    <QueryClientProvider client={queries}>
      <parts.BursarProvider client={createClient()} locale="en-US">
        {part}
      </parts.BursarProvider>
    </QueryClientProvider>,
  );
}

const page = (path: string, search = "") => (
  <parts.BillingSettings path={`/settings/billing${path}`} search={search} signedOut={null} />
);

describe("the parts on a server", () => {
  it("the overview names the account, the plan, the renewal and what is due", async () => {
    const html = await render(page(""));
    for (const words of [
      "Acme GmbH",
      "Team",
      "3 seats, 1 in use",
      "Renews 12 Dec 2026 (UTC)",
      "about €67.83",
    ])
      expect(html).toContain(words);
    expect(html).toContain("Visa\u00a0••••\u00a04242, exp 08/27");
    expect(html).toContain("Needs attention (2)");
    expect(html).toMatch(/aria-current="page"[^>]*>Overview</);
  });

  it("Free says when usage resets, and why credits cannot be bought", async () => {
    const html = await render(page(""), freeOverview);
    expect(html).toContain("Free, no card needed. Usage resets 1 Dec 2026.");
    expect(html).toContain("Packs can be bought on paid plans.");
    expect(html).not.toContain("Next invoice");
  });

  it.each([
    ["off", "Auto-recharge off"],
    ["idle", "Auto-recharge on, €20.00 of €50.00 spent this period"],
    ["limit_reached", "Auto-recharge on, €20.00 of €50.00 spent this period"],
    ["paused", "Auto-recharge paused"],
  ] as const)("the overview says whether something is bought by itself: %s", async (state, words) => {
    const autoRecharge = { ...teamOverview.credits.autoRecharge, state, spentThisPeriod: 2_000 };
    const html = await render(page(""), {
      ...teamOverview,
      credits: { ...teamOverview.credits, autoRecharge },
    });
    expect(html).toContain(words);
    expect(await render(page(""), freeOverview)).not.toContain("Auto-recharge");
  });

  it("every meter has a role, a name and its words", async () => {
    const html = await render(<parts.UsageMeters />);
    expect(html.match(/role="meter"/g)).toHaveLength(5);
    expect(html).toContain('aria-valuetext="540 MiB of 512 MiB, 105 percent, over limit by 28 MiB"');
  });

  /** The markup of each meter, by its name. */
  const rowsOf = async (html: Promise<string>) =>
    new Map(
      [...(await html).matchAll(/<li class="bursar-meter[^]*?<\/li>/g)].map(([row]) => [
        /meter-name">([^<]*)/.exec(row)?.[1] ?? "",
        row,
      ]),
    );
  const meters: [name: string, tone: string, fill: string, hatch: string | null, icon: string | null][] = [
    ["Sessions", "ok", "41%", null, null],
    ["Events", "warning", "84.1%", "M4 0v8", "is-warning"],
    ["Enrichments", "critical", "100%", "M0 4h8M4 0v8", "is-critical"],
    ["Storage", "critical", "100%", "M0 4h8M4 0v8", "is-critical"],
  ];

  it.each(meters)(
    "M3 %s: the fill is clamped, a tick marks 80 %, and the hatch says what the colour says: %s",
    async (name, tone, fill, hatch) => {
      const row = (await rowsOf(render(<parts.UsageMeters />))).get(name) ?? "";
      expect(row).toContain(`is-${tone}`);
      expect(row).toMatch(new RegExp(`bursar-bar-fill" width="${fill}"`));
      expect(row).toMatch(/bursar-bar-tick" x1="80%" x2="80%"/);
      // The pattern lies over the whole fill, and there alone; below 80 % there is none.
      const laidOn = /<rect width="([^"]*)"[^>]*fill="url\(#[^"]*hatch\)"/.exec(row)?.[1];
      expect(laidOn).toBe(hatch === null ? undefined : fill);
      if (hatch !== null) expect(row).toMatch(new RegExp(`d="${hatch}"`));
    },
  );

  it("R7 what a colour says a word and a sign say too: meters, notices, the recharge limit, states in tags", async () => {
    const rows = await rowsOf(render(<parts.UsageMeters />));
    const signs = new Map<string, string>();
    for (const [name, , , , icon] of meters) {
      const row = rows.get(name) ?? "";
      if (icon === null) expect(row).not.toContain("bursar-meter-state");
      else {
        const found = new RegExp(
          `bursar-meter-state"><svg class="bursar-icon ${icon}"[^]*?<path d="([^"]*)"`,
        );
        expect(row).toMatch(/<\/svg> [A-Z][^<]+<\/strong>/);
        signs.set(icon, found.exec(row)?.[1] ?? "");
      }
    }
    const info = { ...teamOverview.notices[0]!, id: "info", severity: "info" as const };
    const notices = await render(<parts.AttentionList />, {
      ...teamOverview,
      notices: [...teamOverview.notices, info],
    });
    for (const [severity, word] of [
      ["critical", "Problem"],
      ["warning", "Warning"],
      ["info", "Note"],
    ] as const) {
      const sign = new RegExp(
        `bursar-notice is-${severity}"><svg class="[^"]*is-${severity}"[^]*?<path d="([^"]*)"`,
      );
      signs.set(`is-${severity}`, sign.exec(notices)?.[1] ?? "");
      expect(notices).toContain(`>${word}: </span>`);
    }
    expect([...signs.keys()].sort()).toEqual(["is-critical", "is-info", "is-warning"]);
    expect([...signs.values()]).not.toContain("");
    expect(new Set(signs.values()).size, "each sign has a shape of its own").toBe(signs.size);

    const { autoRecharge } = teamOverview.credits;
    const spent = async (spentThisPeriod: number) =>
      render(<parts.AutoRechargeForm />, {
        ...teamOverview,
        credits: {
          ...teamOverview.credits,
          autoRecharge: {
            ...autoRecharge,
            enabled: true,
            state: "idle",
            spendingLimit: 5_000,
            spentThisPeriod,
          },
        },
      });
    const toneOf = (html: string) => /bursar-meter is-(\w+)/.exec(html)?.[1];
    const stateOf = (html: string) => /bursar-meter-state">.*?<\/svg> ([^<]*)/.exec(html)?.[1];
    // The one set of thresholds: 80 and 100 per cent.
    for (const [sum, tone, word] of [
      [3_999, "ok", undefined],
      [4_000, "warning", "Approaching limit"],
      [5_000, "critical", "Limit reached"],
    ] as const) {
      const html = await spent(sum);
      expect([sum, toneOf(html), stateOf(html)]).toEqual([sum, tone, word]);
    }
    const tagged = await render(<parts.InvoiceTable />);
    for (const [, words] of tagged.matchAll(/class="bursar-tag[^"]*">([^<]*)</g)) expect(words).not.toBe("");
  });

  it("OV2 the top plan has no [Upgrade plan]; a plan whose upgrade is refused for now has, with the reason", async () => {
    const plan = { ...teamOverview.plan, id: "business", name: "Business" };
    const refused = { allowed: false, code: "highest_plan", reason: "This is the highest plan." };
    const top = { ...teamOverview, plan, can: { ...teamOverview.can, upgrade: refused } };
    const html = await render(<parts.PlanSummary />, top);
    expect(html).not.toContain("Upgrade plan");
    expect(html).not.toContain("This is the highest plan.");
    // Its change is the first thing to do then, and no word among words.
    expect(html).toMatch(/class="bursar-button"[^>]*>Change plan</);
    const unpaid = await render(<parts.PlanSummary />, {
      ...top,
      plan: teamOverview.plan,
      status: "past_due",
    });
    expect(unpaid).toMatch(/aria-disabled="true"[^>]*>Upgrade plan</);
  });

  it("S4 who holds a seat, since when and until when, with a way to let each go", async () => {
    const html = await render(<parts.SeatEditor />);
    expect(html).toMatch(/Ann Lee<\/strong><span[^>]*>You<.*Owner \u00b7 <time[^>]*>since 2 Nov 2026/);
    expect(html).toContain("invited 20 Nov 2026, open until 4 Dec 2026");
    expect(html).toContain('aria-label="Remove Bo King"');
    expect(html).toContain('aria-label="Withdraw the invitation of cy@acme.example"');
    expect(html).not.toContain("Remove Ann Lee");
    expect(html.match(/<option/g)).toHaveLength(4);
  });

  it("B2 a member sees who holds the seats, and no button to change that", async () => {
    const reader = { allowed: false, reason: "Ann Lee can change members." };
    const read = people.data.map((person) => ({
      ...person,
      can: { remove: reader, becomes: [], resend: reader },
    }));
    const html = await render(<parts.SeatEditor />, teamOverview, true, {
      ...people,
      data: read,
      can: { changeMembers: reader, inviteAs: [] },
    });
    expect(html).toContain("Bo King");
    expect(html).toContain("Ann Lee can change members.");
    expect(html).not.toMatch(/Remove|Withdraw|Invite by e-mail/);
  });

  it("the plan picker takes its choice from the address", async () => {
    const html = await render(<parts.PlanPicker search="?plan=team&interval=year&seats=3" />, freeOverview);
    expect(html).toContain("Review: Team, 3 seats, annual");
    expect(html).toContain("€190.00");
    expect(html).toMatch(/type="number"[^>]*value="3"/);
    expect(html).not.toContain("Continue to payment");
  });

  const pending = {
    ...teamOverview,
    pendingChange: {
      planId: "team",
      planName: "Team",
      interval: "month" as const,
      seats: 2,
      effectiveAt: "2026-12-12T00:00:00Z",
    },
  };

  it("R1 a review has the server's lines, sums, card and dates, and the one button that pays", async () => {
    const html = await render(<parts.PlanPicker search="?plan=team&interval=month&seats=5" />);
    for (const words of [
      "Remaining time on 5 × Team after 22 Nov 2026",
      "Due today, Visa\u00a0••••\u00a04242",
      "€7.22",
      "Next invoice 12 Dec 2026: about €113.05 incl. VAT.",
      "Pay €45.22 and add 2 seats",
    ])
      expect(html).toContain(words);
  });

  it.each(["", "/plans", "/seats", "/usage", "/credits", "/invoices", "/cancel"])(
    "R5 what is scheduled stands on the screen %s with its undo",
    async (path) => {
      const html = await render(page(path), pending);
      expect(html).toContain("Scheduled: on 12 Dec 2026 Team goes from 3 to 2 seats.");
      expect(html).toContain(">Undo<");
    },
  );

  it("R5 another plan that is scheduled is named with what belongs to it", async () => {
    const next = { ...pending.pendingChange, planId: "personal", planName: "Personal", seats: 1 };
    const html = await render(<parts.PendingChange />, { ...pending, pendingChange: next });
    expect(html).toContain("Scheduled: on 12 Dec 2026 Team becomes Personal, monthly.");
  });

  it("PL3 while the bank is asked the review has its page and the way out, and no price", async () => {
    const reason = "Your bank has to confirm the last change first, or give that change up.";
    const refused = { allowed: false, reason };
    const html = await render(<parts.SeatEditor />, {
      ...teamOverview,
      can: { ...teamOverview.can, changePlan: refused },
      notices: [
        {
          id: "bank_check",
          severity: "critical",
          title: "Your bank asks you to confirm a payment",
          detail: "",
          facts: { code: "bank_check" },
          action: { kind: "confirm", label: "Confirm with your bank", href: "https://stripe.example/in_2" },
        },
      ],
    });
    expect(html).toContain('href="https://stripe.example/in_2"');
    expect(html).toContain("Give up this change");
    expect(html).not.toContain("Pay €");
  });

  it.each([
    {
      tax: null,
      words: "plus VAT, shown before you pay",
      next: "about \u20ac113.05 plus VAT.",
      pay: "Continue to payment, about \u20ac45.22 plus VAT today",
    },
    {
      tax: 722,
      words: ">VAT<",
      next: "about \u20ac113.05 incl. VAT.",
      pay: "Continue to payment, about \u20ac45.22 today",
    },
  ])(
    "F2 with a tax of $tax the review says so of today, of the next invoice and on the button",
    async ({ tax, words, next, pay }) => {
      const asked = { planId: "team", interval: "month", seats: 5 } as const;
      const nextInvoice = { ...teamPreview.nextInvoice!, taxIncluded: tax !== null };
      const preview = { ...teamPreview, nextInvoice, dueToday: { ...teamPreview.dueToday, tax } };
      const html = await render(
        <parts.PlanPicker search="?plan=team&interval=month&seats=5" />,
        { ...teamOverview, paymentMethod: null },
        true,
        people,
        new Map([[queryKeys.preview(asked), preview]]),
      );
      expect(html).toContain(words);
      expect(html).toContain(pay);
      expect(html).toContain(next);
    },
  );

  it.each([true, false])(
    "F2 the overview says of the next invoice whether tax is in it: %s",
    async (taxIncluded) => {
      const nextInvoice = { ...teamOverview.nextInvoice!, taxIncluded };
      const html = await render(<parts.PaymentSummary />, { ...teamOverview, nextInvoice });
      expect([html.includes("incl. VAT"), html.includes("plus VAT")]).toEqual([taxIncluded, !taxIncluded]);
    },
  );

  it.each([true, false])(
    "CA1 cancelling says that auto-recharge ends only where it is on: %s",
    async (enabled) => {
      const { credits } = teamOverview;
      const autoRecharge = { ...credits.autoRecharge, enabled };
      const html = await render(page("/cancel"), { ...teamOverview, credits: { ...credits, autoRecharge } });
      expect(html.includes("Auto-recharge ends on 12 Dec 2026: packs need a paid plan.")).toBe(enabled);
    },
  );

  it("a price per seat does not make its limits look so: they are the account's", async () => {
    expect(await render(page("/plans"))).toContain("Limits are for the whole account, each month.");
  });

  it("S4 cancelling names who loses access, where anybody else is there", async () => {
    const seats = { ...teamOverview.seats, used: 3 };
    const sentence = /Bo[^<]* and [^<]* lose access on 12 Dec 2026; only the owner keeps it\./;
    expect(await render(page("/cancel"), { ...teamOverview, seats })).toMatch(sentence);
    expect(await render(page("/cancel"))).not.toContain("access on");
  });

  it("R8 cancelling says what stays and what is then, with both ways side by side", async () => {
    const html = await render(<parts.CancelPlan />, pending);
    for (const words of [
      "Every feature stays until 12 Dec 2026.",
      "Your 3,800,000 credits stay.",
      "Your scheduled change is undone.",
      "Cancel on 12 Dec 2026",
      "Keep plan",
    ])
      expect(html).toContain(words);
    expect(html).not.toContain("stop payment attempts");
  });

  it("CA4 past due it can also be ended at once, and what is due is not called nothing", async () => {
    const html = await render(<parts.CancelPlan />, { ...teamOverview, status: "past_due" });
    expect(html).toContain("Cancel now and stop payment attempts");
    expect(html).not.toContain("Nothing to pay today");
  });

  it("a member sees the plan and, once, who can change it", async () => {
    const reader = { allowed: false, reason: "Ann Lee can change billing." };
    const can = Object.fromEntries(Object.keys(teamOverview.can).map((action) => [action, reader]));
    const html = await render(<parts.PlanSummary />, {
      ...teamOverview,
      can: can as typeof teamOverview.can,
    });
    expect(html.match(/Ann Lee can change billing\./g)).toHaveLength(1);
    expect(html.match(/aria-disabled="true"/g)).toHaveLength(4);
  });

  it("packs name the deed and the sum on the button", async () => {
    expect(await render(<parts.CreditPacks />)).toContain("Purchase 1,000,000 tokens for €5.00");
  });

  it("CA4 R2 packs say the operator's legal text with the sum", async () => {
    const labels = { pay: { en: "Order with obligation to pay {sum}" } };
    const page = { ...teamOverview.page, labels };
    const html = await render(<parts.CreditPacks />, { ...teamOverview, page });
    expect(html).toContain("Order with obligation to pay €5.00");
    expect(html).not.toContain("Purchase 1,000,000");
  });

  it("the history says types in words, tokens with their sign and the balance after", async () => {
    const html = await render(<parts.CreditHistory />);
    for (const words of [
      "Bought",
      "+1,000,000",
      "€5.00",
      "Used",
      "−180,000",
      "820,000",
      "22 Nov 2026",
      "09:14:07 UTC",
    ])
      expect(html).toContain(words);
  });

  it("links to invoices carry the number", async () => {
    const html = await render(<parts.InvoiceTable />);
    expect(html).toContain('aria-label="View invoice A-0001"');
    expect(html).toContain('aria-label="PDF of invoice A-0001"');
    expect(html).toContain("incl. €10.83 VAT");
  });

  it("holds no inline style, which a strict content security policy refuses", async () => {
    for (const path of ["", "/plans", "/seats", "/cancel", "/usage", "/credits", "/invoices"])
      expect(await render(page(path))).not.toContain("style=");
  });

  it("a skeleton that says it is loading stands where data is missing", async () => {
    const html = await render(page(""), teamOverview, false);
    expect(html).toContain('aria-busy="true"');
    expect(html).toContain("Loading");
  });

  it("leaving checkout says that nothing was charged", async () => {
    expect(await render(page("/credits", "?left=checkout"))).toContain("Nothing was charged.");
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
    const html = await renderOnServer(
      <QueryClientProvider client={queries}>
        <parts.BursarProvider client={createClient()}>
          <parts.BillingSettings path="/settings/billing" search="" signedOut={<p>Please sign in</p>} />
        </parts.BursarProvider>
      </QueryClientProvider>,
    );
    expect(html).toContain("Please sign in");
  });
});
