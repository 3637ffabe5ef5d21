/*
 * N4: what a preview says is what Stripe charges, to the cent. A customer changes plan, interval and seats at random
 * instants; each preview is held against core's own proration and against the money that moved.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  addMonths,
  classify,
  exclusiveTax,
  isRefusal,
  priceTarget,
  prorate,
  type Debit,
  type Standing,
  type Target,
} from "@bursar/core";
import type { Overview, PlanChoice, Preview } from "../../packages/client/src/index.ts";
import { catalog } from "../book/databases.ts";
import { newCustomer, paidBy, stripeOf, type Customer } from "./customer.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { databases } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;

/** 1,000 in all is what this was run with by hand; the checks take a part of it at each run. */
const CHANGES = Number(process.env["RANDOM_WALK_CHANGES"] ?? 60);
const VAT_PERCENT = 19;
const HOUR_MS = 3_600_000;

interface Walk {
  time: TimeTravel;
  customer: Customer;
  customerId: string;
  target: Target;
  debit: Debit;
  /** Credit at Stripe, zero or more: what a change gave back beyond what it cost. */
  creditCents: number;
  changes: number;
}

function subtotalOf(target: Target): number {
  const priced = priceTarget(catalog, target);
  if (priced.code === "refused") throw new Error(`${JSON.stringify(target)} is not sold`);
  return priced.subtotalCents;
}

const withTax = (cents: number) => cents + exclusiveTax(cents, VAT_PERCENT);

/** One wish at one instant: previewed, computed, confirmed and compared. */
async function step(walk: Walk, wanted: PlanChoice): Promise<void> {
  const { time, customer } = walk;
  const before = await customer.overview();
  followRenewal(walk, before);
  const standing: Standing = {
    kind: "subscribed",
    target: walk.target,
    isPastDue: false,
    periodEndsAt: Date.parse(before.period.end),
    cancelAt: null,
    pending: null,
  };
  const change = classify({ catalog, standing, usedSeats: 1, now: time.now() }, wanted);
  // What is scheduled has tests of its own; here the money of now is walked.
  if (isRefusal(change) || change.kind !== "upgrade" || change.later !== null) return;

  const at = time.now() - (time.now() % 1_000);
  const period = change.startsPeriod
    ? { startsAt: at, endsAt: addMonths(at, 12) }
    : { startsAt: Date.parse(before.period.start), endsAt: Date.parse(before.period.end) };
  const expected = prorate(walk.debit, { at, subtotalCents: subtotalOf(change.now), period });
  const total = withTax(expected.creditCents) + withTax(expected.chargeCents);

  const preview = await customer.preview(wanted);
  expect(preview.dueToday.subtotal).toBe(expected.creditCents + expected.chargeCents);
  expect(preview.dueToday.total).toBe(total);
  expect(preview.dueToday.amountDue).toBe(dueOf(total, walk.creditCents));
  expect(preview.nextInvoice?.total).toBe(withTax(subtotalOf(change.now)));

  const paid = await paidBy(stripeOf(time), walk.customerId);
  const { status, body } = await customer.call("POST", "/api/billing/change", {
    ...wanted,
    quoteId: preview.quoteId,
  });
  expect([status, body]).toEqual([200, expect.objectContaining({ status: "applied" })]);
  expect(await paidBy(stripeOf(time), walk.customerId)).toBe(paid + preview.dueToday.amountDue);
  settleCredit(walk, preview, total);
  walk.target = change.now;
  walk.debit = expected.debit;
  walk.changes += 1;
}

/** Stripe charges from 0.50 on; less waits on the customer's balance. */
const MINIMUM_CENTS = 50;

function dueOf(totalCents: number, creditCents: number): number {
  const due = Math.max(0, totalCents - creditCents);
  return due < MINIMUM_CENTS ? 0 : due;
}

function settleCredit(walk: Walk, preview: Preview, totalCents: number): void {
  walk.creditCents = walk.creditCents - totalCents + preview.dueToday.amountDue;
}

/** A renewal between two changes: the whole period was debited, and credit used up on it. */
function followRenewal(walk: Walk, { period }: Overview): void {
  const startsAt = Date.parse(period.start);
  if (startsAt <= walk.debit.span.startsAt) return;
  const cents = subtotalOf(walk.target);
  // Periods that passed unseen each used up credit.
  const months = walk.target.interval === "month" ? 1 : 12;
  for (let from = walk.debit.span.endsAt; from <= startsAt; from = addMonths(from, months)) {
    const total = withTax(cents);
    walk.creditCents = walk.creditCents - total + dueOf(total, walk.creditCents);
  }
  walk.debit = { cents, span: { startsAt, endsAt: Date.parse(period.end) } };
}

async function beginWalk(start: string): Promise<Walk> {
  const time = await startAt(open, start);
  const customer = await newCustomer(time, { planId: "personal", interval: "month" });
  const overview = await customer.overview();
  const target: Target = { planId: "personal", interval: "month", seats: 1 };
  const span = { startsAt: Date.parse(overview.period.start), endsAt: Date.parse(overview.period.end) };
  const debit = { cents: subtotalOf(target), span };
  const customerId = await customer.customerId();
  return { time, customer, customerId, target, debit, creditCents: 0, changes: 0 };
}

const wish = fc.record({
  planId: fc.constantFrom("team", "business"),
  // Mostly what it is: annual once is annual for good, since the way back is scheduled.
  interval: fc.constantFrom("month", "month", "month", "year"),
  more: fc.integer({ min: 1, max: 3 }),
  pauseHours: fc.integer({ min: 0, max: 90 }),
});

it(
  `N4 over ${CHANGES} random changes each preview is core's proration, and what was charged`,
  async () => {
    let changes = 0;
    let walks = 0;
    const seed = Number(process.env["RANDOM_WALK_SEED"] ?? 20_261_125);
    const wishes = fc.sample(wish, { seed, numRuns: CHANGES * 4 });
    const starts = ["2027-01-31T08:30:00Z", "2028-02-29T23:59:59Z", "2027-11-22T00:00:00Z"];
    while (changes < CHANGES) {
      const walk = await beginWalk(starts[walks % starts.length]!);
      try {
        // A new customer after some changes: seats only rise here, and plans only go up.
        for (let steps = 0; steps < 40 && changes + walk.changes < CHANGES; steps += 1) {
          const { planId, interval, more, pauseHours } = wishes.pop() ?? {
            planId: "team",
            interval: "month",
            more: 1,
            pauseHours: 5,
          };
          await walk.time.travelTo(new Date(walk.time.now() + pauseHours * HOUR_MS + 1).toISOString(), {
            stepDays: 4,
          });
          const keepsPlan = walk.target.planId === "business" ? "business" : planId;
          const keepsInterval = walk.target.interval === "year" ? "year" : interval;
          const seats = Math.max(walk.target.seats + more, keepsPlan === "business" ? 5 : 2);
          await step(walk, { planId: keepsPlan, interval: keepsInterval, seats });
        }
        expect(walk.changes).toBeGreaterThan(0);
        expect(await walk.time.faults()).toEqual([]);
      } finally {
        await walk.time.stop();
      }
      changes += walk.changes;
      walks += 1;
    }
    console.log(`N4: ${changes} changes in ${walks} walks, seed ${seed}`);
  },
  30 * 60_000,
);
