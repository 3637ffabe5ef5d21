import type { Invoice, InvoiceEstimate, Overview } from "@bursar/client";
import { useId, useState } from "react";
import { useBursar } from "../bursar-context.ts";
import { ExportButton } from "../frame/export-button.tsx";
import { MoreButton } from "../frame/more-button.tsx";
import { AwaitedSection, Section } from "../frame/section.tsx";
import { useOverview } from "../hooks.ts";
import { useInvoices } from "./use-invoices.ts";
import { InvoiceRow, UpcomingRow } from "./invoice-rows.tsx";
import { ManagePayment } from "./manage-payment.tsx";
import { CardLine } from "./payment-summary.tsx";
import { invoicesWords } from "../messages/areas/invoices.ts";
import { paymentWords } from "../messages/areas/payment.ts";

/** The card that pays, and all invoices: by year, as a file, each with what it is made of (IN1, IN2). */
export function InvoiceTable() {
  const { client, messages } = useBursar(paymentWords, invoicesWords);
  const payment = useOverview();
  const overview = payment.data;
  const [year, setYear] = useState<number | null>(null);
  const list = useInvoices(year);
  const { data, error, refetch, isPlaceholderData } = list;
  const words = messages.invoices;
  // The list waits for what stands above it and for the invoice that comes next, which would push it down.
  const years = data?.pages[0]?.years ?? [];
  const next = year === null ? (overview?.nextInvoice ?? null) : null;
  return (
    <>
      {overview === undefined ? (
        <AwaitedSection
          heading={messages.payment.heading}
          rows={2}
          error={payment.error}
          retry={() => void payment.refetch()}
        />
      ) : (
        <PaymentDetails overview={overview} />
      )}
      {data !== undefined && (overview !== undefined || payment.error !== null) ? (
        <Section heading={words.heading} className="is-invoices" busy={isPlaceholderData}>
          {years.length === 0 ? null : (
            <div className="bursar-toolbar">
              <YearField {...{ year, years, setYear }} />
              <ExportButton fetchCsv={() => client.invoicesCsv(year === null ? {} : { year })} />
            </div>
          )}
          <Invoices invoices={data.pages.flatMap((page) => page.data)} next={next} year={year} />
          <MoreButton list={list} label={words.more} />
        </Section>
      ) : (
        <AwaitedSection
          heading={words.heading}
          rows={4}
          error={data === undefined ? error : null}
          retry={() => void refetch()}
        />
      )}
    </>
  );
}

function PaymentDetails({ overview }: { overview: Overview }) {
  const { messages } = useBursar(paymentWords);
  const words = messages.payment;
  return (
    <Section heading={words.heading} className="is-payment">
      <div className="bursar-facts">
        <CardLine card={overview.paymentMethod} />
        <p>{overview.account.email}</p>
        <p className="bursar-muted">{words.manageHint}</p>
      </div>
      <p className="bursar-actions">
        <ManagePayment permission={overview.can.managePayment} />
      </p>
    </Section>
  );
}

function YearField({
  year,
  years,
  setYear,
}: {
  year: number | null;
  years: number[];
  setYear: (year: number | null) => void;
}) {
  const { messages } = useBursar(invoicesWords);
  const words = messages.invoices;
  const id = useId();
  return (
    <div className="bursar-choice">
      <label htmlFor={id}>{words.year}</label>
      <select
        id={id}
        value={year ?? ""}
        onChange={({ target }) => setYear(target.value === "" ? null : Number(target.value))}
      >
        <option value="">{words.allYears}</option>
        {years.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </div>
  );
}

interface InvoicesProps {
  invoices: Invoice[];
  /** The one that comes next; `null`: none does, or not in what is shown. */
  next: InvoiceEstimate | null;
  year: number | null;
}

function Invoices({ invoices, next, year }: InvoicesProps) {
  const { messages, format } = useBursar(invoicesWords);
  const words = messages.invoices;
  const { columns, caption } = words;
  if (invoices.length === 0) {
    const first = next === null ? words.empty : words.emptyUntil(format.date(next.at));
    return <p className="bursar-muted">{year === null ? first : words.emptyYear}</p>;
  }
  return (
    <table className="bursar-table is-invoices">
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
        {next === null ? null : <UpcomingRow estimate={next} />}
        {invoices.map((invoice) => (
          <InvoiceRow key={invoice.id} invoice={invoice} />
        ))}
      </tbody>
    </table>
  );
}
