import { z } from "zod";
import { kind } from "../kind.ts";

const SEE_CREDITS = { label: "See auto-recharge", href: "/settings/billing/credits" };

const bought = {
  packId: z.string(),
  tokens: z.int(),
  /** What the card paid, tax included. */
  amount: z.int(),
  currency: z.string(),
};

export const autoRechargeKinds = [
  kind({
    type: "auto_recharge.charged",
    about: "Auto-recharge bought a pack: it is paid and its tokens are in.",
    data: z.object({ chargeId: z.string(), ...bought, balance: z.int() }),
    mail: {
      category: "payments",
      to: "billing",
      words({ tokens, amount, currency, balance }, say) {
        return {
          subject: `${say.account}: auto-recharge charged ${say.money(amount, currency)}`,
          lines: [
            `The credits had fallen below the threshold, so ${say.count(tokens)} tokens were bought for ${say.money(amount, currency)}.`,
            `The balance is ${say.count(balance)} tokens.`,
          ],
          action: SEE_CREDITS,
        };
      },
    },
  }),
  kind({
    type: "auto_recharge.often",
    about:
      "Auto-recharge has bought three packs or more within 24 hours; from here on ten minutes lie between one and the next.",
    data: z.object({ charges: z.int(), spent: z.int(), spendingLimit: z.int(), currency: z.string() }),
    mail: {
      category: "payments",
      to: "billing",
      words({ charges, spent, spendingLimit, currency }, say) {
        return {
          subject: `${say.account}: ${charges} recharges within 24 hours`,
          lines: [
            `Credits are used faster than usual. Auto-recharge has spent ${say.money(spent, currency)} of ${say.money(spendingLimit, currency)} in this period, and goes on until the limit.`,
            "If this is not meant, turn auto-recharge off: that takes effect at once.",
          ],
          action: SEE_CREDITS,
        };
      },
    },
  }),
  kind({
    type: "auto_recharge.declined",
    about: "A try of auto-recharge was declined, and another one will follow.",
    data: z.object({
      chargeId: z.string(),
      ...bought,
      try: z.int(),
      reason: z.string(),
      retryAt: z.iso.datetime(),
    }),
    mail: {
      category: "payments",
      to: "billing",
      words({ amount, currency, reason, retryAt }, say) {
        return {
          subject: `${say.account}: auto-recharge could not charge the card`,
          lines: [
            `A pack for ${say.money(amount, currency)} was not paid: ${reason} Nothing was charged.`,
            `The card is tried again at ${say.time(retryAt)}.`,
          ],
          action: SEE_CREDITS,
        };
      },
    },
  }),
  kind({
    type: "auto_recharge.ended",
    about: "Auto-recharge is off, because the plan has ended.",
    data: z.object({ reason: z.literal("plan_ended") }),
    mail: {
      category: "payments",
      to: "billing",
      words(_data, say) {
        return {
          subject: `${say.account}: auto-recharge is off`,
          lines: ["The plan has ended, and packs need a paid plan. Nothing more is bought by itself."],
          action: SEE_CREDITS,
        };
      },
    },
  }),
  kind({
    type: "auto_recharge.paused",
    about: "Auto-recharge has stopped by itself; nothing more is bought until somebody turns it on again.",
    data: z.object({
      reason: z.enum([
        "card_declined",
        "authentication_timed_out",
        "refunded",
        "disputed",
        "no_payment_method",
        "pack_withdrawn",
      ]),
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
          no_payment_method: "There is no saved card to charge any more.",
          pack_withdrawn: "The pack that it bought is no longer sold at the price that was agreed to.",
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
