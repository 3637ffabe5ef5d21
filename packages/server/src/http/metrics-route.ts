import { createHash, timingSafeEqual } from "node:crypto";
import { countDueMails } from "../mail/store.ts";
import type { Reading } from "../metrics.ts";
import { readOutboxBacklog } from "../outbox/store.ts";
import { countOpenCharges } from "../recharge/store-charges.ts";
import { readInboxBacklog } from "../stripe/store-inbox.ts";
import { countOpenChanges } from "../subscriptions/store-changes.ts";
import { countDueDeliveries } from "../webhooks/store-deliveries.ts";
import type { App } from "./app-type.ts";
import type { AppContext } from "./caller.ts";
import { ProblemError } from "./problem.ts";
import type { Services } from "./services.ts";

/**
 * `GET /metrics` for Prometheus, with the token of the settings. Without one the route is as if it were not there: it
 * names no account, but how busy an installation is, and whether it is in trouble, is nobody else's business.
 */
export function metricsRoute(app: App, services: Services): void {
  const { metrics, metricsToken } = services;
  metrics.onScrape(() => readingsOf(services));
  app.get("/metrics", async (c) => {
    if (metricsToken === undefined) return c.notFound();
    if (!isSame(bearerOf(c), metricsToken)) {
      throw new ProblemError(
        "unauthenticated",
        "Send the token of BURSAR_METRICS_TOKEN as Authorization: Bearer.",
      );
    }
    return c.text(await metrics.text());
  });
}

const bearerOf = (c: AppContext): string =>
  /^Bearer\s+(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";

/** Hashed first, so that both are of one length and how long it takes tells nothing. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(a!, b!);
}

/** The numbers that stand in the database; each reads an index of what is open. */
async function readingsOf({ database: { kysely }, clock, book, stream }: Services): Promise<Reading[]> {
  const inbox = await readInboxBacklog(kysely);
  const outbox = await readOutboxBacklog(kysely);
  const now = clock.now();
  const lag = (oldestAt: Date | null) =>
    oldestAt === null ? 0 : Math.max(0, (now - oldestAt.getTime()) / 1_000);
  return [
    { name: "bursar_book_queue", value: book.queued() },
    { name: "bursar_event_streams", value: stream.watchers() },
    { name: "bursar_stripe_inbox_waiting", value: inbox.waiting },
    { name: "bursar_stripe_inbox_lag_seconds", value: lag(inbox.oldestAt) },
    { name: "bursar_outbox_waiting", value: outbox.waiting },
    { name: "bursar_outbox_lag_seconds", value: lag(outbox.oldestAt) },
    { name: "bursar_webhook_deliveries_due", value: await countDueDeliveries(kysely) },
    { name: "bursar_mails_due", value: await countDueMails(kysely) },
    ...(await countOpenCharges(kysely)).map(({ reason, state, count: value }): Reading => {
      return { name: "bursar_pack_charges_open", labels: { reason, state }, value };
    }),
    ...(await countOpenChanges(kysely)).map(({ state, count: value }): Reading => {
      return { name: "bursar_plan_changes_open", labels: { state }, value };
    }),
  ];
}
