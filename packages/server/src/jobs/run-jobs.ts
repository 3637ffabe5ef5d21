import { HOUR_MS, MINUTE_MS, SECOND_MS, type Clock } from "@bursar/core";
import type { Database } from "../db/open-database.ts";
import { POLL_MS, type StreamHub } from "../overview/stream.ts";
import type { Log } from "../log.ts";
import type { Inbox } from "../stripe/inbox.ts";
import { listCustomersToSweep } from "../stripe/store-customers.ts";
import { startLoop, type Loop } from "./loop.ts";

/** A customer that no event named for so long is looked at all the same: webhooks can be lost. */
const SWEEP_AFTER_MS = 6 * HOUR_MS;
const SWEEP_CUSTOMERS_MAX = 20;

export interface Jobs {
  /** Handles Stripe's stored events now; for whoever has just stored one. */
  kickInbox(): void;
  stop(): Promise<void>;
}

export function runJobs(services: {
  database: Database;
  clock: Clock;
  inbox: Inbox;
  stream: StreamHub;
  syncCustomer: (customerId: string) => Promise<void>;
  /** Removes what is kept for a time only, in small deletes. */
  trim: () => Promise<void>;
  log: Log;
}): Jobs {
  const { database, clock, inbox, stream, syncCustomer, trim, log } = services;
  const onError = (name: string) => (error: unknown) =>
    log.error({ err: error, job: name }, "a job failed; it will run again");

  async function sweep(): Promise<void> {
    const before = clock.now() - SWEEP_AFTER_MS;
    for (const customerId of await listCustomersToSweep(database.kysely, {
      before,
      limit: SWEEP_CUSTOMERS_MAX,
    })) {
      await syncCustomer(customerId);
    }
  }
  const drainInbox = async () => void (await inbox.drain());

  const inboxLoop = startLoop(drainInbox, { everyMs: 2 * SECOND_MS, onError: onError("inbox") });
  const loops: Loop[] = [
    inboxLoop,
    startLoop(() => stream.poll(), { everyMs: POLL_MS, onError: onError("stream") }),
    startLoop(sweep, { everyMs: MINUTE_MS, onError: onError("sweep") }),
    startLoop(trim, { everyMs: 10 * MINUTE_MS, onError: onError("trim") }),
  ];
  return {
    kickInbox: () => inboxLoop.kick(),
    stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))),
  };
}
