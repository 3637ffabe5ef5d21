import type { Preview } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";

/**
 * The server's lines and sums, as they are. The total is told once to a screen reader when it changes.
 * @param planName of today, which stays until a downgrade is due
 */
export function PreviewLines({ preview, planName }: { preview: Preview; planName: string }) {
  const { messages, format } = useBursar();
  const words = messages.review;
  const { lines, subtotal, tax, total, amountDue, currency } = preview.dueToday;
  const money = (minorUnits: number) => format.money(minorUnits, currency);
  const { kind, later, replaces, nextInvoice } = preview;
  return (
    <>
      {kind === "downgrade" ? <p>{words.nothingToday(planName, format.date(preview.effectiveAt))}</p> : null}
      {kind === "upgrade" ? (
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
      ) : null}
      <p className="bursar-hidden" aria-live="polite">
        {words.total(money(tax === null ? total : amountDue))}
      </p>
      <div className="bursar-facts">
        {nextInvoice === null ? null : (
          <p>
            {words.next(format.date(nextInvoice.at), format.money(nextInvoice.total, nextInvoice.currency))}
          </p>
        )}
        {preview.renewsAt === null ? null : <p>{words.renews(format.date(preview.renewsAt))}</p>}
        {later === null ? null : <p>{words.then(format.date(later.effectiveAt), later.description)}</p>}
        {replaces === null || kind === "none" ? null : <p>{words.replaces[replaces]}</p>}
      </div>
      {preview.loses.length === 0 ? null : (
        <div>
          <p>
            <strong>{words.loses}</strong>
          </p>
          <ul className="bursar-points">
            {preview.loses.map((loss) => (
              <li key={loss}>{loss}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
