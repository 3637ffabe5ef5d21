/**
 * Moves an account's time (N2): Stripe's test clock first, then ours, then everything that follows, stop by stop.
 *
 *   at rest      Stripe's clock stands still and ours runs on, so Stripe falls behind by up to a few minutes; `keepUp`
 *                closes the gap, after a night with the service down as well
 *   on the way   `target_at` is stored before the first stop and cleared after the last. Whatever cuts an advance off
 *                leaves the account at some instant before the target, all of it being true there; the next `keepUp` or
 *                advance goes on to the target
 *
 * At each stop Stripe has done what was due until then, our clock shows that instant, and the sync and the jobs have
 * run, as they would have on that day.
 */
import {
  invariant,
  liveSubscription,
  MINUTE_MS,
  SECOND_MS,
  type AccountId,
  type Instant,
} from "@bursar/core";
import { touchAccount } from "../accounts/store.ts";
import type { Database } from "../db/open-database.ts";
import { StripeUnavailableError, type Gateway } from "../stripe/gateway.ts";
import { findStripeCustomer } from "../stripe/store-customers.ts";
import { listSubscriptions } from "../subscriptions/store.ts";
import { nextStop } from "./next-stop.ts";
import { clearTarget, findAccountClock, listAccountClocks, raiseTarget } from "./store.ts";
import type { TravellingClock } from "./travelling-clock.ts";

export interface TravelContext {
  readonly database: Database;
  readonly gateway: Gateway;
  readonly clock: TravellingClock;
  readonly syncCustomer: (customerId: string) => Promise<void>;
  /** Does once what the clock and Stripe have made due. */
  readonly runDue: () => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
}

type Advanced = "advanced" | "under_way" | "without_test_clock";

export interface Travel {
  /** Moves the account's time on to an instant and resolves when everything has followed. */
  advance(accountId: AccountId, to: Instant): Promise<Advanced>;
  /**
   * Brings Stripe's clocks to their accounts' now, and finishes what was cut off. Who asks during a round shares it.
   * @throws after all have had their turn
   */
  keepUp(): Promise<void>;
  /** Where the account's clock is going, if anywhere. */
  targetOf(accountId: AccountId): Promise<Instant | null>;
}

/** So far behind Stripe's clock may be before it is moved: each move is two events in its log. */
const LAG_MAX_MS = MINUTE_MS;

/** Stripe takes some seconds for a month, the offline one some milliseconds. */
const READY_WITHIN_MS = 2 * MINUTE_MS;

/** Far more than 400 days need: each stop is a day on at least. */
const STOPS_MAX = 2_000;

export function createTravel(context: TravelContext): Travel {
  const { database, clock } = context;
  const advancing = new Set<AccountId>();
  const keepingUp = new Map<AccountId, Promise<void>>();
  let round: Promise<void> | null = null;

  async function keepUpOne(accountId: AccountId): Promise<void> {
    if (advancing.has(accountId)) return;
    const row = await findAccountClock(database.kysely, accountId);
    if (row === null) return;
    if (row.targetAt === null && (await lagOf(context, accountId, row.testClockId)) < LAG_MAX_MS) return;
    await carryTo(context, accountId, Math.max(row.targetAt ?? 0, clock.now(accountId)));
  }

  async function keepUpAll(): Promise<void> {
    const errors: unknown[] = [];
    for (const { accountId } of await listAccountClocks(database.kysely)) {
      const work = keepUpOne(accountId);
      keepingUp.set(accountId, work);
      await work.catch((error: unknown) => errors.push(error)).finally(() => keepingUp.delete(accountId));
    }
    if (errors.length > 0) throw new AggregateError(errors, "Some accounts' clocks could not be moved.");
  }

  return {
    async advance(accountId, to) {
      await keepingUp.get(accountId)?.catch(() => {});
      if (advancing.has(accountId)) return "under_way";
      advancing.add(accountId);
      try {
        const row = await findAccountClock(database.kysely, accountId);
        const customer = await findStripeCustomer(database.kysely, accountId);
        if (customer !== null && row?.testClockId == null) return "without_test_clock";
        await raiseTarget(database.kysely, accountId, to);
        const target = (await findAccountClock(database.kysely, accountId))?.targetAt ?? to;
        await carryTo(context, accountId, target);
        return "advanced";
      } finally {
        advancing.delete(accountId);
      }
    },
    keepUp: () => (round ??= keepUpAll().finally(() => (round = null))),
    targetOf: async (accountId) => (await findAccountClock(database.kysely, accountId))?.targetAt ?? null,
  };
}

async function carryTo(context: TravelContext, accountId: AccountId, to: Instant): Promise<void> {
  const { database, gateway, clock } = context;
  // Stripe counts in seconds; the later one, so that both clocks reach the target.
  const target = Math.ceil(to / SECOND_MS) * SECOND_MS;
  for (let stops = 0; ; stops += 1) {
    invariant(stops < STOPS_MAX, "an advance comes to its end");
    const testClockId = (await findAccountClock(database.kysely, accountId))?.testClockId ?? null;
    const stripeAt = testClockId === null ? null : await readyAt(context, testClockId);
    const from = stripeAt ?? clock.now(accountId);
    // Stripe is at the stop, or was when an advance was cut off: now it is our turn.
    await clock.moveTo(accountId, from);
    await follow(context, accountId);
    if (from >= target) break;
    const subscriptions = await listSubscriptions(database.kysely, accountId);
    const stop = nextStop({ from, target, subscription: liveSubscription(subscriptions) ?? null });
    if (testClockId === null || stripeAt === null) await clock.moveTo(accountId, stop);
    else await gateway.advanceTestClock({ testClockId, to: stop });
  }
  await clearTarget(database.kysely, accountId);
}

async function follow(
  { database, syncCustomer, runDue }: TravelContext,
  accountId: AccountId,
): Promise<void> {
  const customer = await findStripeCustomer(database.kysely, accountId);
  if (customer !== null) await syncCustomer(customer.customerId);
  await runDue();
  await touchAccount(database.kysely, accountId);
}

/** @returns the clock's time once it stands still; `null`: it is no more */
async function readyAt({ gateway, pause }: TravelContext, testClockId: string): Promise<Instant | null> {
  for (let waited = 0, ms = 10; ; ms = Math.min(2 * ms, SECOND_MS)) {
    const found = await gateway.fetchTestClock(testClockId);
    if (found === null || found.status === "ready") return found?.frozenAt ?? null;
    if (found.status === "internal_failure") {
      throw new Error(`Stripe could not advance its test clock ${testClockId}. It cannot be moved any more.`);
    }
    if (waited >= READY_WITHIN_MS)
      throw new StripeUnavailableError("Stripe's test clock is still advancing.");
    await pause(ms);
    waited += ms;
  }
}

async function lagOf(
  context: TravelContext,
  accountId: AccountId,
  testClockId: string | null,
): Promise<number> {
  const stripeAt = testClockId === null ? null : await readyAt(context, testClockId);
  return stripeAt === null ? 0 : context.clock.now(accountId) - stripeAt;
}
