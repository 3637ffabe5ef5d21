/**
 * What every resource works in: the account, its objects, the time and the events. (Stripe calls a test environment a
 * sandbox; this is one.) All work on it is synchronous and runs in a transaction, so that no two requests interleave.
 */
import type { EventRequest, EventType } from "./entities/event.ts";
import type { Account } from "./account.ts";
import { Faults } from "./faults/faults.ts";
import { refuseWhileAdvancing } from "./time/advancing.ts";
import { recordEvents, type RaisedEvent } from "./webhooks/record-events.ts";
import type { Store } from "./store/store.ts";
import type { WireObject } from "./wire/shape.ts";

export interface SandboxOptions {
  account: Account;
  store: Store;
  /** The wall clock, in milliseconds. */
  now: () => number;
  secretKey: string;
  /** Where the hosted pages are, without a slash at the end. */
  baseUrl: string;
}

export class Sandbox {
  readonly account: Account;
  readonly store: Store;
  readonly secretKey: string;
  /** The troubles that somebody ordered. */
  readonly faults = new Faults();
  baseUrl: string;
  readonly #wallClock: () => number;
  #raised: RaisedEvent[] = [];
  #request: EventRequest | null = null;
  #eventOrder: readonly EventType[] = [];
  /** The instant of the wall clock's thing that is being carried out, which may be later than its time. */
  #instant: number | null = null;
  /** Whether a test clock itself is at work, which nobody else may be while it advances. */
  #isByClock = false;

  constructor(options: SandboxOptions) {
    this.account = options.account;
    this.store = options.store;
    this.secretKey = options.secretKey;
    this.baseUrl = options.baseUrl;
    this.#wallClock = options.now;
  }

  /** The wall clock in milliseconds. */
  wallNowMs(): number {
    return this.#wallClock();
  }

  /** Unix seconds on the wall clock: for what belongs to no customer, such as products and endpoints. */
  wallNow(): number {
    return this.#instant ?? Math.floor(this.#wallClock() / 1000);
  }

  /** Unix seconds as a customer lives them: their test clock's frozen time, or the wall clock. */
  now(customer: string | null | undefined): number {
    const clock = customer ? this.store.customers.get(customer)?.test_clock : undefined;
    const frozen = clock ? this.store.testClocks.get(clock)?.frozen_time : undefined;
    return frozen ?? this.wallNow();
  }

  /** What an event of a customer says of its time. */
  eventNow(customer: string | null): number {
    return this.account.assumptions.eventTime === "test_clock" ? this.now(customer) : this.wallNow();
  }

  /** Notes an event with a snapshot of its object as it is now; it is stored when the transaction ends. */
  emit(type: EventType, object: WireObject, previous?: Record<string, unknown>): void {
    this.#raised.push({ type, object, previous: previous ?? null });
  }

  /** Asks for the events of this transaction in the order in which Stripe's arrive, not that of the work. */
  arrangeEvents(order: readonly EventType[]): void {
    this.#eventOrder = order;
  }

  /** Everything in `work`, its events included, is stored together or not at all. */
  transaction<T>(work: () => T, request: EventRequest | null = null): T {
    this.#raised = [];
    this.#eventOrder = [];
    this.#request = request;
    return this.store.transaction(() => {
      const result = work();
      if (!this.#isByClock) refuseWhileAdvancing(this.store, this.account.assumptions.advancingRefusal);
      recordEvents(this, this.#raised, { order: this.#eventOrder, request: this.#request });
      return result;
    });
  }

  /** Work of which only the result is wanted: nothing that it wrote or raised stays. */
  dryRun<T>(work: () => T): T {
    const [raised, order] = [[...this.#raised], this.#eventOrder];
    try {
      return this.store.dryRun(work);
    } finally {
      this.#raised = raised;
      this.#eventOrder = order;
    }
  }

  /** A dry run at an instant to come, in a customer's time. */
  dryRunAt<T>(customer: string, instant: number, work: () => T): T {
    const clock = this.store.customers.get(customer)?.test_clock;
    const before = this.#instant;
    try {
      return this.dryRun(() => {
        if (clock) this.store.testClocks.patch(clock, { frozen_time: instant });
        else this.#instant = instant;
        return work();
      });
    } finally {
      this.#instant = before;
    }
  }

  /** A transaction that happens at an instant of the wall clock, later than which it may be carried out. */
  atInstant(instant: number, work: () => void): void {
    this.#instant = instant;
    try {
      this.transaction(work);
    } finally {
      this.#instant = null;
    }
  }

  /** A transaction of a test clock that advances. */
  byClock(work: () => void): void {
    this.#isByClock = true;
    try {
      this.transaction(work);
    } finally {
      this.#isByClock = false;
    }
  }
}
