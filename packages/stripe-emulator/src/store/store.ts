/**
 * Everything that an emulator remembers. All writes happen in transactions: the changes of one are undone together when
 * its work throws, and reach the journal as one line before anybody is answered.
 */
import type { CheckoutSession } from "../resources/checkout/session.ts";
import type { Customer } from "../resources/customers.ts";
import type { Delivery, StripeEvent } from "../resources/events.ts";
import type { InvoicePayment } from "../resources/invoices/invoice-payments.ts";
import type { Invoice } from "../resources/invoices/invoice.ts";
import type { InvoiceLine } from "../resources/invoices/line.ts";
import type { PaymentMethod } from "../resources/payment-methods.ts";
import type { Charge } from "../resources/payments/charges.ts";
import type { PaymentIntent } from "../resources/payments/payment-intent.ts";
import type { SetupIntent } from "../resources/payments/setup-intents.ts";
import type { PortalConfiguration } from "../resources/portal/configurations.ts";
import type { PortalSession } from "../resources/portal/sessions.ts";
import type { Price } from "../resources/prices.ts";
import type { Product } from "../resources/products.ts";
import type { Subscription, SubscriptionItem } from "../resources/subscriptions/subscription.ts";
import type { TaxRate } from "../resources/tax-rates.ts";
import type { WebhookEndpoint } from "../resources/webhook-endpoints.ts";
import type { KeptAnswer } from "../wire/idempotency.ts";
import { Collection, type Entity } from "./collection.ts";
import type { Change, Journal } from "./journal.ts";

/** A frozen clock that customers may live on. */
export interface TestClock {
  id: string;
  created: number;
  frozen_time: number;
}

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

  readonly charges = this.#collection<Charge>("charges", ["payment_intent", "customer"]);
  readonly checkoutSessions = this.#collection<CheckoutSession>("checkout_sessions");
  readonly counters = this.#collection<{ id: string; value: number }>("counters");
  readonly customers = this.#collection<Customer>("customers", ["email"]);
  readonly deletedCustomers = this.#collection<{ id: string }>("deleted_customers");
  readonly deliveries = this.#collection<Delivery>("deliveries", ["event"]);
  readonly events = this.#collection<StripeEvent>("events");
  readonly idempotencyKeys = this.#collection<KeptAnswer>("idempotency_keys");
  readonly invoiceLines = this.#collection<InvoiceLine>("invoice_lines", ["invoice"]);
  readonly invoicePayments = this.#collection<InvoicePayment>("invoice_payments", [
    "invoice",
    "payment_intent",
  ]);
  readonly invoices = this.#collection<Invoice>("invoices", ["customer", "subscription", "token"]);
  readonly paymentIntents = this.#collection<PaymentIntent>("payment_intents", ["customer", "client_secret"]);
  readonly paymentMethods = this.#collection<PaymentMethod>("payment_methods", ["customer"]);
  readonly portalConfigurations = this.#collection<PortalConfiguration>("portal_configurations");
  readonly portalSessions = this.#collection<PortalSession>("portal_sessions", ["token"]);
  readonly prices = this.#collection<Price>("prices", ["product", "lookup_key"]);
  readonly products = this.#collection<Product>("products");
  readonly setupIntents = this.#collection<SetupIntent>("setup_intents");
  readonly subscriptionItems = this.#collection<SubscriptionItem>("subscription_items", ["subscription"]);
  readonly subscriptions = this.#collection<Subscription>("subscriptions", ["customer"]);
  readonly taxRates = this.#collection<TaxRate>("tax_rates");
  readonly testClocks = this.#collection<TestClock>("test_clocks");
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

  close(): void {
    this.#journal?.close();
  }

  #collection<T extends Entity>(name: string, indexed: (keyof T)[] = []): Collection<T> {
    const collection = new Collection<T>(name, indexed, (changed, id, before, after) => {
      if (!this.#isOpen) throw new Error(`${changed} ${id} was changed outside a transaction`);
      this.#undo.push({ collection: changed, id, before });
      this.#changes.set(`${changed} ${id}`, after === undefined ? [changed, id] : [changed, id, after]);
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
