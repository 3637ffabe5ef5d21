import { hasSidesOfKind } from "@bursar/core";

/** Something in the book that is not as it must be. */
export interface BookFault {
  readonly accountId: string;
  /** The rule that is broken, as a sentence. */
  readonly rule: string;
  /** What was found, with its figures. */
  readonly found: string;
}

/** What stands beside the entries of an account, all of one instant. */
export interface AccountFacts {
  readonly accountId: string;
  readonly lastEntryNumber: number;
  /** The highest number of an entry that there is; 0: none. */
  readonly highestEntryNumber: number;
  readonly balances: readonly (readonly [bookAccount: string, balance: number, lapsed: boolean])[];
  /** Of the tokens meter: the start of each window, and what its counter says. */
  readonly tokenCounters: readonly (readonly [windowStartsAt: number, used: number])[];
}

export interface AuditedEntry {
  readonly accountId: string;
  readonly number: number;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly tokens: number;
  readonly fromBalanceAfter: number;
  readonly toBalanceAfter: number;
}

/**
 * Adds up one account's entries in their order and compares with what stands beside them (K4). It holds a sum for each
 * book account, so its memory does not grow with the number of entries.
 */
export class AccountAudit {
  readonly #facts: AccountFacts;
  readonly #sums = new Map<string, number>();
  /** What was used or repaid out of each allocation; under `granted` what unlimited ones paid. */
  readonly #drawn = new Map<string, number>();
  readonly #faults: BookFault[] = [];
  #entries = 0;

  constructor(facts: AccountFacts) {
    this.#facts = facts;
  }

  /** @returns false for an entry that came after the facts were read: it is none of theirs */
  take(entry: AuditedEntry): boolean {
    const { number, kind, from, to, tokens } = entry;
    if (number > this.#facts.highestEntryNumber) return false;
    this.#entries += 1;
    if (number !== this.#entries) {
      this.#report(
        "entries are numbered without a gap",
        `entry ${number} stands in place of ${this.#entries}`,
      );
      // Counted on from here, so that one gap is one fault.
      this.#entries = number;
    }
    if (!hasSidesOfKind(entry)) {
      this.#report(
        "a kind moves tokens between its accounts",
        `entry ${number}: ${kind} from ${from} to ${to}`,
      );
    }
    this.#move(from, -tokens, { number, after: entry.fromBalanceAfter });
    this.#move(to, tokens, { number, after: entry.toBalanceAfter });
    if (kind === "allocation_usage" || kind === "repayment") {
      this.#drawn.set(from, (this.#drawn.get(from) ?? 0) + tokens);
    }
    return true;
  }

  #move(account: string, tokens: number, { number, after }: { number: number; after: number }): void {
    const expected = (this.#sums.get(account) ?? 0) + tokens;
    this.#sums.set(account, expected);
    if (after !== expected) {
      this.#report(
        "an entry carries the balances after it",
        `entry ${number}: ${account} is ${after}, its entries give ${expected}`,
      );
    }
  }

  finish(): readonly BookFault[] {
    const { lastEntryNumber, highestEntryNumber } = this.#facts;
    if (lastEntryNumber !== highestEntryNumber || this.#entries !== lastEntryNumber) {
      this.#report(
        "the account knows its last entry",
        `the highest number is ${highestEntryNumber}, ${this.#entries} were found, the account says ${lastEntryNumber}`,
      );
    }
    this.#compareBalances();
    this.#compareCounters();
    return this.#faults;
  }

  #compareBalances(): void {
    const balances = new Map(this.#facts.balances.map(([account, balance]) => [account, balance]));
    for (const account of new Set([...balances.keys(), ...this.#sums.keys()])) {
      const [balance, sum] = [balances.get(account) ?? 0, this.#sums.get(account) ?? 0];
      if (balance === sum) continue;
      this.#report(
        "a balance is the sum of its entries",
        `${account} is ${balance}, its entries give ${sum}`,
      );
    }
    for (const [account, balance, lapsed] of this.#facts.balances) {
      if (!lapsed || balance === 0) continue;
      this.#report("an allocation that has lapsed is empty", `${account} has ${balance}`);
    }
  }

  /** Every draw is counted in its window, and nothing else is; only unlimited draws do not name their window. */
  #compareCounters(): void {
    const counters = new Map(
      this.#facts.tokenCounters.map(([startsAt, used]) => [
        `allocation:${new Date(startsAt).toISOString()}`,
        used,
      ]),
    );
    let [counted, drawn] = [0, 0];
    for (const used of counters.values()) counted += used;
    for (const [account, tokens] of this.#drawn) {
      drawn += tokens;
      if (account === "granted" || tokens <= (counters.get(account) ?? 0)) continue;
      this.#report(
        "the token counters are what was drawn from allocations",
        `${account}: counted ${counters.get(account) ?? 0}, drawn ${tokens}`,
      );
    }
    if (counted !== drawn) {
      this.#report(
        "the token counters are what was drawn from allocations",
        `counted ${counted}, drawn ${drawn}`,
      );
    }
  }

  #report(rule: string, found: string): void {
    this.#faults.push({ accountId: this.#facts.accountId, rule, found });
  }
}
