import { z } from "zod";
import { kind } from "../kind.ts";

const SEE_RECEIPT = { label: "See the receipt", href: "/settings/billing/withdraw" };

export const withdrawalKinds = [
  kind({
    type: "withdrawal.declared",
    about:
      "A consumer has withdrawn from the contract; the plan ends at once and what was paid is given back.",
    data: z.object({
      withdrawalId: z.string(),
      subscriptionId: z.string(),
      planId: z.string(),
      interval: z.enum(["month", "year"]),
      seats: z.int(),
      /** As they were declared. */
      name: z.string(),
      email: z.string(),
      concludedAt: z.iso.datetime(),
      declaredAt: z.iso.datetime(),
      /** To the cards, as far as known then. */
      refund: z.int(),
      /** What credit paid, which becomes credit again. */
      credit: z.int(),
      currency: z.string(),
    }),
    mail: {
      category: "payments",
      to: "named",
      words(data, say) {
        const { planId, interval, name, withdrawalId, concludedAt, declaredAt, seats } = data;
        const plan = `${say.plan(planId)}, ${interval === "year" ? "annual" : "monthly"}, ${say.seats(seats)}`;
        const credit =
          data.credit === 0
            ? ""
            : ` ${say.money(data.credit, data.currency)} that credit had paid becomes credit again.`;
        return {
          subject: `${say.account}: your withdrawal from ${say.plan(planId)} was received on ${say.time(declaredAt)}`,
          lines: [
            `We have received your withdrawal. Received: ${say.time(declaredAt)}. Number: ${withdrawalId}.`,
            `What you declared: "I withdraw from the contract for ${plan}, account ${say.account}, concluded on ${say.time(concludedAt)}. ${name}"`,
            `The plan ends at once and nothing more is charged for it. ${say.money(data.refund, data.currency)} goes back to the card that paid.${credit} A second mail says when that was sent.`,
          ],
          action: SEE_RECEIPT,
        };
      },
    },
  }),
  kind({
    type: "withdrawal.refunded",
    about: "All that was paid for a contract that was withdrawn from is given back.",
    data: z.object({
      withdrawalId: z.string(),
      subscriptionId: z.string(),
      planId: z.string(),
      email: z.string(),
      refunded: z.int(),
      credit: z.int(),
      currency: z.string(),
    }),
    mail: {
      category: "payments",
      to: "named",
      words({ planId, refunded, credit, currency, withdrawalId }, say) {
        const asCredit = credit === 0 ? "" : ` ${say.money(credit, currency)} are credit again.`;
        return {
          subject: `${say.account}: ${say.money(refunded, currency)} for ${say.plan(planId)} was sent back`,
          lines: [
            `${say.money(refunded, currency)} was sent back to the card that paid. It takes 5 to 10 working days until the bank shows it.${asCredit}`,
            `This ends your withdrawal ${withdrawalId}.`,
          ],
          action: SEE_RECEIPT,
        };
      },
    },
  }),
] as const;
