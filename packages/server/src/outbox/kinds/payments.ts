import { z } from "zod";
import { kind } from "../kind.ts";

const bill = {
  invoiceId: z.string(),
  /** `null` while Stripe has given none. */
  number: z.string().nullable(),
  currency: z.string(),
  /** Stripe's page of the invoice, where it can be paid. */
  hostedUrl: z.string().nullable(),
};
const UPDATE_CARD = { label: "Update the card", href: "/settings/billing/invoices" };
const payAction = (url: string | null) => (url === null ? UPDATE_CARD : { label: "Pay now", href: url });

export const paymentKinds = [
  kind({
    type: "payment.failed",
    about: "A try to charge the card for a renewal failed; one for each failed try.",
    data: z.object({
      ...bill,
      amountDue: z.int(),
      /** 1 for the first try. */
      attempt: z.int(),
      /** `last`: no other try comes before the plan ends. */
      step: z.enum(["first", "retry", "last"]),
      nextAttemptAt: z.iso.datetime().nullable(),
      /** When the plan ends, unless it is paid before. */
      graceEndsAt: z.iso.datetime(),
    }),
    mail: {
      category: "payments",
      to: "billing",
      words({ amountDue, currency, attempt, step, nextAttemptAt, graceEndsAt, number, hostedUrl }, say) {
        const sum = say.money(amountDue, currency);
        const next =
          step === "last" || nextAttemptAt === null
            ? "This was the last try with this card."
            : `The card is tried again on ${say.time(nextAttemptAt)}.`;
        return {
          subject:
            step === "first"
              ? `${say.account}: the payment of ${sum} failed`
              : step === "retry"
                ? `${say.account}: the payment of ${sum} failed again (try ${attempt})`
                : `${say.account}: the last try to charge ${sum} failed`,
          lines: [
            `The card could not be charged ${sum}${number === null ? "" : ` for invoice ${number}`}. ${next}`,
            `The plan stays until ${say.time(graceEndsAt)}; after that the account is on Free. A new card is charged ${sum} at once.`,
          ],
          action: payAction(hostedUrl),
        };
      },
    },
  }),
  kind({
    type: "payment.grace_ending",
    about: "Two days before a plan ends that is not paid.",
    data: z.object({ ...bill, amountDue: z.int(), graceEndsAt: z.iso.datetime() }),
    mail: {
      category: "payments",
      to: "billing",
      words({ amountDue, currency, graceEndsAt, hostedUrl }, say) {
        const sum = say.money(amountDue, currency);
        return {
          subject: `${say.account}: the plan ends on ${say.time(graceEndsAt)} unless ${sum} are paid`,
          lines: [
            `${sum} are still not paid. On ${say.time(graceEndsAt)} the plan ends and the account is on Free; data and purchased credits are kept.`,
            `A new card is charged ${sum} at once.`,
          ],
          action: payAction(hostedUrl),
        };
      },
    },
  }),
  kind({
    type: "payment.recovered",
    about: "An invoice whose payment had failed is paid.",
    data: z.object({ ...bill, total: z.int() }),
    mail: {
      category: "payments",
      to: "billing",
      words({ total, currency, number }, say) {
        const sum = say.money(total, currency);
        return {
          subject: `${say.account}: ${sum} are paid, the plan goes on`,
          lines: [`${number === null ? "The invoice" : `Invoice ${number}`} of ${sum} is paid. Thank you.`],
          action: { label: "See invoices", href: "/settings/billing/invoices" },
        };
      },
    },
  }),
  kind({
    type: "invoice.paid",
    about: "An invoice is paid: of a plan, a renewal or a credit pack.",
    data: z.object({ ...bill, total: z.int(), subscriptionId: z.string().nullable() }),
    mail: null,
  }),
] as const;
