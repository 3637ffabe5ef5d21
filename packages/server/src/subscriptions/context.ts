import type { AccountId, Catalog, Clock, IdSource } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import type { Gateway } from "../stripe/gateway.ts";

/** What the operations of this folder work with. */
export interface SubscriptionsContext {
  readonly database: Database;
  readonly gateway: Gateway;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly syncCustomer: (customerId: string) => Promise<void>;
  /** Told of what an operator should know: a charge that was higher than promised, a second subscription. */
  readonly report: (accountId: AccountId, sentence: string) => void;
}
