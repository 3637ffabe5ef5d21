import type { AccountId, BookContext, Catalog, Clock, IdSource } from "@bursar/core";
import type { Book } from "../book/book.ts";
import type { LastUsed } from "../accounts/last-used.ts";
import type { ReconcileRequest } from "../accounts/reconcile.ts";
import type { AccountStates } from "../book/read-account.ts";
import type { Database, Queryable } from "../db/open-database.ts";
import type { PackPayment } from "../stripe/facts.ts";
import type { Gateway } from "../stripe/gateway.ts";
import type { Inbox } from "../stripe/inbox.ts";
import type { ReconcilePage } from "../stripe/reconcile.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Courier } from "../notices/courier.ts";
import type { HostSettings, RateLimits } from "../settings.ts";
import type { StreamHub } from "../overview/stream.ts";
import type { Travel } from "../travel/travel.ts";

/** What the routes work with, put together in `main.ts`. */
export interface Services {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly gateway: Gateway;
  readonly lastUsed: LastUsed;
  readonly book: Book;
  readonly bookContext: BookContext;
  readonly accountStates: AccountStates;
  readonly inbox: Inbox;
  readonly syncCustomer: (customerId: string) => Promise<void>;
  /** Lets credits enter for what was paid, once. @returns the balance after it */
  readonly grantPack: (accountId: AccountId, payment: PackPayment) => Promise<number>;
  /** Compares one account or a page of all with Stripe; `null`: there is no such account. */
  readonly isPastDue: (db: Queryable, accountId: AccountId) => Promise<boolean>;
  readonly reconcile: (request: ReconcileRequest) => Promise<ReconcilePage | null>;
  readonly metrics: Metrics;
  /** What may read `/metrics`; `undefined`: nobody. */
  readonly metricsToken: string | undefined;
  /** Tells an operator what they should look at. */
  readonly report: (accountId: AccountId, sentence: string) => void;
  readonly stream: StreamHub;
  /** Where people reach the service; `null`: by the Host that they name. */
  readonly publicUrl: string | null;
  /** Sends mails and webhooks. */
  readonly courier: Courier;
  readonly rateLimits: RateLimits;
  /** So many proxies of the operator's stand before the service. */
  readonly proxyHops: number;
  /** Whose tokens sign people in; `undefined`: nobody's. */
  readonly hostTokens: HostSettings | undefined;
  readonly log: Log;
  /** Whether this server was told to stop; until then it may be sent requests. */
  readonly standing: { isStopping: boolean };
  /** Only in the demo: moves accounts' clocks. Without it the demo's routes do not exist. */
  readonly travel?: Travel;
  /** Handles stored Stripe events soon, without making the caller wait. */
  readonly kickInbox: () => void;
}
