import { createClient, type NoticeFacts, type Overview, type Preview, type Problem } from "@bursar/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { createFormat } from "./format/create-format.ts";
import { errorInWords } from "./in-words.ts";
import { BillingSettings, BursarProvider, CreditHistory } from "./index.ts";
import { english } from "./messages/english.ts";
import { german } from "./messages/german.ts";
import { ProblemError } from "@bursar/client";
import * as queryKeys from "./query-keys.ts";
import { renderOnServer } from "./render-on-server.test-data.ts";
import { people, teamOverview, teamPreview, transactions } from "./sample-answers.test-data.ts";

const { answers } = german.told!;
const bursar = { messages: german, format: createFormat("de-DE") };
const at = "2026-12-12T00:00:00Z";

describe("W3 the server's sentences in German, from code and facts", () => {
  const money = { currency: "eur" };
  const spending = { spent: 2_000, limit: 5_000, ...money, endsAt: at };
  it.each<[NoticeFacts, string]>([
    [
      {
        code: "past_due",
        amount: 27_132,
        ...money,
        failedAt: "2026-11-12T00:00:00Z",
        nextAttemptAt: null,
        endsAt: at,
      },
      "Die Zahlung von 271,32\u00a0€ ist am 12. Nov. 2026 fehlgeschlagen",
    ],
    [{ code: "ended_unpaid", plan: "Team", free: "Free", endedAt: at }, "Team endete am 12. Dez. 2026"],
    [{ code: "bank_check" }, "Ihre Bank bittet Sie"],
    [{ code: "recharge_bank_check", amount: 1_000, ...money }, "10,00\u00a0€"],
    [{ code: "credits_owed", tokens: 12_000, resetsAt: at }, "12.000 Tokens"],
    [
      {
        code: "limit",
        meter: "events",
        name: "Events",
        format: "count",
        used: 8_412,
        limit: 10_000,
        state: "warning",
        atLimit: "refused",
      },
      "Ereignisse: Limit fast erreicht",
    ],
    [
      {
        code: "limit",
        meter: "runs",
        name: "Runs",
        format: "count",
        used: 105,
        limit: 100,
        state: "over",
        atLimit: "credits",
      },
      "Runs: 5 darüber, aus Guthaben",
    ],
    [{ code: "ends_soon", plan: "Team", endsAt: at }, "Team endet am 12. Dez. 2026"],
    [{ code: "card_expires", last4: "4242", dueAt: at }, "4242"],
    [{ code: "recharge_paused", reason: "declined" }, "Ihre Karte wurde 3-mal abgelehnt."],
    [{ code: "recharge_declined", retryAt: at }, "12. Dez. 2026"],
    [{ code: "recharge_limit", ...spending }, "20,00\u00a0€ von 50,00\u00a0€"],
    [{ code: "recharged_often", ...spending }, "20,00\u00a0€ von 50,00\u00a0€"],
  ])("$code", (facts, expected) => {
    const [notice] = told({ facts }).notices;
    expect(`${notice?.title}. ${notice?.detail}`).toContain(expected);
    expect(notice?.action?.label).toBe("Pläne ansehen");
  });

  it("keeps the server's words for what it does not know", () => {
    const facts = { code: "from_a_newer_server" } as unknown as NoticeFacts;
    expect(told({ facts }).notices[0]).toMatchObject({ title: "Title", detail: "Detail" });
    const refused = { ...teamOverview.can, cancel: { allowed: false, code: "new", reason: "A new reason." } };
    expect(told({ can: refused }).can.cancel.reason).toBe("A new reason.");
    const problem = { code: "teapot", detail: "I am a teapot." } as Problem;
    expect(errorInWords(new ProblemError(problem), bursar)).toBe("I am a teapot.");
  });

  it("leaves the English page what the server says", () => {
    expect(english.told).toBeNull();
  });

  it("says why something is refused, and who may", () => {
    const role = { allowed: false, code: "role", names: ["Ann Lee", "Bo King"], reason: "" };
    expect(told({ can: { ...teamOverview.can, upgrade: role } }).can.upgrade.reason).toBe(
      "Die Abrechnung ändern können: Ann Lee und Bo King.",
    );
    const [ann] = answers.people(people, german.told!).data;
    expect(ann?.can.remove.reason).toBe("Ann Lee ist der einzige Inhaber.");
    expect(ann?.can.becomesReason).toBe("Ann Lee ist der einzige Inhaber.");
  });

  it("names meters of the example settings, and what happens at their limits", () => {
    const { events, enrichments } = told({}).usage;
    expect(events).toMatchObject({ name: "Ereignisse", limitSentence: "Neue Nutzung wird abgelehnt" });
    expect(enrichments).toMatchObject({ limitSentence: "Ihr Guthaben wird genutzt" });
  });

  it("writes what a change costs and takes", () => {
    const preview: Preview = {
      ...teamPreview,
      effectiveAt: at,
      later: {
        description: "",
        effectiveAt: at,
        planId: "team",
        planName: "Team",
        perSeat: true,
        interval: "month",
        seats: 1,
      },
      losses: {
        seats: 2,
        limits: [{ meter: "events", name: "Events", format: "count", from: null, to: 1_000 }],
      },
      losesAccess: [{ kind: "member", name: "Bo King", email: "bo@acme.example" }],
      keepsAccess: { kind: "member", name: "Ann Lee", email: "ann@acme.example" },
    };
    const written = answers.preview(preview, german.told!, bursar.format);
    expect(written.dueToday.lines.map(({ description }) => description)).toEqual([
      `Nicht genutzte Zeit: Team, 3 Plätze, ${range}`,
      `Rest des Zeitraums: Team, 5 Plätze, ${range}`,
    ]);
    expect(written.later?.description).toBe("Team, 1 Platz, monatlich");
    expect(written.loses).toEqual([
      "Bo King verliert am 12. Dez. 2026 den Zugang; nur Ann Lee behält ihn",
      "2 Plätze weniger",
      "Ereignisse: 1.000 statt unbegrenzt",
    ]);
  });

  it.each([
    [{ code: "conflict", reason: "renewal_near", renewsAt: at }, "12. Dez. 2026"],
    [{ code: "stripe_unavailable", reason: "in_doubt" }, "Zahlen Sie nicht noch einmal"],
    [{ code: "stripe_unavailable" }, "Es wurde nichts abgebucht"],
    [
      { code: "seats_in_use", neededSeats: 4, seats: [{ kind: "member", name: "Bo", email: "b@x" }] },
      "Nötig: 4 Plätze. Belegt von: Bo.",
    ],
  ])("refusal $code $reason", (problem, expected) => {
    expect(errorInWords(new ProblemError({ detail: "English", ...problem } as Problem), bursar)).toContain(
      expected,
    );
  });
});

const range = bursar.format.range("2026-11-22T09:14:00Z", at);

function told(change: Partial<Overview> & { facts?: NoticeFacts }): Overview {
  const { facts, ...rest } = change;
  const action = { kind: "see_plans", label: "See plans", href: "/" } as const;
  const notices: Overview["notices"] =
    facts === undefined
      ? []
      : [{ id: "n", severity: "info", title: "Title", detail: "Detail", facts, action }];
  return answers.overview({ ...teamOverview, notices, ...rest }, german.told!, bursar.format);
}

describe("F3 a German page", () => {
  const render = (given: { messages?: typeof german }) => {
    const queries = new QueryClient();
    queries.setQueryData(queryKeys.overview, teamOverview);
    return renderToString(
      <QueryClientProvider client={queries}>
        <BursarProvider client={createClient()} locale="de-DE" {...given}>
          <BillingSettings path="/settings/billing" search="" signedOut={null} />
        </BursarProvider>
      </QueryClientProvider>,
    ).replaceAll("<!-- -->", "");
  };

  it("is rendered on a server with the catalogue at hand, and names its language", () => {
    const html = render({ messages: german });
    expect(html).toContain('lang="de"');
    expect(html).toContain("Verlängert sich am 12. Dez. 2026 (UTC)");
    expect(html).toContain("Speicher: 28 MiB über dem Limit");
    expect(html).toMatch(/67,83\s€/);
    expect(html).not.toContain("Overview");
  });

  it("is rendered on a server in every screen, whose words and code come only then", async () => {
    const queries = new QueryClient();
    queries.setQueryData(queryKeys.overview, teamOverview);
    const screen = (path: string) =>
      renderOnServer(
        <QueryClientProvider client={queries}>
          <BursarProvider client={createClient()} locale="de-DE" messages={german}>
            <BillingSettings path={`/settings/billing${path}`} search="" />
          </BursarProvider>
        </QueryClientProvider>,
      );
    expect(await screen("/credits/auto-recharge")).toContain("Automatische Aufladung");
    expect(await screen("/invoices")).toContain("Zahlung verwalten");
  });

  it("tells movements of the book in German where the server's English only says their type", async () => {
    const movement = { ...transactions[0]!, credits: null, description: "Included tokens" };
    const moved = { change: 100, after: 100 };
    const data = [
      { ...movement, id: "1", type: "lapse", allocation: moved },
      { ...movement, id: "2", type: "allocation", allocation: moved },
      { ...movement, id: "3", type: "allocation", allocation: moved, credits: moved },
      { ...movement, id: "4", type: "allocation_usage", description: "AI tokens" },
      { ...movement, id: "5", type: "usage", description: "session ses_81f" },
    ];
    const queries = new QueryClient();
    queries.setQueryData(queryKeys.overview, teamOverview);
    const pages = { pages: [{ data, nextCursor: null }], pageParams: [null] };
    queries.setQueryData(queryKeys.transactionsOf({ from: "2026-08-25", group: "day" }), pages);
    const html = await renderOnServer(
      <QueryClientProvider client={queries}>
        <BursarProvider client={createClient()} locale="de-DE" messages={german}>
          <CreditHistory />
        </BursarProvider>
      </QueryClientProvider>,
    );
    for (const words of [
      "Kontingent verfallen</span>",
      "Glich ein negatives Guthaben aus",
      "KI-Tokens",
      "session ses_81f",
    ])
      expect(html).toContain(words);
    expect(html).not.toContain("Included tokens");
  });

  it("shows nothing in another language while its words are fetched", () => {
    expect(render({})).toBe('<div class="bursar" aria-busy="true"></div>');
  });
});
