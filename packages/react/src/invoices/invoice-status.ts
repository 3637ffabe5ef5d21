import type { Invoice } from "@bursar/client";
import type { Format } from "../format/create-format.ts";
import type { Words } from "../messages/area.ts";

export interface InvoiceStatus {
  word: string;
  tone: "paid" | "open" | "overdue" | "quiet";
  /** What follows, or why: "Next try 24 Nov 2026." */
  details: string[];
}

/** How a bill stands, in words (IN1). A try that failed makes it overdue; one that was given back says how much of it. */
export function invoiceStatus(
  invoice: Invoice,
  { messages: { invoices: words }, format }: { messages: Words<"invoices">; format: Format },
): InvoiceStatus {
  const { status, attempts, nextAttemptAt, failure, refunded, currency } = invoice;
  const why = failure === null ? [] : [failure];
  switch (status) {
    case "paid":
      return refunded === 0
        ? { word: words.status.paid, tone: "paid", details: [] }
        : { word: words.refunded(format.money(refunded, currency)), tone: "quiet", details: [] };
    case "open": {
      if (attempts === 0) return { word: words.status.open, tone: "open", details: [] };
      const next = nextAttemptAt === null ? [] : [words.nextTry(format.date(nextAttemptAt))];
      return { word: words.status.overdue, tone: "overdue", details: [...why, ...next] };
    }
    case "uncollectible":
      return { word: words.status.uncollectible, tone: "overdue", details: why };
    case "void":
    case "draft":
      return { word: words.status[status], tone: "quiet", details: [] };
  }
}
