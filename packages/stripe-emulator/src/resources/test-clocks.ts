/**
 * Test clocks: time that stands still until it is advanced. Customers made on one live on it with everything of theirs.
 *
 *   ready -> advancing   by the advance call, which answers at once
 *   advancing -> ready   when everything due on the way has happened, in order; writes are refused meanwhile
 *   advancing -> internal_failure   when one of those things failed, a fault of the emulator
 */
import type { Customer } from "../entities/customer.ts";
import type { TestClock } from "../entities/test-clock.ts";
import type { Stripe } from "../wire/stripe-types.ts";
import type { Sandbox } from "../sandbox.ts";
import { newId } from "../store/ids.ts";
import { clockIsAdvancing } from "../time/advancing.ts";
import { fromAnchor, type Cycle } from "../time/calendar.ts";
import { checkInstant } from "../wire/bounds.ts";
import { invalidRequest, noSuchObject, noSuchReference } from "../wire/errors.ts";
import { listPage } from "../wire/lists.ts";
import { route } from "../wire/route.ts";
import { complete, type WireObject } from "../wire/shape.ts";
import { priceOf } from "./prices.ts";

const DAY = 86_400;

/** Stripe's limits of a clock; see the account setting `testClockLimits`. */
const MAX_CUSTOMERS = 3;
const MAX_SUBSCRIPTIONS_OF_CUSTOMER = 3;
const MAX_INTERVALS_AN_ADVANCE = 2;
const MAX_ADVANCE_WITHOUT_SUBSCRIPTION: Cycle = { interval: "year", interval_count: 2 };

export function showTestClock(_sandbox: Sandbox, clock: TestClock): WireObject {
  const { target_frozen_time, ...fields } = clock;
  const status_details = target_frozen_time === null ? {} : { advancing: { target_frozen_time } };
  return complete({ object: "test_helpers.test_clock", ...fields, status_details });
}

function requireClock(sandbox: Sandbox, id: string): TestClock {
  const clock = sandbox.store.testClocks.get(id);
  if (clock === undefined) throw noSuchObject("test clock", id);
  return clock;
}

/** Throws when the clock is unknown or has its customers. */
export function checkRoomForCustomer(sandbox: Sandbox, id: string): void {
  if (sandbox.store.testClocks.get(id) === undefined) throw noSuchReference("test clock", id, "test_clock");
  if (sandbox.account.settings.testClockLimits === "relaxed") return;
  if (sandbox.store.customers.where("test_clock", id).length >= MAX_CUSTOMERS) {
    const message = `The test clock ${id} has its ${MAX_CUSTOMERS} customers: use another clock for more.`;
    throw invalidRequest(message, { param: "test_clock" });
  }
}

/** Throws when a customer on a clock has as many subscriptions as one may have there. */
export function checkRoomForSubscription(sandbox: Sandbox, customer: Customer): void {
  if (customer.test_clock === null || sandbox.account.settings.testClockLimits === "relaxed") return;
  if (sandbox.store.subscriptions.where("customer", customer.id).length >= MAX_SUBSCRIPTIONS_OF_CUSTOMER) {
    throw invalidRequest(
      `A customer on a test clock may have ${MAX_SUBSCRIPTIONS_OF_CUSTOMER} subscriptions: use another customer for more.`,
      { param: "customer" },
    );
  }
}

/** The intervals of all subscriptions on a clock that have not ended. */
function cyclesOn(sandbox: Sandbox, clock: TestClock): Cycle[] {
  const { customers, subscriptions, subscriptionItems } = sandbox.store;
  return customers
    .where("test_clock", clock.id)
    .flatMap(({ id }) => subscriptions.where("customer", id))
    .filter(({ ended_at }) => ended_at === null)
    .flatMap(({ id }) => subscriptionItems.where("subscription", id))
    .flatMap(({ price }) => priceOf(sandbox, price, "price").recurring ?? []);
}

function furthestAdvance(sandbox: Sandbox, clock: TestClock): number {
  const from = clock.frozen_time;
  const ends = cyclesOn(sandbox, clock).map((cycle) => fromAnchor(from, cycle, MAX_INTERVALS_AN_ADVANCE));
  return ends.length > 0 ? Math.min(...ends) : fromAnchor(from, MAX_ADVANCE_WITHOUT_SUBSCRIPTION, 1);
}

function advance(sandbox: Sandbox, clock: TestClock, target: number): TestClock {
  const { assumptions, settings } = sandbox.account;
  if (clock.status === "advancing") throw clockIsAdvancing(clock.id, assumptions.advancingRefusal);
  if (clock.status === "internal_failure") {
    throw invalidRequest(`The test clock ${clock.id} failed and cannot advance any more: delete it.`);
  }
  const param = "frozen_time";
  if (target <= clock.frozen_time) {
    const message = `A test clock only goes forward: ${target} is not after its frozen time ${clock.frozen_time}.`;
    throw invalidRequest(message, { param });
  }
  const furthest = furthestAdvance(sandbox, clock);
  if (settings.testClockLimits === "strict" && target > furthest) {
    const message = `A test clock advances at most two intervals of its shortest subscription at a time (two years without one): to ${furthest} now, not to ${target}.`;
    throw invalidRequest(message, { param });
  }
  const after = sandbox.store.testClocks.patch(clock.id, { status: "advancing", target_frozen_time: target });
  sandbox.emit("test_helpers.test_clock.advancing", showTestClock(sandbox, after));
  return after;
}

/** Everything due on the way has happened. */
export function finishAdvance(sandbox: Sandbox, clock: TestClock): void {
  const frozen_time = clock.target_frozen_time ?? clock.frozen_time;
  const changes = { status: "ready", frozen_time, target_frozen_time: null } as const;
  const ready = sandbox.store.testClocks.patch(clock.id, changes);
  sandbox.emit("test_helpers.test_clock.ready", showTestClock(sandbox, ready));
}

export function failAdvance(sandbox: Sandbox, clock: TestClock): void {
  const changes = { status: "internal_failure", target_frozen_time: null } as const;
  const failed = sandbox.store.testClocks.patch(clock.id, changes);
  sandbox.emit("test_helpers.test_clock.internal_failure", showTestClock(sandbox, failed));
}

/** Takes a clock away with everything that lived on it; events stay. */
export function deleteClock(sandbox: Sandbox, clock: TestClock): void {
  for (const customer of sandbox.store.customers.where("test_clock", clock.id)) {
    deleteEverythingOf(sandbox, customer.id);
  }
  sandbox.store.testClocks.delete(clock.id);
  sandbox.emit("test_helpers.test_clock.deleted", showTestClock(sandbox, clock));
}

function deleteEverythingOf(sandbox: Sandbox, customer: string): void {
  const { store } = sandbox;
  for (const { id } of store.subscriptions.where("customer", customer)) {
    for (const item of store.subscriptionItems.where("subscription", id))
      store.subscriptionItems.delete(item.id);
  }
  for (const { id } of store.invoices.where("customer", customer)) {
    for (const line of store.invoiceLines.where("invoice", id)) store.invoiceLines.delete(line.id);
    for (const payment of store.invoicePayments.where("invoice", id))
      store.invoicePayments.delete(payment.id);
  }
  for (const collection of store.ownedByCustomers()) {
    for (const { id } of collection.where("customer", customer)) {
      store.notices.delete(id);
      collection.delete(id);
    }
  }
  store.customers.delete(customer);
  store.deletedCustomers.put({ id: customer });
}

export const testClockRoutes = [
  route<Stripe.TestHelpers.TestClockCreateParams>(
    "POST /v1/test_helpers/test_clocks",
    ({ sandbox, params }) => {
      if (params.customer) {
        throw invalidRequest(
          "The emulator cannot put an existing customer on a test clock: create one on it.",
          {
            param: "customer",
          },
        );
      }
      const now = sandbox.wallNow();
      const clock = sandbox.store.testClocks.put({
        id: newId("clock"),
        created: now,
        deletes_after: now + sandbox.account.assumptions.testClockLifeDays * DAY,
        name: params.name ?? null,
        frozen_time: checkInstant(params.frozen_time, "frozen_time"),
        status: "ready",
        target_frozen_time: null,
      });
      sandbox.emit("test_helpers.test_clock.created", showTestClock(sandbox, clock));
      return showTestClock(sandbox, clock);
    },
  ),
  route<Stripe.TestHelpers.TestClockListParams>(
    "GET /v1/test_helpers/test_clocks",
    ({ sandbox, params, url }) => {
      const show = (clock: TestClock) => showTestClock(sandbox, clock);
      return listPage(sandbox.store.testClocks.newestFirst(), { params, url, show });
    },
  ),
  route("GET /v1/test_helpers/test_clocks/{id}", ({ sandbox, id }) =>
    showTestClock(sandbox, requireClock(sandbox, id)),
  ),
  route("DELETE /v1/test_helpers/test_clocks/{id}", ({ sandbox, id }) => {
    const clock = requireClock(sandbox, id);
    if (clock.status === "advancing") {
      throw clockIsAdvancing(id, sandbox.account.assumptions.advancingRefusal);
    }
    deleteClock(sandbox, clock);
    return { id, object: "test_helpers.test_clock", deleted: true };
  }),
  route<Stripe.TestHelpers.TestClockAdvanceParams>(
    "POST /v1/test_helpers/test_clocks/{id}/advance",
    ({ sandbox, id, params }) =>
      showTestClock(
        sandbox,
        advance(sandbox, requireClock(sandbox, id), checkInstant(params.frozen_time, "frozen_time")),
      ),
  ),
];
