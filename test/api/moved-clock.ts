/*
 * A service and an offline Stripe that live on one clock, which only the test moves. Nothing is waited for: what falls
 * due on the way happens at its instant, at Stripe first, then its webhooks, then our own jobs.
 */
import type { Clock, Instant } from "@bursar/core";
import { startService, type RunningService, type ServiceOptions } from "./service.ts";
import type { databases } from "./service.ts";

export interface TimeTravel extends RunningService {
  now(): Instant;
  /** Moves to an instant (ISO 8601), a day at a time unless told otherwise, so that webhooks arrive on their day. */
  travelTo(instant: string, options?: { stepDays: number }): Promise<void>;
  /** Moves there while only Stripe is awake: nothing of ours runs and nobody calls. */
  sleepUntil(instant: string): Promise<void>;
  /** The same while our service is down: things happen at Stripe, and its webhooks are lost. */
  travelUnheardTo(instant: string): Promise<void>;
  /** Lets everything that is due now happen: webhooks arrive, jobs run. */
  settle(): Promise<void>;
}

const DAY_MS = 86_400_000;

export async function startAt(
  open: (typeof databases)[number]["open"],
  instant: string,
  options: Omit<ServiceOptions, "clock" | "jobsByHand"> = {},
): Promise<TimeTravel> {
  let now = Date.parse(instant);
  const clock: Clock = { now: () => now };
  const running = await startService(open, { ...options, clock, jobsByHand: true });
  const settle = async () => {
    await running.emulator.catchUp();
    await running.emulator.deliverDue();
    await running.service.runDue();
    await running.emulator.deliverDue();
    await running.service.runDue();
  };
  return {
    ...running,
    now: () => now,
    settle,
    async sleepUntil(target) {
      now = Date.parse(target);
      await running.emulator.catchUp();
    },
    async travelUnheardTo(target) {
      running.emulator.faults.add({ kind: "webhook_drop" });
      const end = Date.parse(target);
      while (now < end) {
        now = Math.min(end, now + DAY_MS);
        await running.emulator.catchUp();
        await running.emulator.deliverDue();
      }
      running.emulator.faults.clear();
    },
    async travelTo(target, { stepDays } = { stepDays: 1 }) {
      const end = Date.parse(target);
      while (now < end) {
        now = Math.min(end, now + stepDays * DAY_MS);
        await settle();
      }
    },
  };
}
