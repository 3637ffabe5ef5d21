/*
 * `npm run docs:plan-changes`: writes docs/plan-changes.md, the whole table of what a change of plan means, from the
 * rules themselves (classify in packages/core). A test sees to it that the page is what this script writes.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import {
  checkCatalog,
  classify,
  HOUR_MS,
  isRefusal,
  type Change,
  type Interval,
  type Subscribed,
  type Target,
  type Wanted,
} from "@bursar/core";
import defaultCatalog from "../bursar.config.ts";

const checked = checkCatalog(defaultCatalog);
if (!checked.ok) throw new Error("the default catalogue has mistakes");
const { catalog } = checked;

const PERIOD_ENDS = Date.parse("2026-12-12T00:00:00Z");
const NOW = Date.parse("2026-11-22T00:00:00Z");
const USED_SEATS = 8;

/** Seats per wish, beside the ten that are bought; the lower plan has one seat anyway. */
const SEATS = { fewer: 9, same: 10, more: 12 } as const;
const PLANS = { lower: "team", same: "business", higher: "scale" } as const;

/** The default catalogue's top plan is not sold by itself, so the table has one above Business. */
const business = catalog.plans.find(({ id }) => id === "business")!;
const tableCatalog = {
  ...catalog,
  plans: [...catalog.plans, { ...business, id: "scale", name: "Scale", rank: catalog.plans.length }],
};

function standing(interval: Interval, more: Partial<Subscribed> = {}): Subscribed {
  const target: Target = { planId: PLANS.same, interval, seats: SEATS.same };
  const plain = { isPastDue: false, periodEndsAt: PERIOD_ENDS, cancelAt: null, pending: null };
  return { kind: "subscribed", target, ...plain, ...more };
}

function ask(from: Subscribed, wanted: Wanted, at = NOW, usedSeats = USED_SEATS): Change {
  return classify({ catalog: tableCatalog, standing: from, usedSeats, now: at }, wanted);
}

/** What of a target is new, in the table's words. */
function moved(from: Target, to: Target): string {
  const parts = [
    from.planId === to.planId
      ? ""
      : to.planId === PLANS.higher
        ? "higher plan"
        : to.planId === PLANS.lower
          ? "lower plan"
          : "this plan",
    from.interval === to.interval ? "" : to.interval === "year" ? "annual" : "monthly",
    from.seats === to.seats ? "" : to.seats > from.seats ? "more seats" : "fewer seats",
  ];
  return parts.filter(Boolean).join(", ") || "–";
}

interface Row {
  now: string;
  later: string;
  money: string;
  window: string;
}

function describe(from: Subscribed, change: Change): Row {
  const stays = { money: "nothing", window: "goes on" };
  if (isRefusal(change)) return { now: `refused: \`${change.code}\``, later: "–", ...stays };
  switch (change.kind) {
    case "first":
      return { now: "new subscription", later: "–", money: "a whole period", window: "starts at zero" };
    case "upgrade":
      return {
        now: moved(from.target, change.now),
        later: change.later === null ? "–" : moved(change.now, change.later.target),
        money: change.startsPeriod
          ? "a whole new period, less what is left of this one"
          : "the difference for the rest of the period",
        window: change.startsPeriod ? "starts at zero" : "goes on, with the new limits at once",
      };
    case "downgrade": {
      const changesInterval = change.later.target.interval !== from.target.interval;
      const window = changesInterval ? "starts at zero then" : "goes on";
      return { now: "–", later: moved(from.target, change.later.target), money: "nothing", window };
    }
    case "cancel":
      return { now: "–", later: "Free", money: "nothing", window: "starts at zero then" };
    case "keep":
      return { now: `undoes the ${change.undoes.replace("_", " ")}`, later: "–", ...stays };
  }
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function wholeTable(): string {
  const rows = (["month", "year"] as const).flatMap((interval) =>
    (["lower", "same", "higher"] as const).flatMap((plan) =>
      (["month", "year"] as const).flatMap((wantedInterval) =>
        (["fewer", "same", "more"] as const).map((seats) => {
          const from = standing(interval);
          const wanted = { planId: PLANS[plan], interval: wantedInterval, seats: SEATS[seats] };
          const { now, later, money, window } = describe(from, ask(from, wanted));
          const wish = interval === wantedInterval ? interval : `${interval} → ${wantedInterval}`;
          return [plan, wish, seats, now, later, money, window];
        }),
      ),
    ),
  );
  const head = ["plan", "interval", "seats", "now", "at the period's end", "due today", "usage window"];
  return table(head, rows);
}

function wishes(): [name: string, Wanted][] {
  return [
    ["an upgrade", { planId: PLANS.higher }],
    ["more seats", { seats: SEATS.more }],
    ["a lower plan", { planId: PLANS.lower }],
    ["fewer seats", { seats: SEATS.fewer }],
    ["today's plan again", { planId: PLANS.same, interval: "month", seats: SEATS.same }],
    ["cancellation", { planId: catalog.freePlanId }],
  ];
}

function standingsTable(): string {
  const cut: Target = { planId: PLANS.same, interval: "month", seats: SEATS.fewer };
  const standings: [name: string, Subscribed, number?, number?][] = [
    ["nothing pending", standing("month")],
    [
      "a downgrade pending",
      standing("month", { pending: { target: { ...cut, seats: 8 }, effectiveAt: PERIOD_ENDS } }),
    ],
    ["cancelled, still running", standing("month", { cancelAt: PERIOD_ENDS })],
    ["past due", standing("month", { isPastDue: true })],
    ["less than 2 hours to the renewal", standing("month"), PERIOD_ENDS - HOUR_MS],
    ["all seats in use", standing("month"), NOW, SEATS.same],
  ];
  const rows = standings.map(([name, from, at, used]) => [
    name,
    ...wishes().map(([, wanted]) => {
      const change = ask(from, wanted, at, used);
      if (isRefusal(change)) return `\`${change.code}\``;
      const replaces = "replaces" in change && change.replaces !== null ? change.replaces : null;
      const when = { first: "now", upgrade: "now", downgrade: "later", cancel: "later", keep: "now" };
      if (change.kind === "keep") return `undoes the ${change.undoes.replace("_", " ")}`;
      return replaces === null
        ? when[change.kind]
        : `${when[change.kind]}, replaces the ${replaces.replace("_", " ")}`;
    }),
  ]);
  return table(["standing", ...wishes().map(([name]) => name)], rows);
}

export function planChangesPage(): Promise<string> {
  const text = `# What a change of plan means

Written by \`npm run docs:plan-changes\` from the rules themselves (\`classify\` in packages/core); do not edit it.

A lower plan takes everything else to the period's end with it. Monthly to annual applies whole, now, and begins a new
period. Else what rises applies now and what falls waits for the period's end. "Due today" is before tax; it is charged
only after a preview, and never more than the preview said.

## Every wish, with nothing pending

${wholeTable()}

## The same wishes from other standings

On a monthly plan, ${SEATS.same} seats bought and ${USED_SEATS} in use, unless the row says otherwise. \`now\` is charged and in
force at once, \`later\` is scheduled for the period's end.

${standingsTable()}

From Free every paid plan is a first subscription: now, one whole period in advance, the usage window at zero. On a
plan that an operator gave (Enterprise), and for it, everything is \`contact_us\`.
`;
  return format(text, { parser: "markdown", printWidth: 110 });
}

export const PAGE_PATH = join(import.meta.dirname, "../docs/plan-changes.md");

if (import.meta.main) writeFileSync(PAGE_PATH, await planChangesPage());
