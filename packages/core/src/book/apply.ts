import type { AccountId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { AccountState, Counter, Hold } from "./account-state.ts";
import { allocationWindowStart, type BookAccount } from "./book-account.ts";
import type { Command } from "./command.ts";
import type { BookContext } from "./counted-at.ts";
import { Draft } from "./draft.ts";
import { grant, takeBack } from "./grant.ts";
import { placeHold, releaseHold, settleHold } from "./hold.ts";
import type { LedgerEntry } from "./ledger-entry.ts";
import type { CreditsNotice, ThresholdNotice } from "./notice.ts";
import type { Outcome } from "./outcome.ts";
import { recordEvent } from "./record-event.ts";
import type { UsageDay, UsageGroup } from "./usage-day.ts";

/** What must be stored, together, before anybody is answered. Balances and counters are what they are now. */
export interface BookWrites {
  readonly accounts: readonly { readonly accountId: AccountId; readonly lastEntryNumber: number }[];
  readonly entries: readonly LedgerEntry[];
  readonly balances: readonly BalanceWrite[];
  readonly counters: readonly (Counter & { readonly accountId: AccountId })[];
  /** To be added to what the day has. */
  readonly days: readonly UsageDay[];
  /** To be added to what the group has on the day. */
  readonly groups: readonly UsageGroup[];
  readonly eventIds: readonly {
    readonly accountId: AccountId;
    readonly eventId: string;
    readonly receivedAt: Instant;
  }[];
  readonly holds: readonly (Hold & { readonly accountId: AccountId })[];
  readonly notices: readonly ThresholdNotice[];
  readonly creditsNotices: readonly CreditsNotice[];
}

export interface BalanceWrite {
  readonly accountId: AccountId;
  readonly bookAccount: BookAccount;
  readonly balance: number;
  /** Set for allocations. */
  readonly windowStartsAt: Instant | null;
  readonly lapsed: boolean;
}

export interface Applied {
  /** One for each command, in their order. */
  readonly outcomes: readonly Outcome[];
  readonly states: ReadonlyMap<AccountId, AccountState>;
  readonly writes: BookWrites;
}

/**
 * The account book: carries out commands on the states of their accounts, in order. Pure: the same states and
 * commands give the same result, and a batch cut in two anywhere gives what the whole gives.
 * @throws InvariantError when a command breaks what must hold; then nothing of the batch may be stored
 */
export function apply(
  context: BookContext,
  states: ReadonlyMap<AccountId, AccountState>,
  commands: readonly Command[],
): Applied {
  const drafts = new Map<AccountId, Draft>();
  const outcomes = commands.map((command): Outcome => {
    let draft = drafts.get(command.accountId);
    if (draft === undefined) {
      const state = states.get(command.accountId);
      if (state === undefined) return { code: "account_not_found" };
      draft = new Draft(state);
      drafts.set(command.accountId, draft);
    }
    return perform(context, draft, command);
  });
  const after = new Map(states);
  for (const [accountId, draft] of drafts) after.set(accountId, draft.after);
  return { outcomes, states: after, writes: writesOf([...drafts.values()]) };
}

function perform(context: BookContext, draft: Draft, command: Command): Outcome {
  switch (command.type) {
    case "event":
      return recordEvent(context, draft, command);
    case "grant":
      return grant(context, draft, command);
    case "take_back":
      return takeBack(context, draft, command);
    case "hold":
      return placeHold(context, draft, command);
    case "settle":
      return settleHold(context, draft, command);
    case "release":
      return releaseHold(draft, command);
  }
}

/** What drafts come to, put together for the store. */
export function writesOf(drafts: readonly Draft[]): BookWrites {
  const changed = drafts.filter(hasChanged);
  return {
    accounts: changed.map(({ before, lastEntryNumber }) => ({
      accountId: before.accountId,
      lastEntryNumber,
    })),
    entries: changed.flatMap(({ entries }) => entries),
    balances: changed.flatMap(balancesOf),
    counters: changed.flatMap((draft) => {
      const { accountId, counters } = draft.after;
      return [...draft.changedCounters].map((key) => ({ accountId, ...counters.get(key)! }));
    }),
    days: changed.flatMap(({ days }) => [...days.values()]),
    groups: changed.flatMap(({ groups }) => [...groups.values()]),
    eventIds: changed.flatMap(({ before: { accountId }, newEventIds }) =>
      newEventIds.map((event) => ({ accountId, ...event })),
    ),
    holds: changed.flatMap((draft) => {
      const { accountId } = draft.before;
      return [...draft.changedHolds].map((holdId) => ({ accountId, ...draft.holds.get(holdId)! }));
    }),
    notices: changed.flatMap(({ notices }) => notices),
    creditsNotices: changed.flatMap(({ creditsNotices }) => creditsNotices),
  };
}

function hasChanged(draft: Draft): boolean {
  const changes = draft.entries.length + draft.newEventIds.length + draft.changedHolds.size;
  return changes + draft.changedBalances.size + draft.changedCounters.size > 0;
}

function balancesOf(draft: Draft): BalanceWrite[] {
  return [...draft.changedBalances].map((bookAccount) => {
    const windowStartsAt = allocationWindowStart(bookAccount);
    return {
      accountId: draft.before.accountId,
      bookAccount,
      balance: draft.balanceOf(bookAccount),
      windowStartsAt,
      lapsed: windowStartsAt !== null && draft.hasLapsed(windowStartsAt),
    };
  });
}
