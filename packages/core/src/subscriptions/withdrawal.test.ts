import { describe, expect, it } from "vitest";
import type { Subscription } from "./subscription.ts";
import { decideWithdrawal, owedForWithdrawal, withdrawalEndsAt, type ContractBill } from "./withdrawal.ts";

const at = (text: string) => Date.parse(text);

describe("CA4 until when a consumer may withdraw", () => {
  it.each([
    ["2027-03-01T09:00:00Z", "2027-03-16T04:00:00.000Z"],
    ["2027-03-01T00:00:00Z", "2027-03-16T04:00:00.000Z"],
    // In Réunion it is the next day already.
    ["2027-03-01T21:00:00Z", "2027-03-17T04:00:00.000Z"],
    ["2027-02-20T12:00:00Z", "2027-03-07T04:00:00.000Z"],
  ])("concluded at %s, to the end of the fourteenth day after it", (concluded, until) => {
    expect(new Date(withdrawalEndsAt(at(concluded), 14)).toISOString()).toBe(until);
  });

  it("no clock of the EU ends the last day later than we do", () => {
    const DAY = 86_400_000;
    for (let hour = 0; hour < 48; hour += 1) {
      for (let offset = -4; offset <= 4; offset += 1) {
        const concluded = at("2027-03-01T00:00:00Z") + hour * 3_600_000;
        const shift = offset * 3_600_000;
        const localDay = Math.floor((concluded + shift) / DAY);
        expect(withdrawalEndsAt(concluded, 14)).toBeGreaterThanOrEqual((localDay + 15) * DAY - shift);
      }
    }
  });
});

describe("CA4 what may be withdrawn from", () => {
  const live = { subscriptionId: "sub_1", startedAt: at("2027-03-01T09:00:00Z") } as Subscription;
  const until = at("2027-03-16T04:00:00Z");
  it.each([
    ["off", live, null, until - 1, "not_offered"],
    ["no subscription", undefined, 14, until - 1, "nothing_to_withdraw"],
    ["the last moment", live, 14, until - 1, "may_withdraw"],
    ["the first moment after it", live, 14, until, "withdrawal_over"],
  ] as const)("%s", (_name, subscription, days, now, code) => {
    expect(decideWithdrawal(subscription, { days, now }).code).toBe(code);
  });
});

describe("CA4 what is owed", () => {
  const bill = (change: Partial<ContractBill>): ContractBill => ({
    subscriptionId: "sub_1",
    status: "paid",
    totalCents: 1_900,
    creditUsedCents: 0,
    refundedCents: 0,
    ...change,
  });
  it.each([
    ["one bill", [bill({})], 1_900, 0],
    ["an upgrade too", [bill({}), bill({ totalCents: 700 })], 2_600, 0],
    ["no bill of another contract, or of a pack", [bill({}), bill({ subscriptionId: null })], 1_900, 0],
    ["nothing that was not paid", [bill({}), bill({ status: "open" }), bill({ status: "void" })], 1_900, 0],
    ["what credit paid, as credit", [bill({ creditUsedCents: 400 })], 1_500, 400],
    ["what went back before, not again", [bill({ refundedCents: 1_000 })], 900, 0],
    ["a free first period", [bill({ totalCents: 0 })], 0, 0],
  ])("%s", (_name, bills, refundCents, creditCents) => {
    expect(owedForWithdrawal(bills, "sub_1")).toEqual({ refundCents, creditCents });
  });
});
