import { invariant, safeInteger } from "../kernel/invariant.ts";
import type { Instant, Span } from "../kernel/time.ts";
import { counterKey, LEVEL_STARTS_AT, sourceKey } from "./account-state.ts";
import type { AccountState, Counter, Hold } from "./account-state.ts";
import { allocationWindowStart, type BookAccount } from "./book-account.ts";
import type { LedgerEntry, Transfer } from "./ledger-entry.ts";
import type { CreditsNotice, ThresholdNotice } from "./notice.ts";
import { dayOf, type UsageDay, type UsageGroup } from "./usage-day.ts";

/** Where a quantity is added: a window of a meter, or `null` for the one counter of a level. */
export interface CountTarget {
  readonly meterId: string;
  readonly window: Span | null;
}

/**
 * One account while a batch is applied: a copy that the commands change one after the other, and the list of what
 * must be written in the end. It keeps the arithmetic (balances, numbers, uniqueness) and knows no rule of billing.
 */
export class Draft {
  readonly before: AccountState;
  readonly entries: LedgerEntry[] = [];
  readonly notices: ThresholdNotice[] = [];
  readonly creditsNotices: CreditsNotice[] = [];
  readonly newEventIds: { readonly eventId: string; readonly receivedAt: Instant }[] = [];
  readonly changedBalances = new Set<BookAccount>();
  readonly changedCounters = new Set<string>();
  readonly changedHolds = new Set<string>();
  readonly days = new Map<string, UsageDay>();
  readonly groups = new Map<string, UsageGroup>();

  readonly #balances: Map<BookAccount, number>;
  readonly #lapsedWindows: Set<Instant>;
  readonly #counters: Map<string, Counter>;
  readonly #holds: Map<string, Hold>;
  readonly #eventIds: Set<string>;
  readonly #sources: Set<string>;

  constructor(before: AccountState) {
    this.before = before;
    this.#balances = new Map(before.balances);
    this.#lapsedWindows = new Set(before.lapsedWindows);
    this.#counters = new Map(before.counters);
    this.#holds = new Map(before.holds);
    this.#eventIds = new Set(before.knownEventIds);
    this.#sources = new Set(before.knownSources);
  }

  get after(): AccountState {
    return {
      accountId: this.before.accountId,
      entitlements: this.before.entitlements,
      lastEntryNumber: this.lastEntryNumber,
      balances: this.#balances,
      lapsedWindows: this.#lapsedWindows,
      counters: this.#counters,
      holds: this.#holds,
      knownEventIds: this.#eventIds,
      knownSources: this.#sources,
    };
  }

  get lastEntryNumber(): number {
    return this.before.lastEntryNumber + this.entries.length;
  }

  get balances(): ReadonlyMap<BookAccount, number> {
    return this.#balances;
  }

  get holds(): ReadonlyMap<string, Hold> {
    return this.#holds;
  }

  balanceOf(account: BookAccount): number {
    return this.#balances.get(account) ?? 0;
  }

  /** Enters a transfer in the ledger and moves both balances. */
  post(transfer: Transfer): void {
    const { from, to, tokens } = transfer;
    invariant(
      Number.isSafeInteger(tokens) && tokens > 0,
      "a transfer moves a positive whole number of tokens",
    );
    invariant(from !== to, "a transfer has two sides");
    const key = sourceKey(transfer.kind, transfer.source);
    invariant(!this.#sources.has(key), `a transfer enters once: ${key}`);
    this.#sources.add(key);

    const fromBalanceAfter = this.#move(from, -tokens);
    const toBalanceAfter = this.#move(to, tokens);
    const number = this.lastEntryNumber + 1;
    this.entries.push({
      ...transfer,
      accountId: this.before.accountId,
      number,
      fromBalanceAfter,
      toBalanceAfter,
    });
  }

  #move(account: BookAccount, tokens: number): number {
    const balance = safeInteger(this.balanceOf(account) + tokens, `the balance of ${account}`);
    invariant(allocationWindowStart(account) === null || balance >= 0, "an allocation is never overdrawn");
    this.#balances.set(account, balance);
    this.changedBalances.add(account);
    return balance;
  }

  hasSource(kind: string, source: string): boolean {
    return this.#sources.has(sourceKey(kind, source));
  }

  hasLapsed(windowStartsAt: Instant): boolean {
    return this.#lapsedWindows.has(windowStartsAt);
  }

  /** Closes the allocation of a window for good; what was left in it has been moved out before. */
  markLapsed(windowStartsAt: Instant, allocation: BookAccount): void {
    invariant(this.balanceOf(allocation) === 0, "a lapsed allocation is empty");
    this.#lapsedWindows.add(windowStartsAt);
    this.changedBalances.add(allocation);
  }

  counterOf({ meterId, window }: CountTarget): Counter | undefined {
    return this.#counters.get(counterKey(meterId, window?.startsAt ?? LEVEL_STARTS_AT));
  }

  usedOf(target: CountTarget): number {
    return this.counterOf(target)?.used ?? 0;
  }

  /** Adds to a counter (a level's change may be negative) and returns what it is now. */
  count(target: CountTarget, quantity: number, receivedAt: Instant): number {
    const counter = this.counterOf(target);
    const used = safeInteger((counter?.used ?? 0) + quantity, `what is counted of ${target.meterId}`);
    invariant(used >= 0, "a counter is never below zero");
    this.#setCounter({
      meterId: target.meterId,
      windowStartsAt: target.window?.startsAt ?? LEVEL_STARTS_AT,
      windowEndsAt: target.window?.endsAt ?? null,
      used,
      newestReceivedAt: Math.max(counter?.newestReceivedAt ?? receivedAt, receivedAt),
      alertPercent: counter?.alertPercent ?? 0,
      alertWindowStartsAt: counter?.alertWindowStartsAt ?? null,
    });
    return used;
  }

  /** Notes a threshold as told, and tells it. */
  notify(counter: Counter, notice: ThresholdNotice): void {
    const { percent, windowStartsAt } = notice;
    this.#setCounter({ ...counter, alertPercent: percent, alertWindowStartsAt: windowStartsAt });
    this.notices.push(notice);
  }

  #setCounter(counter: Counter): void {
    const key = counterKey(counter.meterId, counter.windowStartsAt);
    this.#counters.set(key, counter);
    this.changedCounters.add(key);
  }

  /** Adds to the day's figure of the daily chart and, where the use belongs to one, to its group's part of it. */
  countDay(meterId: string, at: Instant, used: { quantity: number; group: string | null }): void {
    const { quantity, group } = used;
    const day = dayOf(at);
    const key = `${meterId} ${day}`;
    const before = this.days.get(key);
    const accountId = this.before.accountId;
    this.days.set(key, {
      accountId,
      meterId,
      day,
      quantity: safeInteger((before?.quantity ?? 0) + quantity, "a day's sum"),
      grouped: (before?.grouped ?? 0) + (group === null ? 0 : quantity),
    });
    if (group === null) return;
    const groupKey = `${key} ${group}`;
    const counted = (this.groups.get(groupKey)?.quantity ?? 0) + quantity;
    this.groups.set(groupKey, { accountId, meterId, day, group, quantity: counted });
  }

  hasEvent(eventId: string): boolean {
    return this.#eventIds.has(eventId);
  }

  keepEventId(eventId: string, receivedAt: Instant): void {
    this.#eventIds.add(eventId);
    this.newEventIds.push({ eventId, receivedAt });
  }

  setHold(hold: Hold): void {
    this.#holds.set(hold.holdId, hold);
    this.changedHolds.add(hold.holdId);
  }
}
