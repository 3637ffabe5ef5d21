import type { Invoice, InvoiceEstimate } from "@bursar/client";
import { useId, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { InvoiceDetails } from "./invoice-details.tsx";
import { invoiceStatus } from "./invoice-status.ts";
import { invoicesWords } from "../messages/areas/invoices.ts";
import { paymentWords } from "../messages/areas/payment.ts";

const COLUMNS = 6;

/** One invoice; opened, a second row below it says what it is made of. */
export function InvoiceRow({ invoice }: { invoice: Invoice }) {
  const { messages, format } = useBursar(invoicesWords);
  const [isOpen, setIsOpen] = useState(false);
  const detailsId = useId();
  const words = messages.invoices;
  const { columns } = words;
  const { number, date, lines, total, tax, currency } = invoice;
  return (
    <>
      <tr className={isOpen ? "is-open" : undefined}>
        <td data-label={columns.date}>
          <time dateTime={date}>{format.date(date)}</time>
        </td>
        <td data-label={columns.number}>{number ?? "\u2013"}</td>
        <td data-label={columns.lines}>
          <span>
            {lines.map((line, index) => (
              <span key={index} className="bursar-sub">
                {line.description}
              </span>
            ))}
            <button
              type="button"
              className="bursar-link"
              aria-expanded={isOpen}
              aria-controls={detailsId}
              aria-label={words.detailsName(number ?? invoice.id)}
              onClick={() => setIsOpen(!isOpen)}
            >
              {words.details}
            </button>
          </span>
        </td>
        <td data-label={columns.total} className="is-number">
          <span>
            {format.money(total, currency)}
            <span className="bursar-muted bursar-sub">{words.inclTax(format.money(tax, currency))}</span>
          </span>
        </td>
        <td data-label={columns.status}>
          <Status invoice={invoice} />
        </td>
        <td data-label={columns.links}>
          <Documents invoice={invoice} />
        </td>
      </tr>
      <tr id={detailsId} className="bursar-invoice-open" hidden={!isOpen}>
        <td colSpan={COLUMNS}>{isOpen ? <InvoiceDetails invoice={invoice} /> : null}</td>
      </tr>
    </>
  );
}

/** What comes next, as an estimate. */
export function UpcomingRow({ estimate }: { estimate: InvoiceEstimate }) {
  const { messages, format } = useBursar(paymentWords, invoicesWords);
  const words = messages.invoices;
  const { columns } = words;
  const { at, total, currency, taxIncluded } = estimate;
  return (
    <tr className="is-upcoming">
      <td data-label={columns.date}>
        <time dateTime={at}>{format.date(at)}</time>
      </td>
      <td data-label={columns.number} className="is-blank">
        {"\u2013"}
      </td>
      <td data-label={columns.lines}>{words.estimate}</td>
      <td data-label={columns.total} className="is-number">
        <span>
          {messages.payment.about(format.money(total, currency))}
          <span className="bursar-muted bursar-sub">
            {taxIncluded ? messages.payment.inclVat : messages.payment.plusVat}
          </span>
        </span>
      </td>
      <td data-label={columns.status}>
        <span className="bursar-tag">{words.status.upcoming}</span>
      </td>
      <td data-label={columns.links} className="is-blank">
        {"\u2013"}
      </td>
    </tr>
  );
}

function Status({ invoice }: { invoice: Invoice }) {
  const { word, tone, details } = invoiceStatus(invoice, useBursar(invoicesWords));
  return (
    <span>
      <span className={`bursar-tag is-${tone}`}>{word}</span>
      {details.map((each) => (
        <span key={each} className="bursar-muted bursar-sub">
          {each}
        </span>
      ))}
    </span>
  );
}

/** Names carry the number, because "PDF" alone says nothing in a list of links. */
function Documents({ invoice }: { invoice: Invoice }) {
  const { messages, format } = useBursar(invoicesWords);
  const words = messages.invoices;
  const { status, hostedUrl, pdfUrl, amountDue, currency } = invoice;
  const name = invoice.number ?? invoice.id;
  const sum = status === "open" && amountDue > 0 ? format.money(amountDue, currency) : null;
  return (
    <span className="bursar-documents">
      {hostedUrl === null ? null : (
        <a href={hostedUrl} aria-label={sum === null ? words.viewName(name) : words.payName(sum, name)}>
          {sum === null ? words.view : words.pay(sum)}
        </a>
      )}
      {pdfUrl === null ? (
        <span className="bursar-muted">{words.noPdf}</span>
      ) : (
        <a href={pdfUrl} aria-label={words.pdfName(name)}>
          {words.pdf}
        </a>
      )}
    </span>
  );
}
