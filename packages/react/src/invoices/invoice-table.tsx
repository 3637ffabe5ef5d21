import type { Invoice, Overview } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { FailedSection, Section, SkeletonSection } from "../frame/section.tsx";
import { useInvoices, useOverview } from "../hooks.ts";
import { ManagePayment } from "./manage-payment.tsx";
import { CardLine } from "./payment-summary.tsx";

/** The card that pays, and all invoices. */
export function InvoiceTable() {
  const { messages } = useBursar();
  const { data: overview } = useOverview();
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInvoices();
  const words = messages.invoices;
  return (
    <>
      {overview === undefined ? (
        <SkeletonSection heading={messages.payment.heading} rows={2} />
      ) : (
        <PaymentDetails overview={overview} />
      )}
      {data !== undefined ? (
        <Section heading={words.heading} className="is-invoices">
          <Invoices invoices={data.pages.flatMap((page) => page.data)} />
          {hasNextPage ? (
            <p className="bursar-actions">
              <button type="button" className="bursar-button" onClick={() => void fetchNextPage()}>
                {words.more}
              </button>
            </p>
          ) : null}
        </Section>
      ) : error !== null ? (
        <FailedSection heading={words.heading} error={error} retry={() => void refetch()} />
      ) : (
        <SkeletonSection heading={words.heading} rows={4} />
      )}
    </>
  );
}

function PaymentDetails({ overview }: { overview: Overview }) {
  const { messages } = useBursar();
  const words = messages.payment;
  return (
    <Section heading={words.heading} className="is-payment">
      <div className="bursar-facts">
        <CardLine card={overview.paymentMethod} />
        <p className="bursar-muted">{words.manageHint}</p>
      </div>
      <p className="bursar-actions">
        <ManagePayment permission={overview.can.managePayment} />
      </p>
    </Section>
  );
}

function Invoices({ invoices }: { invoices: Invoice[] }) {
  const { messages } = useBursar();
  const { columns, caption, empty } = messages.invoices;
  if (invoices.length === 0) return <p className="bursar-muted">{empty}</p>;
  return (
    <table className="bursar-table">
      <caption className="bursar-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.date}</th>
          <th scope="col">{columns.number}</th>
          <th scope="col">{columns.lines}</th>
          <th scope="col" className="is-number">
            {columns.total}
          </th>
          <th scope="col">{columns.status}</th>
          <th scope="col">{columns.links}</th>
        </tr>
      </thead>
      <tbody>
        {invoices.map((invoice) => (
          <InvoiceRow key={invoice.id} invoice={invoice} />
        ))}
      </tbody>
    </table>
  );
}

function InvoiceRow({ invoice }: { invoice: Invoice }) {
  const { messages, format } = useBursar();
  const words = messages.invoices;
  const { columns } = words;
  const { number, date, lines, total, tax, currency, status } = invoice;
  return (
    <tr>
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
        </span>
      </td>
      <td data-label={columns.total} className="is-number">
        <span>
          {format.money(total, currency)}
          <span className="bursar-muted bursar-sub">{words.inclTax(format.money(tax, currency))}</span>
        </span>
      </td>
      <td data-label={columns.status}>
        <span className={`bursar-tag is-${status}`}>{words.status[status]}</span>
      </td>
      <td data-label={columns.links}>
        <Documents invoice={invoice} />
      </td>
    </tr>
  );
}

/** Names carry the number, because "PDF" alone says nothing in a list of links. */
function Documents({ invoice }: { invoice: Invoice }) {
  const { messages } = useBursar();
  const words = messages.invoices;
  const name = invoice.number ?? invoice.id;
  return (
    <span className="bursar-documents">
      {invoice.hostedUrl === null ? null : (
        <a href={invoice.hostedUrl} aria-label={words.viewName(name)}>
          {words.view}
        </a>
      )}
      {invoice.pdfUrl === null ? (
        <span className="bursar-muted">{words.noPdf}</span>
      ) : (
        <a href={invoice.pdfUrl} aria-label={words.pdfName(name)}>
          {words.pdf}
        </a>
      )}
    </span>
  );
}
