/**
 * Everything that an emulator remembers. All writes happen in transactions: the changes of one are undone together when
 * its work throws, and reach the journal as one line before anybody is answered.
 */
import type { AccountTransaction } from "../entities/account-transaction.ts";
import type { BalanceTransaction } from "../entities/balance-transaction.ts";
import type { Charge } from "../entities/charge.ts";
import type { CheckoutSession } from "../entities/checkout-session.ts";
import type { Coupon } from "../entities/coupon.ts";
import type { CreditNote } from "../entities/credit-note.ts";
import type { Customer } from "../entities/customer.ts";
import type { Discount } from "../entities/discount.ts";
import type { Dispute } from "../entities/dispute.ts";
import type { Delivery, FinishedDelivery, StripeEvent } from "../entities/event.ts";
import type { Invoice } from "../entities/invoice.ts";
import type { InvoiceItem } from "../entities/invoice-item.ts";
import type { InvoiceLine } from "../entities/invoice-line.ts";
import type { InvoicePayment } from "../entities/invoice-payment.ts";
import type { KeptAnswer } from "../entities/kept-answer.ts";
import type { Notice } from "../entities/notice.ts";
import type { PaymentIntent } from "../entities/payment-intent.ts";
import type { PaymentMethod } from "../entities/payment-method.ts";
import type { PortalConfiguration } from "../entities/portal-configuration.ts";
import type { PortalSession } from "../entities/portal-session.ts";
import type { Price } from "../entities/price.ts";
import type { Product } from "../entities/product.ts";
import type { PromotionCode } from "../entities/promotion-code.ts";
import type { Refund } from "../entities/refund.ts";
import type { SetupIntent } from "../entities/setup-intent.ts";
import type { Subscription, SubscriptionItem } from "../entities/subscription.ts";
import type { TaxId } from "../entities/tax-id.ts";
import type { SubscriptionSchedule } from "../entities/subscription-schedule.ts";
import type { TaxRate } from "../entities/tax-rate.ts";
import type { TestClock } from "../entities/test-clock.ts";
import type { WebhookEndpoint } from "../entities/webhook-endpoint.ts";
import { Collection, type ChangeListener, type Entity } from "./collection.ts";
import type { Change, Journal } from "./journal.ts";

interface Undo {
  collection: string;
  id: string;
  before: Entity | undefined;
}

export class Store {
  readonly #collections = new Map<string, Collection<Entity>>();
  readonly #journal: Journal | null;
  #changes = new Map<string, Change>();
  #undo: Undo[] = [];
  #isOpen = false;
  #watchers: ChangeListener[] = [];

  readonly accountTransactions = this.#collection<AccountTransaction>("account_transactions");
  readonly balanceTransactions = this.#collection<BalanceTransaction>("balance_transactions", ["customer"]);
  readonly charges = this.#collection<Charge>("charges", ["payment_intent", "customer"]);
  readonly checkoutSessions = this.#collection<CheckoutSession>("checkout_sessions", ["customer"]);
  readonly counters = this.#collection<{ id: string; value: number }>("counters");
  readonly coupons = this.#collection<Coupon>("coupons");
  readonly creditNotes = this.#collection<CreditNote>("credit_notes", ["invoice", "customer"]);
  readonly customers = this.#collection<Customer>("customers", ["email", "test_clock"]);
  readonly deletedCustomers = this.#collection<{ id: string }>("deleted_customers");
  readonly discounts = this.#collection<Discount>("discounts", ["customer"]);
  readonly disputes = this.#collection<Dispute>("disputes", ["charge", "customer"]);
  readonly deliveries = this.#collection<Delivery>("deliveries", ["event", "endpoint"]);
  readonly finishedDeliveries = this.#collection<FinishedDelivery>("finished_deliveries", ["event"]);
  readonly events = this.#collection<StripeEvent>("events");
  readonly idempotencyKeys = this.#collection<KeptAnswer>("idempotency_keys");
  readonly invoiceItems = this.#collection<InvoiceItem>("invoice_items", [
    "customer",
    "invoice",
    "subscription_item",
  ]);
  readonly invoiceLines = this.#collection<InvoiceLine>("invoice_lines", ["invoice", "subscription_item"]);
  readonly invoicePayments = this.#collection<InvoicePayment>("invoice_payments", [
    "invoice",
    "payment_intent",
  ]);
  readonly invoices = this.#collection<Invoice>("invoices", ["customer", "subscription", "token"]);
  readonly notices = this.#collection<Notice>("notices");
  readonly paymentIntents = this.#collection<PaymentIntent>("payment_intents", ["customer", "client_secret"]);
  readonly paymentMethods = this.#collection<PaymentMethod>("payment_methods", ["customer"]);
  readonly portalConfigurations = this.#collection<PortalConfiguration>("portal_configurations");
  readonly portalSessions = this.#collection<PortalSession>("portal_sessions", ["token"]);
  readonly prices = this.#collection<Price>("prices", ["product", "lookup_key"]);
  readonly products = this.#collection<Product>("products");
  readonly promotionCodes = this.#collection<PromotionCode>("promotion_codes");
  readonly refunds = this.#collection<Refund>("refunds", ["charge", "payment_intent", "customer"]);
  readonly setupIntents = this.#collection<SetupIntent>("setup_intents", ["customer", "client_secret"]);
  readonly subscriptionItems = this.#collection<SubscriptionItem>("subscription_items", ["subscription"]);
  readonly subscriptionSchedules = this.#collection<SubscriptionSchedule>("subscription_schedules", [
    "customer",
  ]);
  readonly subscriptions = this.#collection<Subscription>("subscriptions", ["customer"]);
  readonly taxIds = this.#collection<TaxId>("tax_ids", ["customer"]);
  readonly taxRates = this.#collection<TaxRate>("tax_rates");
  readonly testClocks = this.#collection<TestClock>("test_clocks", ["status"]);
  readonly webhookEndpoints = this.#collection<WebhookEndpoint>("webhook_endpoints");

  /** Without a journal everything is forgotten at the end. */
  constructor(journal: Journal | null = null) {
    this.#journal = journal;
    if (journal === null) return;
    for (const transaction of journal.read()) {
      for (const [name, id, object] of transaction) {
        this.#collections.get(name)?.restore(id, object as Entity | undefined);
      }
    }
    journal.compact(this.#everything());
  }

  transaction<T>(work: () => T): T {
    if (this.#isOpen) return work();
    this.#isOpen = true;
    try {
      const result = work();
      if (this.#changes.size > 0) this.#journal?.append([...this.#changes.values()]);
      return result;
    } catch (error) {
      for (const { collection, id, before } of this.#undo.reverse()) {
        this.#collections.get(collection)?.restore(id, before);
      }
      throw error;
    } finally {
      this.#changes = new Map();
      this.#undo = [];
      this.#isOpen = false;
    }
  }

  /** Work of which only the result is wanted, as a preview's: all that it wrote is undone. Inside a transaction only. */
  dryRun<T>(work: () => T): T {
    const [written, changes] = [this.#undo.length, new Map(this.#changes)];
    try {
      return work();
    } finally {
      for (const { collection, id, before } of this.#undo.splice(written).reverse()) {
        this.#collections.get(collection)?.restore(id, before);
      }
      this.#changes = changes;
    }
  }

  /** What the open transaction has changed so far: as it is now, or as it was when it is gone. */
  touched(): { collection: string; object: Entity }[] {
    return this.#undo.flatMap(({ collection, id, before }) => {
      const object = this.#collections.get(collection)?.get(id) ?? before;
      return object === undefined ? [] : [{ collection, object }];
    });
  }

  /** Everything that is looked up by its customer. */
  ownedByCustomers(): Collection<Entity & { customer: string | null }>[] {
    const owned = [...this.#collections.values()].filter((collection) => collection.hasIndex("customer"));
    return owned as unknown as Collection<Entity & { customer: string | null }>[];
  }

  /** For what is derived from the objects and must follow them, undone changes included. */
  watch(watcher: ChangeListener): void {
    this.#watchers.push(watcher);
  }

  /** Every collection there is, for who looks into the store as a whole. */
  collections(): Collection<Entity>[] {
    return [...this.#collections.values()];
  }

  close(): void {
    this.#journal?.close();
  }

  #collection<T extends Entity>(name: string, indexed: (keyof T)[] = []): Collection<T> {
    const collection = new Collection<T>(name, indexed, {
      record: (changed, id, before, after) => {
        if (!this.#isOpen) throw new Error(`${changed} ${id} was changed outside a transaction`);
        this.#undo.push({ collection: changed, id, before });
        this.#changes.set(`${changed} ${id}`, after === undefined ? [changed, id] : [changed, id, after]);
      },
      observe: (...change) => {
        for (const watcher of this.#watchers) watcher(...change);
      },
    });
    this.#collections.set(name, collection as unknown as Collection<Entity>);
    return collection;
  }

  *#everything(): Generator<Change> {
    for (const collection of this.#collections.values()) {
      for (const object of collection.values()) yield [collection.name, object.id, object];
    }
  }
}
