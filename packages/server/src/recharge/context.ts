import type { AccountId, BookContext, Catalog, Clock, IdSource } from "@bursar/core";
import type { Database, Queryable } from "../db/open-database.ts";
import type { PackPayment } from "../stripe/facts.ts";
import type { Gateway } from "../stripe/gateway.ts";

/** What the operations of this folder work with. */
export interface RechargeContext {
  readonly database: Database;
  readonly gateway: Gateway;
  readonly catalog: Catalog;
  readonly bookContext: BookContext;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Lets credits enter for what was paid; again for the same payment it does nothing. @returns the balance after it */
  readonly grantPack: (accountId: AccountId, payment: PackPayment) => Promise<number>;
  readonly syncCustomer: (customerId: string) => Promise<void>;
  /** Whether the account's subscription has an unpaid bill. */
  readonly isPastDue: (db: Queryable, accountId: AccountId) => Promise<boolean>;
  /** Told of what an operator should know. */
  readonly report: (accountId: AccountId, sentence: string) => void;
}
