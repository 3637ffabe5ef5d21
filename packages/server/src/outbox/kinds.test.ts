import { describe, expect, it } from "vitest";
import { catalog } from "../../../../test/book/databases.ts";
import { findKind, noticeKinds, type NoticeData, type NoticeType } from "./kinds.ts";
import { sayFor } from "./say.ts";

const say = sayFor(catalog, "Acme");

/** The mail as a person reads it. */
function mailOf<Type extends NoticeType>(type: Type, data: NoticeData<Type>): string[] {
  const entry = findKind(type)!;
  const words = entry.mail!.words(entry.data.parse(data), say)!;
  return [words.subject, ...words.lines, ...(words.action === null ? [] : [words.action.label])];
}

describe("the catalogue of notices", () => {
  it("has each type once, named after what happened", () => {
    const types = noticeKinds.map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
    expect(types.filter((type) => !/^[a-z_]+\.[a-z_]+$/.test(type))).toEqual([]);
  });

  it("says of each in one sentence when it is sent", () => {
    expect(noticeKinds.filter(({ about }) => !/^[A-Z].*\.$/.test(about))).toEqual([]);
  });
});

describe("mails say the fact in their subject, and sums and instants exactly", () => {
  it("U5 of a limit that comes near, and one that is reached", () => {
    const window = { windowStart: "2027-03-01T00:00:00Z", windowEnd: "2027-04-01T00:00:00Z" };
    const near = { meter: "sessions", percent: 80, used: 16, limit: 20, ...window } as const;
    expect(mailOf("usage.threshold_reached", near)).toEqual([
      "Acme: Sessions at 80 % of the limit",
      "Acme has used 16 of 20 Sessions.",
      "At the limit: New sessions are refused. The count starts again on 1 April 2027, 00:00 UTC.",
      "See usage",
    ]);
    const MIB = 1024 * 1024;
    const full = { meter: "storage", percent: 100, used: 50 * MIB, limit: 50 * MIB, ...window } as const;
    expect(mailOf("usage.threshold_reached", full).slice(0, 2)).toEqual([
      "Acme: Storage limit reached",
      "Acme has used 50 MiB of 50 MiB Storage.",
    ]);
  });

  it("K2 of a pack that was bought", () => {
    const bought = { paymentId: "pi_1", tokens: 1_000_000, balance: 988_000, amount: 500, currency: "eur" };
    expect(mailOf("credits.purchased", bought)).toEqual([
      "Acme: 1,000,000 tokens bought",
      "1,000,000 tokens were bought for €5.00. The balance is 988,000 tokens.",
      "See credits",
    ]);
  });

  it("S6 of each step of a payment that fails", () => {
    const bill = {
      invoiceId: "in_1",
      number: "A-0043",
      currency: "eur",
      hostedUrl: "https://pay.example/in_1",
    };
    const failed = { ...bill, amountDue: 4_522, graceEndsAt: "2027-04-24T10:00:00Z" };
    const retried = "2027-04-13T10:00:00Z";
    expect(
      mailOf("payment.failed", { ...failed, attempt: 1, step: "first", nextAttemptAt: retried }),
    ).toEqual([
      "Acme: the payment of €45.22 failed",
      "The card could not be charged €45.22 for invoice A-0043. The card is tried again on 13 April 2027, 10:00 UTC.",
      "The plan stays until 24 April 2027, 10:00 UTC; after that the account is on Free. A new card is charged €45.22 at once.",
      "Pay now",
    ]);
    expect(mailOf("payment.failed", { ...failed, attempt: 4, step: "last", nextAttemptAt: null })[0]).toBe(
      "Acme: the last try to charge €45.22 failed",
    );
    expect(mailOf("payment.recovered", { ...bill, total: 4_522 })[0]).toBe(
      "Acme: €45.22 are paid, the plan goes on",
    );
    const ended = { subscriptionId: "sub_1", planId: "team", endedAt: "2027-04-24T10:00:00Z" };
    expect(mailOf("subscription.ended", { ...ended, reason: "unpaid" }).slice(0, 2)).toEqual([
      "Acme: Team has ended, the account is on Free",
      "Team was not paid and ended on 24 April 2027, 10:00 UTC. Its unpaid invoices are void: nothing is owed.",
    ]);
  });

  it("S5 of a cancellation, with the last day", () => {
    const data = { subscriptionId: "sub_1", planId: "team", endsAt: "2027-04-10T09:00:00Z" };
    expect(mailOf("subscription.cancelled", data)[0]).toBe(
      "Acme: Team is cancelled and ends on 10 April 2027, 09:00 UTC",
    );
  });

  it("CA4 of a withdrawal: the moment, what was declared, and what goes back", () => {
    const contract = {
      withdrawalId: "wdr_1",
      subscriptionId: "sub_1",
      planId: "team",
      email: "ann@home.test",
    };
    const sums = { refund: 4_522, credit: 500, currency: "eur" };
    const declared = { ...contract, ...sums, interval: "month", seats: 2, name: "Ann Lindt" } as const;
    const times = { concludedAt: "2027-03-01T09:00:00Z", declaredAt: "2027-03-05T10:30:00Z" };
    expect(mailOf("withdrawal.declared", { ...declared, ...times })).toEqual([
      "Acme: your withdrawal from Team was received on 5 March 2027, 10:30 UTC",
      "We have received your withdrawal. Received: 5 March 2027, 10:30 UTC. Number: wdr_1.",
      'What you declared: "I withdraw from the contract for Team, monthly, 2 seats, account Acme, concluded on 1 March 2027, 09:00 UTC. Ann Lindt"',
      "The plan ends at once and nothing more is charged for it. €45.22 goes back to the card that paid. €5.00 that credit had paid becomes credit again. A second mail says when that was sent.",
      "See the receipt",
    ]);
  });

  it("A3 of auto-recharge that pauses itself", () => {
    expect(mailOf("auto_recharge.paused", { reason: "card_declined" }).slice(0, 2)).toEqual([
      "Acme: auto-recharge is paused",
      "The card was declined three times. Nothing more will be charged until auto-recharge is turned on again.",
    ]);
  });
});
