import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { serve as serveHono } from "@hono/node-server";
import { bookContext, type Catalog, type Clock, type IdSource } from "@bursar/core";
import { createBook } from "./book/book.ts";
import { retainEvents } from "./book/retain-events.ts";
import { accountStatesIn } from "./book/read-account.ts";
import { grantPayments } from "./credits/grant-payments.ts";
import type { Database } from "./db/open-database.ts";
import { createApp, type App } from "./http/app.ts";
import { trimAnswers } from "./http/idempotency.ts";
import type { Services } from "./http/services.ts";
import { createStreamHub } from "./overview/stream.ts";
import { followInvoices } from "./invoices/follow-invoices.ts";
import { runJobs } from "./jobs/run-jobs.ts";
import type { Log } from "./log.ts";
import { createGateway, type StripeSettings } from "./stripe/gateway.ts";
import { createInbox } from "./stripe/inbox.ts";
import { createSync } from "./stripe/sync-customer.ts";
import { followSubscriptions, surplusSubscriptions } from "./subscriptions/follow-subscriptions.ts";

export const PAGE_FOLDER = join(import.meta.dirname, "../../../apps/dashboard/dist");

/** On two cores one lane makes the largest batches; a second helps only where there are more cores. */
const BOOK_LANES = 1;

export interface Parts {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly stripe: StripeSettings;
  readonly log: Log;
  /** Raw events are dropped so many days after their receipt; counters stay. */
  readonly rawEventsKeptDays: number;
}

export interface Service {
  readonly app: App;
  readonly services: Services;
  /** Finishes what was taken, then stops. The database is the caller's to close. */
  stop(): Promise<void>;
}

/** Puts the service together: settings in, one object with routes and jobs out. The only place that knows all parts. */
export function compose(parts: Parts): Service {
  const { database, catalog, clock, ids, stripe, log, rawEventsKeptDays } = parts;
  const gateway = createGateway(stripe);

  const onFailure = (error: unknown, commands: number) =>
    log.error({ err: error, commands }, "a batch of the book failed");
  const book = createBook({ database, catalog, clock, lanes: BOOK_LANES, onFailure });
  const { freePlanId } = catalog;

  const syncCustomer = createSync({
    database,
    gateway,
    clock,
    projections: [
      (db, accountId, facts) =>
        followSubscriptions(db, accountId, {
          subscriptions: facts.subscriptions,
          freePlanId,
          now: clock.now(),
        }),
      (db, accountId, facts) => followInvoices(db, accountId, facts.invoices),
    ],
    settle: async (accountId, facts) => {
      for (const { subscriptionId } of surplusSubscriptions(facts.subscriptions)) {
        log.error(
          { accountId, subscriptionId },
          "a second live subscription: cancel and refund it at Stripe",
        );
      }
      await grantPayments({ book, catalog }, accountId, facts.packPayments);
    },
    report: (accountId, sentence) => log.warn({ accountId }, sentence),
  });
  const inbox = createInbox({
    database,
    clock,
    sync: syncCustomer,
    onFailure: (customerId, error) =>
      log.warn({ customerId, err: error }, "an event was not handled yet; it will be tried again"),
  });
  const stream = createStreamHub(database);
  const trim = async () => {
    await trimAnswers(database, clock.now());
    await retainEvents(database, { now: clock.now(), rawEventsKeptDays });
  };
  const jobs = runJobs({ database, clock, inbox, stream, syncCustomer, trim, log });
  const services: Services = {
    database,
    catalog,
    clock,
    ids,
    gateway,
    book,
    bookContext: bookContext(catalog),
    accountStates: accountStatesIn(database, clock),
    inbox,
    syncCustomer,
    stream,
    log,
    kickInbox: () => jobs.kickInbox(),
  };
  return {
    app: createApp(services, { pageFolder: PAGE_FOLDER }),
    services,
    stop: async () => {
      await jobs.stop();
      await book.close();
    },
  };
}

/** A port that somebody else has. */
export class PortInUseError extends Error {
  constructor(port: number) {
    super(`Port ${port} is in use. Stop what uses it, or start with another: PORT=${port + 10} npm start`);
  }
}

/** @returns the port that is listened on (another than asked for when that was 0), and the way to stop */
export async function listen(app: App, port: number): Promise<{ port: number; close(): Promise<void> }> {
  const server = serveHono({ fetch: app.fetch, port, hostname: "127.0.0.1", createServer });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new PortInUseError(port) : error),
    );
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Open event streams would keep the server for good; requests under way have a moment to end.
        if ("closeIdleConnections" in server) server.closeIdleConnections();
        setTimeout(() => "closeAllConnections" in server && server.closeAllConnections(), 300).unref();
      }),
  };
}
