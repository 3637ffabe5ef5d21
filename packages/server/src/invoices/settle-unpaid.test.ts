import type { Subscription } from "@bursar/core";
import { describe, expect, it } from "vitest";
import type { CustomerFacts, InvoiceFact } from "../stripe/facts.ts";
import type { Gateway } from "../stripe/gateway.ts";
import { settleUnpaid } from "./settle-unpaid.ts";

const subscription = (subscriptionId: string, endedAt: number | null) =>
  ({ subscriptionId, endedAt, status: endedAt === null ? "active" : "canceled" }) as Subscription;
const invoice = (status: InvoiceFact["status"], subscriptionId: string | null) =>
  ({ invoiceId: `in_${status}`, status, subscriptionId }) as InvoiceFact;

/** @returns which invoices were voided */
async function voidedOf(invoices: InvoiceFact[]): Promise<string[]> {
  const voided: string[] = [];
  const gateway = {
    voidInvoice: (invoiceId: string) => {
      voided.push(invoiceId);
      return Promise.resolve("voided");
    },
  } as unknown as Gateway;
  const subscriptions = [subscription("sub_ended", 1), subscription("sub_live", null)];
  await settleUnpaid(gateway, { subscriptions, invoices, card: null } as unknown as CustomerFacts);
  return voided;
}

describe("S6 bills of a subscription that has ended", () => {
  it.each([
    { status: "open", isVoided: true },
    { status: "uncollectible", isVoided: true },
    { status: "draft", isVoided: false },
    { status: "paid", isVoided: false },
    { status: "void", isVoided: false },
  ] as const)(
    "$status: voided, so that nobody can pay it any more: $isVoided",
    async ({ status, isVoided }) => {
      expect(await voidedOf([invoice(status, "sub_ended")])).toEqual(isVoided ? [`in_${status}`] : []);
    },
  );

  it("of one that runs, and of packs, they stay", async () => {
    expect(await voidedOf([invoice("uncollectible", "sub_live"), invoice("open", null)])).toEqual([]);
  });
});
