import { z } from "zod";
import { kind } from "../kind.ts";

export const usageKinds = [
  kind({
    type: "usage.threshold_reached",
    about: "A meter has come to 80 % or 100 % of its limit; once each per usage window.",
    data: z.object({
      meter: z.string(),
      percent: z.union([z.literal(80), z.literal(100)]),
      used: z.int(),
      limit: z.int(),
      windowStart: z.iso.datetime(),
      windowEnd: z.iso.datetime(),
    }),
    mail: {
      category: "usage",
      to: "billing",
      words({ meter: id, percent, used, limit, windowEnd }, say) {
        const meter = say.meter(id);
        const name = meter?.name ?? id;
        const isReached = percent === 100;
        const limitSentence = meter === undefined ? "" : `${meter.limitSentence}. `;
        const resets =
          meter?.kind === "level"
            ? "It falls when something is removed."
            : `The count starts again on ${say.time(windowEnd)}.`;
        return {
          subject: `${say.account}: ${name} ${isReached ? "limit reached" : `at ${percent} % of the limit`}`,
          lines: [
            `${say.account} has used ${say.quantity(id, used)} of ${say.quantity(id, limit)} ${name}.`,
            isReached ? `${limitSentence}${resets}` : `At the limit: ${limitSentence}${resets}`,
          ],
          action: { label: "See usage", href: "/settings/billing" },
        };
      },
    },
  }),
] as const;
