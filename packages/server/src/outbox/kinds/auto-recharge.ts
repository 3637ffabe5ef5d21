import { z } from "zod";
import { kind } from "../kind.ts";

const SEE_CREDITS = { label: "See auto-recharge", href: "/settings/billing/credits" };

export const autoRechargeKinds = [
  kind({
    type: "auto_recharge.paused",
    about: "Auto-recharge has stopped by itself; nothing more is bought until somebody turns it on again.",
    data: z.object({
      reason: z.enum(["card_declined", "authentication_timed_out", "refunded", "disputed"]),
    }),
    mail: {
      category: "payments",
      to: "billing",
      words({ reason }, say) {
        const why = {
          card_declined: "The card was declined three times.",
          authentication_timed_out: "The bank's question was not answered within 24 hours.",
          refunded: "A credit pack was refunded.",
          disputed: "A payment of a credit pack is disputed.",
        }[reason];
        return {
          subject: `${say.account}: auto-recharge is paused`,
          lines: [`${why} Nothing more will be charged until auto-recharge is turned on again.`],
          action: SEE_CREDITS,
        };
      },
    },
  }),
  kind({
    type: "auto_recharge.limit_reached",
    about: "The spending limit of the period leaves no room for another pack; once per period.",
    data: z.object({
      spent: z.int(),
      spendingLimit: z.int(),
      currency: z.string(),
      periodEnd: z.iso.datetime(),
    }),
    mail: {
      category: "payments",
      to: "billing",
      words({ spent, spendingLimit, currency, periodEnd }, say) {
        return {
          subject: `${say.account}: auto-recharge has reached its spending limit`,
          lines: [
            `${say.money(spent, currency)} of ${say.money(spendingLimit, currency)} were spent by auto-recharge in this period. It buys nothing more until ${say.time(periodEnd)}, unless the limit is raised.`,
          ],
          action: SEE_CREDITS,
        };
      },
    },
  }),
  kind({
    type: "auto_recharge.action_required",
    about: "The bank asks the customer to confirm a purchase of auto-recharge.",
    data: z.object({
      amount: z.int(),
      currency: z.string(),
      /** Stripe's page for it. */
      url: z.string(),
      expiresAt: z.iso.datetime(),
    }),
    mail: {
      category: "payments",
      to: "billing",
      words({ amount, currency, url, expiresAt }, say) {
        return {
          subject: `${say.account}: your bank asks you to confirm ${say.money(amount, currency)}`,
          lines: [
            `Auto-recharge wants to buy credits for ${say.money(amount, currency)}, and the bank asks for a confirmation. Nothing has been charged yet.`,
            `Confirm before ${say.time(expiresAt)}. After that auto-recharge pauses.`,
          ],
          action: { label: "Confirm with your bank", href: url },
        };
      },
    },
  }),
] as const;
