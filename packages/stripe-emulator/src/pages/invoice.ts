/** The hosted invoice page and its PDF, both made from the same document. */
import type { Invoice } from "../entities/invoice.ts";
import type { Context, Hono } from "hono";
import { html } from "hono/html";
import type { Env } from "../env.ts";
import type { Sandbox } from "../sandbox.ts";
import { invoiceDocument, type InvoiceDocument } from "./invoice-document.ts";
import { noticeOf, payInvoice, paymentForm, refusalOf, type PaymentView } from "./invoice-payment.ts";
import { showMessage, showPage, SUBMIT_ONCE, type Html } from "./layout.ts";
import { readForm, type PageOptions } from "./page-options.ts";

export function mountInvoices(app: Hono<Env>, { sandbox, afterAnswer }: PageOptions): void {
  const show = (c: Context<Env>, invoice: Invoice, view: PaymentView) => {
    const document = invoiceDocument(sandbox, invoice);
    const page = { status: invoice.status, pdfUrl: `/i/${invoice.token}/pdf` };
    const notice = noticeOf(c, invoice);
    return showPage(c, {
      title: `Invoice ${document.number}`,
      body: html`${notice === null ? "" : html`<p class="notice" role="status">${notice}</p>`}
      ${paymentForm(sandbox, invoice, view)} ${invoiceBody(document, page)}`,
      script: SUBMIT_ONCE,
    });
  };

  app.get("/i/:token", (c) => {
    const invoice = find(sandbox, c.req.param("token"));
    if (invoice === undefined) return showUnknown(c);
    return show(c, invoice, { typed: {}, problems: {}, alert: refusalOf(c, sandbox, invoice) });
  });

  app.post("/i/:token/pay", async (c) => {
    const typed = await readForm(c);
    const invoice = find(sandbox, c.req.param("token"));
    if (invoice === undefined) return showUnknown(c);
    c.env.outgoing?.once("close", afterAnswer);
    const paid = sandbox.transaction(() => payInvoice(sandbox, invoice, typed));
    return paid.outcome === "go"
      ? c.redirect(paid.to, 303)
      : show(c, find(sandbox, invoice.token) ?? invoice, paid.view);
  });

  app.get("/i/:token/pdf", async (c) => {
    const invoice = find(sandbox, c.req.param("token"));
    if (invoice === undefined) return showUnknown(c);
    const document = invoiceDocument(sandbox, invoice);
    // Loaded when first needed: the library takes longer to load than the rest of the emulator to start.
    const { renderPdf } = await import("./invoice-pdf.ts");
    const pdf = await renderPdf(document, sandbox.account.settings.invoiceFontFile);
    c.header("Content-Type", "application/pdf");
    c.header("Content-Disposition", `inline; filename="Invoice-${document.number}.pdf"`);
    return c.body(pdf);
  });
}

/** Drafts have no page. */
function find(sandbox: Sandbox, token: string): Invoice | undefined {
  return sandbox.store.invoices.where("token", token).find((invoice) => invoice.status !== "draft");
}

function showUnknown(c: Context<Env>) {
  return showMessage(c, {
    title: "No such invoice",
    text: "This invoice address is not known here.",
    status: 404,
  });
}

function invoiceBody(document: InvoiceDocument, page: { status: string; pdfUrl: string }): Html {
  const party = (label: string, lines: string[]) =>
    html`<div>
      <p class="quiet">${label}</p>
      ${lines.map((line, index) => html`<p>${index === 0 ? html`<strong>${line}</strong>` : line}</p>`)}
    </div>`;
  return html`<article class="sheet">
    <h1>Invoice ${document.number} <span class="badge ${page.status}">${document.status}</span></h1>
    <p class="sum">${document.headline}</p>
    <p><a class="button" href="${page.pdfUrl}">Download PDF</a></p>
    <div class="parties">
      ${party("From", document.seller)} ${party("Bill to", document.buyer)}
      <div>
        ${document.facts.map(({ label, value }) => html`<p><span class="quiet">${label}</span><br />${value}</p>`)}
      </div>
    </div>
    <div class="table" tabindex="0" role="region" aria-label="Lines">
      <table>
        <thead>
          <tr>
            <th scope="col">Description</th>
            <th scope="col" class="amount">Quantity</th>
            <th scope="col" class="amount">Unit price</th>
            <th scope="col" class="amount">VAT</th>
            <th scope="col" class="amount">Amount</th>
          </tr>
        </thead>
        <tbody>
          ${document.rows.map(
            (row) =>
              html`<tr>
                <td>
                  ${row.description}${row.period === null ? "" : html`<br /><span class="quiet">${row.period}</span>`}
                </td>
                <td class="amount">${row.quantity}</td>
                <td class="amount">${row.unit}</td>
                <td class="amount">${row.tax}</td>
                <td class="amount">${row.amount}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <dl class="totals">
      ${document.sums.map(
        ({ label, value, isTotal }) =>
          html`<dt class="${isTotal ? "total" : ""}">${label}</dt>
            <dd class="${isTotal ? "total" : ""}">${value}</dd>`,
      )}
    </dl>
    ${document.notes.map((note) => html`<p class="quiet">${note}</p>`)}
  </article>`;
}
