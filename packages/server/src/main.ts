import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import {
  bookContext,
  DAY_MS,
  liveSubscription,
  type AccountId,
  type Catalog,
  type Clock,
  type IdSource,
} from "@bursar/core";
import { trimCredentials } from "./accounts/credentials.ts";
import { LastUsed } from "./accounts/last-used.ts";
import { reconcile } from "./accounts/reconcile.ts";
import { createBook, type Book } from "./book/book.ts";
import { retainEvents } from "./book/retain-events.ts";
import { accountStatesIn } from "./book/read-account.ts";
import { batchCounter, countedGateway, countedOutgoing } from "./counted.ts";
import { followReversals, projectReversals } from "./credits/follow-reversals.ts";
import { grantPayment, grantPayments } from "./credits/grant-payments.ts";
import { listOpenPayments } from "./credits/store.ts";
import type { Database } from "./db/open-database.ts";
import { createApp } from "./http/app.ts";
import type { App } from "./http/app-type.ts";
import { trimAnswers } from "./http/idempotency.ts";
import type { Services } from "./http/services.ts";
import { endWithPlan } from "./recharge/pause-recharge.ts";
import { watchDraws } from "./recharge/watch-draws.ts";
import { createStreamHub } from "./overview/stream.ts";
import { followInvoices } from "./invoices/follow-invoices.ts";
import { runJobs, type Jobs } from "./jobs/run-jobs.ts";
import type { Log } from "./log.ts";
import { createCourier, type Courier, type Outgoing } from "./notices/courier.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { trimAttempts } from "./people/store-attempts.ts";
import { RATE_LIMITS, type HostSettings, type RateLimits } from "./settings.ts";
import type { Gateway, StripeSettings } from "./stripe/gateway.ts";
import { createInbox, type Inbox } from "./stripe/inbox.ts";
import { createSync } from "./stripe/sync-customer.ts";
import { settleUnpaid } from "./invoices/settle-unpaid.ts";
import { listSubscriptions } from "./subscriptions/store.ts";
import { trimQuotes } from "./subscriptions/store-quotes.ts";
import { settleSubscriptions } from "./subscriptions/settle-subscriptions.ts";
import type { Seen } from "./subscriptions/follow-renewal.ts";
import { createTravel, type TravelContext } from "./travel/travel.ts";
import { onTestClocks } from "./travel/test-clock-of.ts";
import { followSubscriptions } from "./subscriptions/follow-subscriptions.ts";

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
  /** Where people reach the service, if a proxy stands before it. */
  readonly publicUrl?: string | undefined;
  readonly rateLimits?: RateLimits;
  readonly metrics?: Metrics;
  /** What may read `/metrics`; nobody if not given. */
  readonly metricsToken?: string | undefined;
  /** So many proxies of the operator's stand before the service; none if not given. */
  readonly proxyHops?: number;
  /** Whose tokens sign people in; nobody's if not given. */
  readonly hostTokens?: HostSettings | undefined;
  /** Jobs run only when `runDue` is called; false if not given. */
  readonly jobsByHand?: boolean;
  /** Only in the demo: accounts' clocks can be moved (N2). Its clock is the `clock` above. */
  readonly travel?: Pick<TravelContext, "clock" | "pause">;
  /** How mails and webhooks leave; if not given, no mail does, and webhooks go to public addresses alone. */
  readonly outgoing?: Outgoing;
}

const NO_MAIL: Outgoing = { publicUrl: "http://127.0.0.1", mailer: null, targets: "public" };

export interface Service {
  readonly app: App;
  readonly services: Services;
  /** Does once what jobs do again and again, and waits for it: for who moves the clock by hand. */
  runDue(): Promise<void>;
  /** From now on `/readyz` says that requests go elsewhere; they are taken all the same. */
  beginStop(): void;
  /** Ends what would go on for good: open streams. Before the server is closed. */
  endStreams(): void;
  /** Finishes what was taken, then stops. The database is the caller's to close. */
  stop(): Promise<void>;
}

/** Puts the service together: settings in, one object with routes and jobs out. The only place that knows all parts. */
export function compose(parts: Parts): Service {
  const { database, catalog, clock, ids, stripe, log, jobsByHand = false } = parts;
  const { metrics = createMetrics({ hasProcess: false }) } = parts;
  const plain = countedGateway(stripe, metrics);
  const gateway = parts.travel === undefined ? plain : onTestClocks(plain, { database, clock });

  /** Accounts whose credits were drawn on since auto-recharge looked at them. */
  const drawn = new Set<AccountId>();
  const book = openBook(parts, { drawn, metrics });
  /** Accounts of which something came in: a change of theirs may have been paid. */
  const changed = new Map<AccountId, Seen>();
  const report = (accountId: string, sentence: string) => log.warn({ accountId }, sentence);

  const syncOptions = syncOptionsOf(parts, {
    gateway,
    book,
    report,
    // Not awaited: a change that is carried on asks for a sync itself.
    onSettled: (accountId, { hasSpentSchedule }) => {
      changed.set(accountId, { hasSpentSchedule });
      jobs.kickChanges();
    },
  });
  const sweepCustomer = createSync({ ...syncOptions, reads: "news" });
  const syncCustomer = async (customerId: string) => void (await sweepCustomer(customerId));
  const reconcileCustomer = createSync({ ...syncOptions, reads: "everything" });
  const inbox = inboxOf(parts, { gateway, sync: syncCustomer });
  const stream = createStreamHub(database);
  const lastUsed = new LastUsed(database);
  const standing = { isStopping: false };
  const outgoing = countedOutgoing(parts.outgoing ?? NO_MAIL, metrics);
  const courier = createCourier({ ...parts, ...outgoing, warn: report });
  const trim = () => trimAll(parts, courier);
  const travel =
    parts.travel &&
    createTravel({ ...parts.travel, database, gateway, syncCustomer, runDue: () => jobs.runDue() });
  const services: Services = {
    database,
    catalog,
    clock,
    ids,
    gateway,
    lastUsed,
    book,
    bookContext: bookContext(catalog),
    accountStates: accountStatesIn(database, clock),
    inbox,
    syncCustomer,
    ...packCharging({ book, catalog }),
    reconcile: (request) => reconcile({ database, reconcileCustomer, metrics }, request),
    metrics,
    metricsToken: parts.metricsToken,
    report,
    stream,
    courier,
    rateLimits: parts.rateLimits ?? RATE_LIMITS,
    ...outsideOf(parts),
    log,
    standing,
    ...(travel === undefined ? {} : { travel }),
    kickInbox: () => jobs.kickInbox(),
  };
  const jobs = runJobs({ ...services, sweepCustomer, changed, drawn, trim, byHand: jobsByHand });
  return {
    app: createApp(services, { pageFolder: PAGE_FOLDER }),
    services,
    runDue: () => jobs.runDue(),
    beginStop: () => void (standing.isStopping = true),
    endStreams: () => stream.end(),
    stop: () => stopAll(services, jobs),
  };
}

async function stopAll({ courier, book, lastUsed, log }: Services, jobs: Jobs): Promise<void> {
  courier.stopSending();
  await jobs.stop();
  courier.close();
  await book.close();
  // What is lost of it is when a key was last used, to some seconds; the database may be what is away.
  await lastUsed.write().catch((error: unknown) => log.warn({ err: error }, "last uses were not written"));
}

/** What the charging of packs asks of later folders. */
function packCharging(context: { book: Book; catalog: Catalog }): Pick<Services, "grantPack" | "isPastDue"> {
  return {
    grantPack: async (accountId, payment) => (await grantPayment(context, accountId, payment)).balance,
    isPastDue: async (db, accountId) =>
      liveSubscription(await listSubscriptions(db, accountId))?.status === "past_due",
  };
}

/** What surrounds the service. */
function outsideOf({
  publicUrl,
  proxyHops = 0,
  hostTokens,
}: Parts): Pick<Services, "publicUrl" | "proxyHops" | "hostTokens"> {
  return { publicUrl: publicUrl ?? null, proxyHops, hostTokens };
}

function inboxOf(
  { database, clock, log }: Parts,
  { gateway, sync }: { gateway: Gateway; sync: (customerId: string) => Promise<void> },
): Inbox {
  const onFailure = (customerId: string, error: unknown) =>
    log.warn({ customerId, err: error }, "an event was not handled yet; it will be tried again");
  const customerOfPayment = (paymentId: string) => gateway.findCustomerOfPayment(paymentId);
  return createInbox({ database, clock, sync, customerOfPayment, onFailure });
}

/** @param drawn gets the accounts whose credits are drawn on */
function openBook(
  { database, catalog, clock, log }: Parts,
  { drawn, metrics }: { drawn: Set<AccountId>; metrics: Metrics },
): Book {
  const onBatch = batchCounter(metrics);
  const onFailure = (error: unknown, commands: number) =>
    log.error({ err: error, commands }, "a batch of the book failed");
  const book = createBook({ database, catalog, clock, lanes: BOOK_LANES, onFailure, onBatch });
  return watchDraws(book, (accountId) => drawn.add(accountId));
}

/** What a look at a customer writes, and what follows from it. */
function syncOptionsOf(
  { database, catalog, clock }: Parts,
  given: {
    gateway: Gateway;
    book: Book;
    report: (accountId: AccountId, sentence: string) => void;
    onSettled: (accountId: AccountId, seen: Seen) => void;
  },
): Omit<Parameters<typeof createSync>[0], "reads"> {
  const { gateway, book, report, onSettled } = given;
  const { freePlanId } = catalog;
  return {
    database,
    gateway,
    clock,
    report,
    projections: [
      (db, accountId, { subscriptions, isDeleted }) => {
        const now = clock.now(accountId);
        return followSubscriptions(db, accountId, { subscriptions, isDeleted, freePlanId, now });
      },
      async (db, accountId) => {
        await endWithPlan(db, accountId, { catalog, now: clock.now(accountId) });
        return [];
      },
      (db, accountId, { invoices, subscriptions }) =>
        followInvoices(db, accountId, { invoices, subscriptions, now: clock.now(accountId) }),
      projectReversals,
    ],
    openPayments: (db, accountId) => listOpenPayments(db, accountId, clock.now(accountId)),
    settle: async (accountId, customerId, facts) => {
      const missing = await grantPayments({ book, catalog }, accountId, facts.packPayments);
      const returned = await followReversals({ database, book, catalog, clock }, accountId, facts);
      await settleSubscriptions({ database, gateway, report }, accountId, customerId, facts);
      await settleUnpaid(gateway, facts);
      onSettled(accountId, facts);
      return [...missing, ...returned];
    },
  };
}

async function trimAll({ database, clock, rawEventsKeptDays }: Parts, courier: Courier): Promise<void> {
  const now = clock.now();
  await trimAnswers(database, now);
  await trimCredentials(database, now);
  await trimAttempts(database.kysely, { now, limit: 1_000 });
  await trimQuotes(database.kysely, { before: now - DAY_MS, limit: 1_000 });
  await retainEvents(database, { now, rawEventsKeptDays });
  await courier.trim();
}

/** A port that somebody else has. */
export class PortInUseError extends Error {
  constructor(port: number) {
    super(`Port ${port} is in use. Stop what uses it, or start with another: PORT=${port + 10} npm start`);
  }
}

/** Longer than any request of ours takes; a container has some seconds more before it is killed. */
const STOPS_WITHIN_MS = 25_000;
const LOOK_AGAIN_MS = 50;

export interface Listening {
  /** Another than asked for when that was 0. */
  readonly port: number;
  /**
   * Says that it is not ready, goes on until `drained`, then takes no new request, finishes those under way, and
   * resolves. Who balances the load looks at readiness only every few seconds, and sends requests here until then.
   */
  close(drained?: Promise<void>): Promise<void>;
}

export async function listen(
  { app, beginStop, endStreams }: Pick<Service, "app" | "beginStop" | "endStreams">,
  port: number,
  host = "127.0.0.1",
): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch, createServer }) as Server;
  server.listen(port, host);
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new PortInUseError(port) : error),
    );
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async (drained) => {
      beginStop();
      await drained;
      endStreams();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // A connection that has just been answered is kept open for a next request, which must not come here any more.
      const looking = setInterval(() => server.closeIdleConnections(), LOOK_AGAIN_MS);
      const impatience = setTimeout(() => server.closeAllConnections(), STOPS_WITHIN_MS);
      await closed;
      clearInterval(looking);
      clearTimeout(impatience);
    },
  };
}
