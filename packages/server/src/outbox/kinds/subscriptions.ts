import { z } from "zod";
import { kind } from "../kind.ts";

const target = z.object({ planId: z.string(), interval: z.enum(["month", "year"]), seats: z.int() });
const SEE_PLAN = { label: "See the plan", href: "/settings/billing" };

export const subscriptionKinds = [
  kind({
    type: "subscription.started",
    about: "The account has bought a plan.",
    data: z.object({ subscriptionId: z.string(), ...target.shape, periodEnd: z.iso.datetime() }),
    mail: null,
  }),
  kind({
    type: "subscription.changed",
    about: "Plan, interval or seats are others now.",
    data: z.object({ subscriptionId: z.string(), from: target, to: target }),
    mail: {
      category: "plan",
      to: "billing",
      words({ from, to }, say) {
        const [before, now] = [from, to].map(
          ({ planId, interval, seats }) =>
            `${say.plan(planId)}, ${interval === "year" ? "annual" : "monthly"}, ${say.seats(seats)}`,
        );
        return {
          subject: `${say.account}: the plan is ${now} now`,
          lines: [`The plan of ${say.account} was changed from ${before} to ${now}.`],
          action: SEE_PLAN,
        };
      },
    },
  }),
  kind({
    type: "subscription.change_scheduled",
    about: "Another plan, interval or number of seats is scheduled for the end of the period.",
    data: z.object({ subscriptionId: z.string(), to: target, effectiveAt: z.iso.datetime() }),
    mail: null,
  }),
  kind({
    type: "subscription.change_undone",
    about: "What was scheduled for the end of the period does not happen.",
    data: z.object({ subscriptionId: z.string() }),
    mail: null,
  }),
  kind({
    type: "subscription.renewed",
    about: "A new billing period has begun.",
    data: z.object({
      subscriptionId: z.string(),
      periodStart: z.iso.datetime(),
      periodEnd: z.iso.datetime(),
    }),
    mail: null,
  }),
  kind({
    type: "subscription.cancelled",
    about: "The plan was cancelled; it stays until the end of the period and can be resumed until then.",
    data: z.object({ subscriptionId: z.string(), planId: z.string(), endsAt: z.iso.datetime() }),
    mail: {
      category: "payments",
      to: "billing",
      words({ planId, endsAt }, say) {
        return {
          subject: `${say.account}: ${say.plan(planId)} is cancelled and ends on ${say.time(endsAt)}`,
          lines: [
            `${say.plan(planId)} stays until ${say.time(endsAt)}. Nothing more is charged for it. Then the account is on Free; data and purchased credits are kept.`,
            "Until then the plan can be resumed.",
          ],
          action: SEE_PLAN,
        };
      },
    },
  }),
  kind({
    type: "subscription.resumed",
    about: "A cancellation was taken back before the end of the period.",
    data: z.object({ subscriptionId: z.string(), planId: z.string(), renewsAt: z.iso.datetime() }),
    mail: {
      category: "plan",
      to: "billing",
      words({ planId, renewsAt }, say) {
        return {
          subject: `${say.account}: ${say.plan(planId)} goes on`,
          lines: [`The cancellation was taken back. ${say.plan(planId)} renews on ${say.time(renewsAt)}.`],
          action: SEE_PLAN,
        };
      },
    },
  }),
  kind({
    type: "subscription.ended",
    about: "The plan has ended and the account is on Free.",
    data: z.object({
      subscriptionId: z.string(),
      planId: z.string(),
      endedAt: z.iso.datetime(),
      /** `unpaid`: it was past due when it ended. */
      reason: z.enum(["cancelled", "unpaid", "other"]),
    }),
    mail: {
      category: "payments",
      to: "billing",
      words({ planId, endedAt, reason }, say) {
        const plan = say.plan(planId);
        const why =
          reason === "unpaid"
            ? `${plan} was not paid and ended on ${say.time(endedAt)}. Its unpaid invoices are void: nothing is owed.`
            : `${plan} ended on ${say.time(endedAt)}. Nothing more is charged for it.`;
        return {
          subject: `${say.account}: ${plan} has ended, the account is on Free`,
          lines: [
            why,
            "Data and purchased credits are kept. What is over the limits of Free can be read, and new use over them is refused.",
          ],
          action: { label: "See plans", href: "/settings/billing/plans" },
        };
      },
    },
  }),
] as const;
