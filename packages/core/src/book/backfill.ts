import { findMeter, type Meter } from "../catalog/catalog.ts";
import { invariant } from "../kernel/invariant.ts";
import type { AccountId } from "../kernel/ids.ts";
import { contains, DAY_MS, type Instant, type Span } from "../kernel/time.ts";
import { usageWindowAt } from "../periods/usage-window.ts";
import type { AccountState } from "./account-state.ts";
import { openWindow } from "./allocation.ts";
import { writesOf, type Applied } from "./apply.ts";
import type { EventCommand } from "./command.ts";
import { FUTURE_TOLERANCE_MS, isTooEarly, type BookContext } from "./counted-at.ts";
import { Draft } from "./draft.ts";
import type { Outcome } from "./outcome.ts";

/** An event of the past, counted in the window of its time; see `EventCommand`. */
export interface BackfillCommand extends EventCommand {
  readonly mode: "backfill";
}

/**
 * Carries out a batch of history, all received at one instant: the same outcomes and the same writes as `apply` gives
 * for the same commands, several times as fast, because nothing in it needs a decision about tokens. What is the same
 * for many events (the window, the day, the meter) is found once, and each counter is written once.
 */
export function applyBackfill(
  context: BookContext,
  states: ReadonlyMap<AccountId, AccountState>,
  commands: readonly BackfillCommand[],
): Applied {
  const accounts = new Map<AccountId, AccountBackfill>();
  const outcomes = commands.map((command): Outcome => {
    let account = accounts.get(command.accountId);
    if (account === undefined) {
      const state = states.get(command.accountId);
      if (state === undefined) return { code: "account_not_found" };
      account = new AccountBackfill(context, new Draft(state), command.receivedAt);
      accounts.set(command.accountId, account);
    }
    return account.record(command);
  });
  const after = new Map(states);
  for (const [accountId, account] of accounts) {
    account.finish();
    after.set(accountId, account.draft.after);
  }
  return { outcomes, states: after, writes: writesOf([...accounts.values()].map(({ draft }) => draft)) };
}

/** What one batch adds to one meter. */
interface MeterSums {
  readonly meter: Meter;
  /** Of a level: what there is after the events so far. */
  level: number;
  /** By the start of the window; of a level the one sum of its changes. */
  readonly windows: Map<Instant, { readonly window: Span | null; quantity: number }>;
  /** By the number of the UTC day. */
  readonly days: Map<number, DaySums>;
}

/** What one day has of a meter. */
interface DaySums {
  /** Of all events, or of those that name no group. */
  rest: number;
  readonly groups: Map<string, number> | null;
}

const RECORDED: Outcome = { code: "recorded", late: false, draw: null };

class AccountBackfill {
  readonly draft: Draft;
  readonly #context: BookContext;
  readonly #receivedAt: Instant;
  readonly #meters = new Map<string, MeterSums>();
  /** Those met so far, the last one first: events of a file mostly come in the order of their times. */
  readonly #windows: Span[] = [];
  #isOpen = false;

  constructor(context: BookContext, draft: Draft, receivedAt: Instant) {
    this.#context = context;
    this.draft = draft;
    this.#receivedAt = receivedAt;
  }

  /** The rules of `recordEvent`, in its order. */
  record(event: BackfillCommand): Outcome {
    const { draft } = this;
    invariant(event.receivedAt === this.#receivedAt, "a batch of history is received at one instant");
    if (draft.hasEvent(event.eventId) || this.#isDrawn(event.eventId)) {
      return { code: "duplicate", balance: draft.balanceOf("purchased") };
    }
    const sums = this.#sumsOf(event.meterId);
    if (sums === null) {
      const meters = this.#context.catalog.meters.map(({ id }) => id);
      return { code: "unknown_meter", meterId: event.meterId, meters };
    }
    if (isTooEarly(event)) {
      const latestAllowed = event.receivedAt + FUTURE_TOLERANCE_MS;
      return { code: "event_in_future", time: event.time, latestAllowed };
    }
    const isLevel = sums.meter.kind === "level";
    invariant(
      Number.isSafeInteger(event.quantity) && (isLevel ? event.quantity !== 0 : event.quantity > 0),
      "a quantity is a whole number above zero, or the signed change of a level",
    );
    this.#open();
    if (isLevel && sums.level + event.quantity < 0) {
      return { code: "level_below_zero", meterId: sums.meter.id, level: sums.level };
    }
    this.#add(sums, event);
    draft.keepEventId(event.eventId, event.receivedAt);
    return RECORDED;
  }

  #isDrawn(eventId: string): boolean {
    const { draft } = this;
    if (draft.before.knownSources.size === 0) return false;
    const source = `event:${eventId}`;
    return draft.hasSource("allocation_usage", source) || draft.hasSource("usage", source);
  }

  /** The book comes up to the instant of receipt with the first event that is judged, as for any command. */
  #open(): void {
    if (this.#isOpen) return;
    openWindow(this.#context, this.draft, this.#receivedAt);
    this.#isOpen = true;
  }

  #sumsOf(meterId: string): MeterSums | null {
    const known = this.#meters.get(meterId);
    if (known !== undefined) return known;
    const meter = findMeter(this.#context.catalog, meterId);
    if (meter === undefined) return null;
    const level = meter.kind === "level" ? this.draft.usedOf({ meterId, window: null }) : 0;
    const sums = { meter, level, windows: new Map(), days: new Map() };
    this.#meters.set(meterId, sums);
    return sums;
  }

  #add(sums: MeterSums, { time, quantity, group }: BackfillCommand): void {
    this.#addToDay(sums, { time, quantity, group });
    // Tokens of the past were paid for in the past: they show in the chart and draw nothing.
    if (sums.meter.kind === "tokens") return;
    const window = sums.meter.kind === "level" ? null : this.#windowAt(time);
    if (window === null) sums.level += quantity;
    const key = window?.startsAt ?? 0;
    const counted = sums.windows.get(key);
    if (counted === undefined) sums.windows.set(key, { window, quantity });
    else counted.quantity += quantity;
  }

  #addToDay(
    { meter, days }: MeterSums,
    { time, quantity, group }: Pick<BackfillCommand, "time" | "quantity" | "group">,
  ): void {
    const number = Math.floor(time / DAY_MS);
    let day = days.get(number);
    if (day === undefined) {
      day = { rest: 0, groups: meter.groupBy === null ? null : new Map() };
      days.set(number, day);
    }
    if (group === null || day.groups === null) day.rest += quantity;
    else day.groups.set(group, (day.groups.get(group) ?? 0) + quantity);
  }

  /** Windows tile time, so a window that holds the instant is its window. */
  #windowAt(at: Instant): Span {
    const index = this.#windows.findIndex((window) => contains(window, at));
    if (index === 0) return this.#windows[0]!;
    const window =
      index === -1
        ? usageWindowAt(this.draft.before.entitlements.slices, at)
        : this.#windows.splice(index, 1)[0]!;
    this.#windows.unshift(window);
    return window;
  }

  /** Writes what was added up. A sum that is no safe integer stops the batch here, before anything is stored. */
  finish(): void {
    for (const { meter, windows, days } of this.#meters.values()) {
      for (const { window, quantity } of windows.values()) {
        this.draft.count({ meterId: meter.id, window }, quantity, this.#receivedAt);
      }
      for (const [day, { rest, groups }] of days) {
        const at = day * DAY_MS;
        if (rest > 0 || groups === null) this.draft.countDay(meter.id, at, { quantity: rest, group: null });
        for (const [group, quantity] of groups ?? []) this.draft.countDay(meter.id, at, { quantity, group });
      }
    }
  }
}
