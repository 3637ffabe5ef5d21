import type { Invoice } from "@bursar/client";
import { expect, it } from "vitest";
import { createFormat } from "../format/create-format.ts";
import { english } from "../messages/english.ts";
import { invoices } from "../sample-answers.test-data.ts";
import { invoiceStatus } from "./invoice-status.ts";

it.each([
  [{ status: "paid" }, "Paid", []],
  [{ status: "paid", refunded: 500 }, "Refunded \u20ac5.00", []],
  [{ status: "open", attempts: 0 }, "Due", []],
  [
    {
      status: "open",
      attempts: 1,
      nextAttemptAt: "2026-11-24T08:00:00Z",
      failure: "Your card was declined.",
    },
    "Overdue",
    ["Your card was declined.", "Next try 24 Nov 2026."],
  ],
  [{ status: "open", attempts: 4, nextAttemptAt: null }, "Overdue", []],
  [{ status: "uncollectible", failure: "Your card has expired." }, "Failed", ["Your card has expired."]],
  [{ status: "void", attempts: 2 }, "Void", []],
] satisfies [Partial<Invoice>, string, string[]][])(
  "IN1 an invoice that is %j reads %s, with %j",
  (change, word, details) => {
    const said = invoiceStatus(
      { ...invoices[0]!, ...change },
      { messages: english, format: createFormat("en-US") },
    );
    expect(said).toMatchObject({ word, details });
  },
);
