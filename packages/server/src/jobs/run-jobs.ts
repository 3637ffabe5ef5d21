import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@bursar/core";
import type { LastUsed } from "../accounts/last-used.ts";
import type { Book } from "../book/book.ts";
import { finishAdjustments } from "../credits/adjust-credits.ts";
import { endOverdue } from "../invoices/end-overdue.ts";
import { POLL_MS, type StreamHub } from "../overview/stream.ts";
import type { Courier } from "../notices/courier.ts";
import type { Metrics } from "../metrics.ts";
import type { Inbox } from "../stripe/inbox.ts";
import { lookForReversals } from "../stripe/look-for-reversals.ts";
import { listCustomersToSweep } from "../stripe/store-customers.ts";
import type { SyncReport } from "../stripe/sync-customer.ts";
import type { Travel } from "../travel/travel.ts";
import { carryingOn, type CarryServices } from "./carry-on.ts";
import { startLoop, type Loop } from "./loop.ts";

/** A customer that no event named for so long is looked at all the same: webhooks can be lost. */
const SWEEP_AFTER_MS = 6 * HOUR_MS;
const SWEEP_CUSTOMERS_MAX = 20;

export interface Jobs {
  /** Handles Stripe's stored events now; for whoever has just stored one. */
  kickInbox(): void;
  /** Carries on the changes and charges of the accounts in `changed`, and those that stand still. */
  kickChanges(): void;
  /** Does once, and waits for, all that the clock and Stripe have made due: for who moves the clock by hand. */
  runDue(): Promise<void>;
  stop(): Promise<void>;
}

interface JobServices extends CarryServices {
  readonly book: Book;
  readonly inbox: Inbox;
  readonly stream: StreamHub;
  /** Looks at a customer that nothing was heard of, and says what it mended. */
  readonly sweepCustomer: (customerId: string) => Promise<SyncReport | null>;
  readonly metrics: Metrics;
  readonly travel?: Travel;
  readonly courier: Courier;
  readonly lastUsed: LastUsed;
  /** Removes what is kept for a time only, in small deletes. */
  readonly trim: () => Promise<void>;
  /** Nothing runs by itself, only `runDue` does: where the clock is moved by hand, so that each run can be waited for. */
  readonly byHand: boolean;
}

export function runJobs(services: JobServices): Jobs {
  const { database, clock, inbox, stream, courier, sweepCustomer, metrics, travel, trim, log } = services;
  const onError = (name: string) => (error: unknown) =>
    log.error({ err: error, job: name }, "a job failed; it will run again");

  function tell({ accountId, customerId, drifts }: SyncReport): void {
    metrics.drifts(drifts);
    for (const { sentence, isAnnounced, what } of drifts) {
      // What an event has announced we would have followed in a moment; anything else somebody should know of.
      const level = isAnnounced ? "info" : "warn";
      log[level]({ accountId, customerId, what, isAnnounced }, `mended: ${sentence}`);
    }
  }
  async function sweep(): Promise<void> {
    const before = clock.now() - SWEEP_AFTER_MS;
    for (const customerId of await listCustomersToSweep(database.kysely, {
      before,
      limit: SWEEP_CUSTOMERS_MAX,
    })) {
      // One customer that cannot be read must not keep the others waiting.
      const report = await sweepCustomer(customerId).catch(onError("sweep"));
      if (report != null) tell(report);
    }
  }
  const { carryOn, lookAtDrawn } = carryingOn(services);
  const drainInbox = async () => void (await inbox.drain());

  let lookedAt = clock.now();
  async function runDue(): Promise<void> {
    if (clock.now() - lookedAt >= HOUR_MS) {
      lookedAt = clock.now();
      await lookForReversals(services).catch(onError("look for refunds"));
    }
    await drainInbox();
    await sweep();
    await lookAtDrawn();
    await carryOn();
    await endOverdue(services);
    await finishAdjustments(services);
    await courier.deliver();
  }
  if (services.byHand) {
    const nothing = () => {};
    return { kickInbox: nothing, kickChanges: nothing, runDue, stop: () => Promise.resolve() };
  }
  const inboxLoop = startLoop(drainInbox, { everyMs: 2 * SECOND_MS, onError: onError("inbox") });
  const changesLoop = startLoop(carryOn, { everyMs: 20 * SECOND_MS, onError: onError("changes") });
  const loops: Loop[] = [
    inboxLoop,
    changesLoop,
    startLoop(lookAtDrawn, { everyMs: SECOND_MS, onError: onError("recharge") }),
    startLoop(() => endOverdue(services), { everyMs: MINUTE_MS, onError: onError("overdue") }),
    startLoop(() => finishAdjustments(services), { everyMs: MINUTE_MS, onError: onError("adjustments") }),
    startLoop(() => stream.poll(), { everyMs: POLL_MS, onError: onError("stream") }),
    ...courierLoops(courier, onError),
    startLoop(() => lookForReversals(services), { everyMs: HOUR_MS, onError: onError("look for refunds") }),
    startLoop(sweep, { everyMs: MINUTE_MS, onError: onError("sweep") }),
    ...(travel === undefined
      ? []
      : [startLoop(() => travel.keepUp(), { everyMs: 5 * MINUTE_MS, onError: onError("travel") })]),
    startLoop(() => services.lastUsed.write(), { everyMs: 15 * SECOND_MS, onError: onError("last used") }),
    startLoop(trim, { everyMs: 10 * MINUTE_MS, onError: onError("trim") }),
  ];
  return {
    kickInbox: () => inboxLoop.kick(),
    kickChanges: () => changesLoop.kick(),
    runDue,
    stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))),
  };
}

/** Mails and webhooks each have a loop, so that a slow receiver of one does not keep the other waiting. */
function courierLoops(courier: Courier, onError: (name: string) => (error: unknown) => void): Loop[] {
  const webhooks = startLoop(() => courier.sendWebhooks(), {
    everyMs: 2 * SECOND_MS,
    onError: onError("webhooks"),
  });
  const mails = startLoop(() => courier.sendMails(), { everyMs: 2 * SECOND_MS, onError: onError("mail") });
  const fanOut = async () => {
    if (!(await courier.fanOut())) return;
    webhooks.kick();
    mails.kick();
  };
  return [startLoop(fanOut, { everyMs: 2 * SECOND_MS, onError: onError("notices") }), webhooks, mails];
}
