import { describe, expect, it } from "vitest";
import { createFormat } from "../format/create-format.ts";
import { english } from "../messages/english.ts";
import { freeOverview, teamOverview, teamPreview } from "../sample-answers.test-data.ts";
import { deedOf } from "./deed.ts";

const format = createFormat("en-US");
const team = { planId: "team", interval: "month", seats: 3 } as const;

function said(...given: Parameters<typeof deedOf>): string {
  const deed = deedOf(...given);
  return "label" in deed ? `${deed.kind}: ${deed.label(english, format)}` : deed.kind;
}

describe("R2 the button says the deed and the sum", () => {
  const free = { ...teamPreview.dueToday, amountDue: 0 };
  it.each([
    [
      "a higher plan",
      teamPreview,
      { ...team, planId: "business" },
      teamOverview,
      "pay: Pay €45.22 and upgrade",
    ],
    ["two more seats", teamPreview, { ...team, seats: 5 }, teamOverview, "pay: Pay €45.22 and add 2 seats"],
    ["one more seat", teamPreview, { ...team, seats: 4 }, teamOverview, "pay: Pay €45.22 and add 1 seat"],
    [
      "the same plan by the year",
      teamPreview,
      { ...team, interval: "year" as const },
      teamOverview,
      "pay: Pay €45.22 and go annual",
    ],
    [
      "a rise that costs nothing today",
      { ...teamPreview, dueToday: free },
      { ...team, planId: "business" },
      teamOverview,
      "apply: Upgrade now",
    ],
    [
      "a lower plan",
      { ...teamPreview, kind: "downgrade" as const, effectiveAt: "2026-12-12T00:00:00Z" },
      { ...team, planId: "personal" },
      teamOverview,
      "schedule: Schedule for 12 Dec 2026",
    ],
    [
      "today's plan while a change is pending",
      { ...teamPreview, kind: "none" as const, replaces: "pending_change" as const },
      team,
      teamOverview,
      "keep: Keep Team",
    ],
    [
      "Free, which is reached by cancelling",
      { ...teamPreview, kind: "downgrade" as const, nextInvoice: null },
      { ...team, planId: "free" },
      teamOverview,
      "cancel",
    ],
    ["a first subscription", teamPreview, team, freeOverview, "checkout"],
    [
      "a rise without a saved card",
      teamPreview,
      { ...team, seats: 5 },
      { ...teamOverview, paymentMethod: null },
      "checkout",
    ],
  ])("%s", (_case, preview, choice, overview, words) => {
    expect(said(preview, choice, overview)).toBe(words);
  });

  it("CA3 names what keeping undoes", () => {
    const preview = { ...teamPreview, kind: "none" as const, replaces: "cancellation" as const };
    expect(deedOf(preview, team, teamOverview)).toMatchObject({ kind: "keep", undoes: "cancellation" });
  });
});

describe("CA4 R2 a legal text on buttons that charge", () => {
  const pay = { en: "Order with obligation to pay {sum}" };
  const configured = { ...teamOverview, page: { ...teamOverview.page, labels: { pay } } };
  it.each([
    ["a higher plan", { ...team, planId: "business" }],
    ["more seats", { ...team, seats: 5 }],
    ["the same plan by the year", { ...team, interval: "year" as const }],
  ])("stands on %s, with the sum", (_name, choice) => {
    expect(said(teamPreview, choice, configured)).toBe("pay: Order with obligation to pay €45.22");
  });
  it("and on nothing that charges nothing", () => {
    const free = { ...teamPreview, dueToday: { ...teamPreview.dueToday, amountDue: 0 } };
    expect(said(free, { ...team, planId: "business" }, configured)).toBe("apply: Upgrade now");
  });
  it("and in no other language than its own", () => {
    const german = { ...configured, page: { ...configured.page, labels: { pay: { de: "{sum} zahlen" } } } };
    expect(said(teamPreview, { ...team, seats: 5 }, german)).toBe("pay: Pay €45.22 and add 2 seats");
  });
});
