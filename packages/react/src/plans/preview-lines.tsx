import type { Preview } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";

/** The server's lines and sums, as they are. The total is told once to a screen reader when it changes. */
export function PreviewLines({ preview }: { preview: Preview }) {
  const { messages, format } = useBursar();
  const words = messages.review;
  const { lines, subtotal, tax, total, amountDue, currency } = preview.dueToday;
  const money = (minorUnits: number) => format.money(minorUnits, currency);
  return (
    <>
      <dl className="bursar-lines">
        {lines.map((line, index) => (
          <div key={index}>
            <dt>{line.description}</dt>
            <dd>{money(line.amount)}</dd>
          </div>
        ))}
        {lines.length > 1 ? (
          <div>
            <dt>{words.subtotal}</dt>
            <dd>{money(subtotal)}</dd>
          </div>
        ) : null}
        {tax === null ? null : (
          <div>
            <dt>{words.tax}</dt>
            <dd>{money(tax)}</dd>
          </div>
        )}
        <div className="is-total">
          <dt>{words.today}</dt>
          <dd>
            {money(tax === null ? total : amountDue)}
            {tax === null ? <small>{words.vatLater}</small> : null}
          </dd>
        </div>
      </dl>
      <p className="bursar-hidden" aria-live="polite">
        {words.total(money(tax === null ? total : amountDue))}
      </p>
      <div className="bursar-facts">
        {preview.nextInvoice === null ? null : (
          <p>
            {words.next(
              format.date(preview.nextInvoice.at),
              format.money(preview.nextInvoice.total, preview.nextInvoice.currency),
            )}
          </p>
        )}
        {preview.renewsAt === null ? null : <p>{words.renews(format.date(preview.renewsAt))}</p>}
        {preview.later === null ? null : <p>{preview.later.description}</p>}
        {preview.loses.map((loss) => (
          <p key={loss}>{loss}</p>
        ))}
      </div>
    </>
  );
}
