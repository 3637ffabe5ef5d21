import type { Overview, PlanOffer, Preview } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { brandName } from "../format/brand.ts";
import type { Deed } from "./deed.ts";
import { overLimitsOf } from "./over-limits.ts";
import { reviewWords } from "../messages/areas/review.ts";
import { paymentWords } from "../messages/areas/payment.ts";

interface PreviewLinesProps {
  preview: Preview;
  deed: Deed;
  offer: PlanOffer;
  overview: Overview;
}

/** The server's lines, sums and dates, as they are. */
export function PreviewLines(props: PreviewLinesProps) {
  const { messages, format } = useBursar(reviewWords);
  const words = messages.review;
  const { preview, overview } = props;
  const { kind, replaces } = preview;
  return (
    <>
      {kind === "downgrade" ? (
        <p>{words.nothingToday(overview.plan.name, format.date(preview.effectiveAt))}</p>
      ) : null}
      {kind === "upgrade" ? <Charge {...props} /> : null}
      <Later preview={preview} />
      {replaces === null || kind === "none" ? null : <p>{words.replaces[replaces]}</p>}
      <Losses {...props} />
    </>
  );
}

function Charge({ preview, deed, overview }: PreviewLinesProps) {
  const { messages, format } = useBursar(reviewWords);
  const words = messages.review;
  const { lines, subtotal, tax, total, amountDue, currency } = preview.dueToday;
  const money = (minorUnits: number) => format.money(minorUnits, currency);
  const card = deed.kind === "pay" ? overview.paymentMethod : null;
  return (
    <dl className="bursar-lines">
      {lines.map((line, index) => (
        <Line key={index} name={line.description} sum={money(line.amount)} />
      ))}
      {lines.length > 1 ? <Line name={words.subtotal} sum={money(subtotal)} /> : null}
      {tax === null ? null : <Line name={words.tax} sum={money(tax)} />}
      <div className="is-total">
        <dt>{card === null ? words.today : words.todayCard(brandName(card.brand), card.last4)}</dt>
        <dd>
          {money(tax === null ? total : amountDue)}
          {tax === null ? <small>{words.vatLater}</small> : null}
        </dd>
      </div>
    </dl>
  );
}

function Line({ name, sum }: { name: string; sum: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{sum}</dd>
    </div>
  );
}

/** What follows: for a fall the plan that begins then, for a rise the next invoice and a fall that comes with it. */
function Later({ preview }: { preview: Preview }) {
  const { messages, format } = useBursar(reviewWords, paymentWords);
  const words = messages.review;
  const { kind, later, nextInvoice } = preview;
  if (nextInvoice === null) return null;
  const sum = format.money(nextInvoice.total, nextInvoice.currency);
  const tax = nextInvoice.taxIncluded ? messages.payment.inclVat : messages.payment.plusVat;
  if (kind === "downgrade" && later !== null)
    return <p>{words.from(format.date(later.effectiveAt), later.description, sum, tax)}</p>;
  return (
    <>
      <p>{words.next(format.date(nextInvoice.at), sum, tax)}</p>
      {later === null ? null : <p>{words.then(format.date(later.effectiveAt), later.description)}</p>}
    </>
  );
}

/** What gets smaller, and what is used above it already (PL4). */
function Losses({ preview, offer, overview }: PreviewLinesProps) {
  const { messages, format } = useBursar(reviewWords);
  const words = messages.review;
  if (preview.loses.length === 0) return null;
  const over = overLimitsOf(offer, overview);
  return (
    <div>
      <p className="bursar-points-head">{words.loses}</p>
      <ul className="bursar-points" role="list">
        {preview.loses.map((loss) => (
          <li key={loss}>{loss}</li>
        ))}
        {over.map(({ meter, used, limit }) => {
          const quantity = meter.format === "bytes" ? format.bytes : format.count;
          return (
            <li key={meter.meter} className="is-warning">
              {words.overLimit(meter.name, quantity(used), quantity(limit), offer.name, meter.limitSentence)}
            </li>
          );
        })}
      </ul>
      {over.length === 0 ? null : <p>{words.kept}</p>}
    </div>
  );
}
