/** The paper of a credit note, laid out as its invoice is. */
import type { Hono } from "hono";
import type { CreditNote } from "../entities/credit-note.ts";
import type { Invoice } from "../entities/invoice.ts";
import type { Env } from "../env.ts";
import { formatAmount } from "../money/amounts.ts";
import { taxesByRate } from "../resources/invoices/invoice.ts";
import type { Sandbox } from "../sandbox.ts";
import { invoiceDocument, type InvoiceDocument } from "./invoice-document.ts";
import { formatDate, showMessage } from "./layout.ts";
import type { PageOptions } from "./page-options.ts";

export function mountCreditNotes(app: Hono<Env>, { sandbox }: PageOptions): void {
  app.get("/i/:token/credit/:number/pdf", async (c) => {
    const [invoice] = sandbox.store.invoices.where("token", c.req.param("token"));
    const notes = invoice === undefined ? [] : sandbox.store.creditNotes.where("invoice", invoice.id);
    const note = notes.find(({ number }) => number === c.req.param("number"));
    if (invoice === undefined || note === undefined) {
      const text = "This credit note is not known here.";
      return showMessage(c, { title: "No such page", text, status: 404 });
    }
    const { renderPdf } = await import("./invoice-pdf.ts");
    const pdf = await renderPdf(
      creditNoteDocument(sandbox, invoice, note),
      sandbox.account.settings.invoiceFontFile,
    );
    c.header("Content-Type", "application/pdf");
    c.header("Content-Disposition", `inline; filename="CreditNote-${note.number}.pdf"`);
    return c.body(pdf);
  });
}

function creditNoteDocument(sandbox: Sandbox, invoice: Invoice, note: CreditNote): InvoiceDocument {
  const money = (amount: number) => formatAmount(amount, note.currency);
  const { seller, buyer } = invoiceDocument(sandbox, invoice);
  return {
    title: "Credit note",
    number: note.number,
    status: note.status === "void" ? "Void" : "Issued",
    headline: `${money(note.total)} credited on ${formatDate(note.effective_at)}`,
    facts: [
      { label: "Credit note number", value: note.number },
      { label: "Invoice number", value: invoice.number ?? "" },
      { label: "Date of issue", value: formatDate(note.effective_at) },
    ],
    seller,
    buyer,
    rows: note.lines.map((line) => ({
      description: line.description ?? "Credit",
      period: null,
      quantity: line.quantity === null ? "" : String(line.quantity),
      unit: line.unit_amount === null ? "" : money(line.unit_amount),
      tax: line.tax === null ? "" : `${line.tax.percent} %`,
      amount: money(line.amount),
    })),
    sums: [
      { label: "Subtotal", value: money(note.subtotal) },
      ...(note.discount === 0 ? [] : [{ label: "Discount", value: money(-note.discount) }]),
      ...taxesByRate(note.lines).map((tax) => ({
        label: `VAT ${tax.percent} % on ${money(tax.taxable_amount)}`,
        value: money(tax.amount),
      })),
      { label: "Total credited", value: money(note.total), isTotal: true },
    ],
    notes: [
      ...(note.memo === null ? [] : [note.memo]),
      "Test document of an offline Stripe: no money has moved.",
    ],
  };
}
