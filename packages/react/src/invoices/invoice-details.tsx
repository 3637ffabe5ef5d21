import type { Invoice } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { invoicesWords } from "../messages/areas/invoices.ts";

/** What an invoice is made of: plan and seats or credits with their period, discount, tax, what was paid how (IN1). */
export function InvoiceDetails({ invoice }: { invoice: Invoice }) {
  const { messages, format } = useBursar(invoicesWords);
  const words = messages.invoices;
  const { currency, discount, tax, total, creditUsed, amountDue, refunded } = invoice;
  const money = (minorUnits: number) => format.money(minorUnits, currency);
  return (
    <div
      className="bursar-invoice-details"
      role="group"
      aria-label={words.detailsOf(invoice.number ?? invoice.id)}
    >
      <ul role="list">
        {invoice.lines.map((line, index) => (
          <li key={index}>
            <span>
              {line.description}
              {line.periodStart === null || line.periodEnd === null ? null : (
                <span className="bursar-muted bursar-sub">
                  {line.periodStart === line.periodEnd
                    ? format.date(line.periodStart)
                    : format.range(line.periodStart, line.periodEnd)}
                </span>
              )}
            </span>
            <span>{money(line.amount)}</span>
          </li>
        ))}
      </ul>
      <dl className="bursar-lines">
        <Sum name={words.subtotal} sum={money(invoice.subtotal)} />
        {discount === 0 ? null : <Sum name={words.discount} sum={money(-discount)} />}
        <Sum name={words.tax} sum={money(tax)} />
        <Sum name={words.total} sum={money(total)} isTotal />
        {creditUsed === 0 ? null : (
          <Sum name={creditUsed > 0 ? words.creditUsed : words.debtCollected} sum={money(-creditUsed)} />
        )}
        {amountDue === 0 ? null : <Sum name={words.stillDue} sum={money(amountDue)} />}
        {refunded === 0 ? null : <Sum name={words.refund} sum={money(-refunded)} />}
      </dl>
    </div>
  );
}

function Sum({ name, sum, isTotal = false }: { name: string; sum: string; isTotal?: boolean }) {
  return (
    <div className={isTotal ? "is-total" : undefined}>
      <dt>{name}</dt>
      <dd>{sum}</dd>
    </div>
  );
}
