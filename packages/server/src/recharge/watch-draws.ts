import type { AccountId } from "@bursar/core";
import type { Book } from "../book/book.ts";
import type { BookOutcome } from "../book/book-outcome.ts";

/**
 * The same book, which tells of accounts whose credits were drawn on: these may have fallen below their threshold. It is
 * a hint that makes auto-recharge quick; what it misses, the sweep finds in the balances themselves.
 */
export function watchDraws(book: Book, onDraw: (accountId: AccountId) => void): Book {
  const note = (accountId: AccountId, outcome: BookOutcome) => {
    if (drewCredits(outcome)) onDraw(accountId);
  };
  return {
    ...book,
    async submit(command, properties) {
      const outcome = await book.submit(command, properties);
      note(command.accountId, outcome);
      return outcome;
    },
    async submitAll(commands) {
      const outcomes = await book.submitAll(commands);
      outcomes.forEach((outcome, index) => note(commands[index]!.command.accountId, outcome));
      return outcomes;
    },
  };
}

function drewCredits(outcome: BookOutcome): boolean {
  if (outcome.code === "settled") return outcome.fromCredits > 0;
  if (outcome.code === "taken_back") return true;
  return outcome.code === "recorded" && outcome.draw !== null && outcome.draw.fromCredits > 0;
}
