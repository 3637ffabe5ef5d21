import type { Overview } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { brandName } from "../format/brand.ts";
import { Section } from "../frame/section.tsx";
import { useOverview } from "../hooks.ts";
import { ManagePayment } from "./manage-payment.tsx";
import { paymentWords } from "../messages/areas/payment.ts";

/** The next invoice and the card that pays it. Absent on Free, where nothing is due. */
export function PaymentSummary() {
  const { messages, format } = useBursar(paymentWords);
  const { data: overview } = useOverview();
  if (overview === undefined || overview.plan.kind === "free") return null;
  const words = messages.payment;
  const { nextInvoice } = overview;
  return (
    <Section heading={words.heading} className="is-payment">
      <div className="bursar-facts">
        {nextInvoice === null ? null : (
          <p className="bursar-next-invoice">
            <strong>{words.about(format.money(nextInvoice.total, nextInvoice.currency))}</strong>
            <span>
              {words.next} <time dateTime={nextInvoice.at}>{format.date(nextInvoice.at)}</time>,{" "}
              {nextInvoice.taxIncluded ? words.inclVat : words.plusVat}
            </span>
          </p>
        )}
        <CardLine card={overview.paymentMethod} />
      </div>
      <p className="bursar-actions">
        <ManagePayment permission={overview.can.managePayment} />
      </p>
    </Section>
  );
}

export function CardLine({ card }: { card: Overview["paymentMethod"] }) {
  const { messages } = useBursar(paymentWords);
  if (card === null) return <p>{messages.payment.noCard}</p>;
  const expires = `${String(card.expMonth).padStart(2, "0")}/${String(card.expYear).slice(-2)}`;
  return <p>{messages.payment.card(brandName(card.brand), card.last4, expires)}</p>;
}
