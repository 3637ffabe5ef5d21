/** The parts of a service, telling the numbers of what they do. */
import type { OnBatch } from "./book/lane.ts";
import type { Mailer } from "./mail/mailer.ts";
import type { Metrics } from "./metrics.ts";
import type { Outgoing } from "./notices/courier.ts";
import { createGateway, type Gateway, type StripeSettings } from "./stripe/gateway.ts";
import { watchCalls } from "./stripe/watch-calls.ts";
import { stopwatch } from "./system.ts";
import { createPost, type Post } from "./webhooks/post.ts";

export function countedGateway(settings: StripeSettings, metrics: Metrics): Gateway {
  return watchCalls(createGateway(settings), () => {
    const seconds = stopwatch();
    return (operation, outcome) => metrics.stripeCall({ operation, outcome, seconds: seconds() });
  });
}

export function batchCounter(metrics: Metrics): OnBatch {
  return () => {
    const seconds = stopwatch();
    return (commands) => metrics.batch({ commands, seconds: seconds() });
  };
}

/** The same ways out, counted. */
export function countedOutgoing(outgoing: Outgoing, metrics: Metrics): { outgoing: Outgoing; post: Post } {
  const post = createPost();
  const { mailer } = outgoing;
  return {
    post: async (request) => {
      const outcome = await post(request);
      const isTaken = outcome.code === "answered" && outcome.status >= 200 && outcome.status < 300;
      metrics.webhookTry(isTaken ? "delivered" : "failed");
      return outcome;
    },
    outgoing: { ...outgoing, mailer: mailer && countedMailer(mailer, metrics) },
  };
}

function countedMailer(mailer: Mailer, metrics: Metrics): Mailer {
  return {
    way: mailer.way,
    close: () => mailer.close(),
    async send(mail) {
      try {
        await mailer.send(mail);
      } catch (error) {
        metrics.mail("failed");
        throw error;
      }
      metrics.mail("sent");
    },
  };
}
