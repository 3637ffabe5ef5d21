/**
 * Carries out what falls due, one thing at a time and each in a transaction of its own, on the wall clock and on test
 * clocks alike. A thing happens at its own instant: whatever it creates bears that time, however late it is carried out.
 *
 * What is due follows from the objects in the store, so nothing is lost with the process: the next start finds a renewal
 * that came up meanwhile, and a test clock that was advancing goes on to where it was told to go.
 */
import type { TestClock } from "../entities/test-clock.ts";
import { finishAdvance, failAdvance } from "../resources/test-clocks.ts";
import type { Sandbox } from "../sandbox.ts";
import { WALL, type Agenda, type Appointment } from "./agenda.ts";
import { carryOut } from "./carry-out.ts";

export interface TimeKeeperOptions {
  sandbox: Sandbox;
  agenda: Agenda;
  /** Called after each batch, when webhooks may go. */
  afterBatch: () => void;
  onFailure: (error: unknown) => void;
}

/** So many things are carried out before requests get a turn: a few milliseconds' worth. */
const BATCH = 20;

/** Node's timers go no further than 24.8 days; one this long is armed again when it ends. */
const MAX_TIMER_MS = 24 * 3_600_000;

export class TimeKeeper {
  readonly #options: TimeKeeperOptions;
  /** Up to here the wall clock's things are done: one that lies before it became due late, and happens now. */
  #wallDoneUntil = 0;
  #running: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: TimeKeeperOptions) {
    this.#options = options;
  }

  /** Begins whatever is due and sets the alarm for what comes next. Cheap when nothing is. */
  wake(): void {
    if (this.#isClosed) return;
    if (this.#running === null && this.#nextStep() !== null) this.#running = this.#run();
    if (this.#running === null) this.#setAlarm();
  }

  /** Looks at the clock now, and resolves when nothing is due any more and no test clock advances. */
  async catchUp(): Promise<void> {
    this.wake();
    while (this.#running !== null) await this.#running;
  }

  /** Carries out a batch of the wall clock's things, so that a request does not meet a past that has yet to happen. */
  catchUpBriefly(): void {
    for (let done = 0; done < BATCH; done += 1) {
      const appointment = this.#dueOnWall();
      if (appointment === undefined) return;
      this.#keepOnWall(appointment);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    do {
      await new Promise<void>((resolve) => setImmediate(resolve));
      for (let done = 0; done < BATCH && !this.#isClosed; done += 1) this.#nextStep()?.();
      this.#options.afterBatch();
    } while (!this.#isClosed && this.#nextStep() !== null);
    this.#running = null;
    this.wake();
  }

  /** The wall clock first, then the clocks that advance, the longest-running one first. */
  #nextStep(): (() => void) | null {
    const appointment = this.#dueOnWall();
    if (appointment !== undefined) return () => this.#keepOnWall(appointment);
    const [clock] = this.#options.sandbox.store.testClocks.where("status", "advancing");
    return clock === undefined ? null : () => this.#stepClock(clock);
  }

  #dueOnWall(): Appointment | undefined {
    const { agenda, sandbox } = this.#options;
    const now = sandbox.wallNow();
    const next = agenda.next(WALL);
    if (next !== undefined && next.at <= now) return next;
    this.#wallDoneUntil = Math.max(this.#wallDoneUntil, now);
    return undefined;
  }

  #keepOnWall(appointment: Appointment): void {
    const { sandbox } = this.#options;
    const at = Math.max(appointment.at, this.#wallDoneUntil);
    this.#wallDoneUntil = at;
    this.#keep(appointment, () => sandbox.atInstant(at, () => carryOut(sandbox, appointment)));
  }

  #stepClock(clock: TestClock): void {
    const { sandbox, agenda } = this.#options;
    const target = clock.target_frozen_time ?? clock.frozen_time;
    const next = agenda.next(clock.id);
    if (next === undefined || next.at > target) {
      sandbox.byClock(() => finishAdvance(sandbox, clock));
      return;
    }
    const isKept = this.#keep(next, () =>
      sandbox.byClock(() => {
        const frozen_time = Math.max(clock.frozen_time, next.at);
        sandbox.store.testClocks.patch(clock.id, { frozen_time });
        carryOut(sandbox, next);
      }),
    );
    if (!isKept) sandbox.byClock(() => failAdvance(sandbox, clock));
  }

  /** One that fails is told and set aside: it would only fail again, and hold up everything behind it. */
  #keep(appointment: Appointment, work: () => void): boolean {
    const { agenda, onFailure } = this.#options;
    try {
      work();
      if (agenda.next(appointment.timeline) !== appointment) return true;
      onFailure(new Error(`${appointment.kind} of ${appointment.id} left it as due as before`));
    } catch (error) {
      onFailure(error);
    }
    agenda.setAside(appointment);
    return false;
  }

  #setAlarm(): void {
    clearTimeout(this.#timer);
    const next = this.#options.agenda.next(WALL);
    if (next === undefined) return;
    const waitMs = (next.at - this.#options.sandbox.wallNow()) * 1000;
    this.#timer = setTimeout(() => this.wake(), Math.min(Math.max(waitMs, 1), MAX_TIMER_MS));
    this.#timer.unref();
  }
}
