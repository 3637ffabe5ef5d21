/* A contract that a consumer can withdraw from, and one that was. */
import { teamOverview, type Answers } from "./answered-page.ts";

const refund = { amount: 6_783, credit: 0, currency: "eur" };
const labels = { start: {}, confirm: {} };

/** Of an account whose contract is young enough. */
export const offersWithdrawal = {
  ...teamOverview,
  page: { ...teamOverview.page, withdrawal: { days: 14, labels } },
  can: {
    ...teamOverview.can,
    withdraw: { allowed: true, until: "2026-11-27T04:00:00.000Z", refund },
  },
};

/** Of an account that has withdrawn, once its money is where `state` says. */
export const withdrew = (state: "pending" | "sent" | "held_up"): Answers => ({
  "GET /api/billing": {
    ...offersWithdrawal,
    can: {
      ...teamOverview.can,
      withdraw: {
        allowed: false,
        code: "nothing_to_withdraw",
        reason: "There is no contract to withdraw from.",
        until: null,
        refund: null,
      },
    },
    withdrawal: {
      id: "wdr_0mfk2q8z1abcdefghijklmn",
      planId: "team",
      planName: "Team",
      name: "Ann Lee",
      email: "ann@acme.example",
      concludedAt: "2026-11-12T09:00:00.000Z",
      declaredAt: "2026-11-22T09:12:07.000Z",
      endsAt: state === "pending" ? null : "2026-11-22T09:12:07.000Z",
      refund: { ...refund, credit: state === "sent" ? 500 : 0, state },
    },
  },
});
