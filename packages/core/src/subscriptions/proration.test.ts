import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exclusiveTax, prorate, type Debit } from "./proration.ts";

const at = (text: string) => Date.parse(text);
const june = { startsAt: at("2026-06-01T00:00:00Z"), endsAt: at("2026-07-01T00:00:00Z") };
const year = { startsAt: at("2026-06-16T12:00:00Z"), endsAt: at("2027-06-16T12:00:00Z") };

describe("N4 the price for the rest of a period", () => {
  const cases: [name: string, debit: Debit, change: Parameters<typeof prorate>[1], [number, number]][] = [
    [
      "a monthly upgrade from 20.00 to 50.00 in the middle of June",
      { cents: 2_000, span: june },
      { at: at("2026-06-16T12:00:00Z"), subtotalCents: 5_000, period: june },
      [-967, 2_417],
    ],
    [
      "5 to 8 seats at 10.00 with a third of the period left",
      { cents: 5_000, span: june },
      { at: at("2026-06-21T00:00:00Z"), subtotalCents: 8_000, period: june },
      [-1_667, 2_667],
    ],
    [
      "month to year: the rest of the month back, a whole year from now on",
      { cents: 2_000, span: june },
      { at: at("2026-06-16T12:00:00Z"), subtotalCents: 20_000, period: year },
      [-967, 20_000],
    ],
    [
      "a second change gives back the first one's debit, not the list price",
      { cents: 5_333, span: { startsAt: at("2026-06-11T00:00:00Z"), endsAt: june.endsAt } },
      { at: at("2026-06-21T00:00:00Z"), subtotalCents: 4_000, period: june },
      [-2_667, 1_333],
    ],
    [
      "in the first second everything is given back",
      { cents: 2_000, span: june },
      { at: june.startsAt, subtotalCents: 5_000, period: june },
      [-2_000, 5_000],
    ],
    [
      "at the very end nothing is",
      { cents: 2_000, span: june },
      { at: june.endsAt, subtotalCents: 5_000, period: june },
      [0, 0],
    ],
    [
      "February has fewer seconds, so a day of it costs more",
      { cents: 2_800, span: { startsAt: at("2026-01-31T00:00:00Z"), endsAt: at("2026-02-28T00:00:00Z") } },
      {
        at: at("2026-02-27T00:00:00Z"),
        subtotalCents: 5_600,
        period: { startsAt: at("2026-01-31T00:00:00Z"), endsAt: at("2026-02-28T00:00:00Z") },
      },
      [-100, 200],
    ],
  ];
  it.each(cases)("%s", (_name, debit, change, [creditCents, chargeCents]) => {
    const result = prorate(debit, change);
    expect(result).toMatchObject({ creditCents, chargeCents });
    expect(result.debit).toEqual({
      cents: chargeCents,
      span: { startsAt: change.at, endsAt: change.period.endsAt },
    });
  });

  it("any number of changes to the same price costs at most half a cent a line", () => {
    const seconds = fc.uniqueArray(fc.integer({ min: 0, max: 2_592_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(seconds, fc.integer({ min: 50, max: 1_000_000 }), (instants, cents) => {
        let debit: Debit = { cents, span: june };
        let paid = cents;
        for (const second of instants.sort((a, b) => a - b)) {
          const change = prorate(debit, {
            at: june.startsAt + second * 1_000,
            subtotalCents: cents,
            period: june,
          });
          paid += change.creditCents + change.chargeCents;
          debit = change.debit;
        }
        expect(Math.abs(paid - cents)).toBeLessThanOrEqual(instants.length);
      }),
    );
  });

  it.each([
    [5_700, 19, 1_083],
    [-967, 19, -184],
    [50, 8.1, 4],
    [0, 25.5, 0],
    [-1_950, 10, -195],
  ])("tax on %i at %d %% is %i", (cents, percent, tax) => {
    expect(exclusiveTax(cents, percent)).toBe(tax);
  });
});
