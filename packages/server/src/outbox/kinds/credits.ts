import { z } from "zod";
import { kind } from "../kind.ts";

const moved = {
  /** Stripe's payment that it belongs to. */
  paymentId: z.string(),
  tokens: z.int(),
  /** Of the credits afterwards; below zero when they had been used already. */
  balance: z.int(),
};

export const creditKinds = [
  kind({
    type: "credits.purchased",
    about: "A person bought a pack: it is paid and its tokens are in.",
    data: z.object({ ...moved, amount: z.int(), currency: z.string() }),
    mail: {
      category: "credits",
      to: "billing",
      words({ tokens, balance, amount, currency }, say) {
        return {
          subject: `${say.account}: ${say.count(tokens)} tokens bought`,
          lines: [
            `${say.count(tokens)} tokens were bought for ${say.money(amount, currency)}. The balance is ${say.count(balance)} tokens.`,
          ],
          action: { label: "See credits", href: "/settings/billing/credits" },
        };
      },
    },
  }),
  kind({
    type: "credits.refunded",
    about: "A pack was refunded, and its tokens were taken back.",
    data: z.object({ ...moved, amount: z.int(), currency: z.string() }),
    mail: {
      category: "payments",
      to: "billing",
      words({ tokens, balance, amount, currency }, say) {
        return {
          subject: `${say.account}: ${say.money(amount, currency)} refunded`,
          lines: [
            `${say.money(amount, currency)} of a credit pack were refunded, and ${say.count(tokens)} tokens were taken back.`,
            balance < 0
              ? `They had been used already: the balance is ${say.count(balance)} tokens, and new AI processing is refused until a purchase or the next allocation has cleared it.`
              : `The balance is ${say.count(balance)} tokens.`,
          ],
          action: { label: "See credits", href: "/settings/billing/credits" },
        };
      },
    },
  }),
  kind({
    type: "credits.refund_failed",
    about:
      "The refund of a pack did not arrive: the money is with the seller again, and the tokens are back.",
    data: z.object(moved),
    mail: {
      category: "payments",
      to: "billing",
      words({ tokens, balance }, say) {
        return {
          subject: `${say.account}: a refund failed, ${say.count(tokens)} tokens are back`,
          lines: [
            `Your bank did not take the refund of a credit pack. ${say.count(tokens)} tokens are back, the balance is ${say.count(balance)} tokens.`,
            "Contact the seller to have the money sent another way.",
          ],
          action: { label: "See credits", href: "/settings/billing/credits" },
        };
      },
    },
  }),
  kind({
    type: "credits.disputed",
    about: "A bank withdrew the money of a pack by a dispute, and its tokens were taken back.",
    data: z.object({ ...moved, amount: z.int(), currency: z.string() }),
    mail: {
      category: "payments",
      to: "billing",
      words({ tokens, balance, amount, currency }, say) {
        return {
          subject: `${say.account}: a payment of ${say.money(amount, currency)} is disputed`,
          lines: [
            `The bank took ${say.money(amount, currency)} of a credit pack back, because the payment is disputed. ${say.count(tokens)} tokens were taken back with it; they return if the dispute is won.`,
            `The balance is ${say.count(balance)} tokens.`,
          ],
          action: { label: "See credits", href: "/settings/billing/credits" },
        };
      },
    },
  }),
  kind({
    type: "credits.dispute_won",
    about: "A dispute was won: the money and the tokens are back.",
    data: z.object(moved),
    mail: {
      category: "payments",
      to: "billing",
      words({ tokens, balance }, say) {
        return {
          subject: `${say.account}: ${say.count(tokens)} tokens are back`,
          lines: [
            `The dispute was won. ${say.count(tokens)} tokens are back, the balance is ${say.count(balance)} tokens.`,
          ],
          action: { label: "See credits", href: "/settings/billing/credits" },
        };
      },
    },
  }),
] as const;
