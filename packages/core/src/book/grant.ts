import { openWindow } from "./allocation.ts";
import type { BookAccount } from "./book-account.ts";
import type { GrantCommand, TakeBackCommand } from "./command.ts";
import type { BookContext } from "./counted-at.ts";
import type { Draft } from "./draft.ts";
import type { Outcome } from "./outcome.ts";

const GRANT_COMES_FROM: Readonly<Record<GrantCommand["kind"], BookAccount>> = {
  purchase: "granted",
  auto_recharge: "granted",
  adjustment: "adjusted",
  refund_reversal: "refunded",
};

/** A payment's id is its source, whichever way the payment came about. */
const PAYMENT_KINDS: readonly GrantCommand["kind"][] = ["purchase", "auto_recharge"];

const TAKEN_BACK_GOES_TO: Readonly<Record<TakeBackCommand["kind"], BookAccount>> = {
  refund: "refunded",
  adjustment: "adjusted",
};

/** Credits enter once per source, whoever sees the payment first (K2). What was owed is cleared by entering. */
export function grant(context: BookContext, draft: Draft, command: GrantCommand): Outcome {
  const { kind, source, tokens, receivedAt: at, note } = command;
  openWindow(context, draft, at);
  if (isGranted(draft, command)) return { code: "duplicate", balance: draft.balanceOf("purchased") };
  draft.post({ kind, source, from: GRANT_COMES_FROM[kind], to: "purchased", tokens, at, note });
  tell(draft, command);
  return { code: "granted", balance: draft.balanceOf("purchased") };
}

/** A payment is one payment: what auto-recharge has entered enters no second time as a purchase, or the reverse. */
function isGranted(draft: Draft, { kind, source }: GrantCommand): boolean {
  const kinds = PAYMENT_KINDS.includes(kind) ? PAYMENT_KINDS : [kind];
  return kinds.some((each) => draft.hasSource(each, source));
}

/**
 * Credits are taken back once per source. They may have been used already: then the balance goes below zero, and
 * what is left of the running window's allocation clears it at once.
 */
export function takeBack(context: BookContext, draft: Draft, command: TakeBackCommand): Outcome {
  const { kind, source, tokens, receivedAt: at, note } = command;
  openWindow(context, draft, at);
  if (draft.hasSource(kind, source)) return { code: "duplicate", balance: draft.balanceOf("purchased") };
  draft.post({ kind, source, from: "purchased", to: TAKEN_BACK_GOES_TO[kind], tokens, at, note });
  openWindow(context, draft, at);
  tell(draft, command);
  return { code: "taken_back", balance: draft.balanceOf("purchased") };
}

function tell(
  draft: Draft,
  { tells, accountId, tokens, receivedAt: at }: GrantCommand | TakeBackCommand,
): void {
  if (tells === undefined) return;
  draft.creditsNotices.push({ ...tells, accountId, tokens, balance: draft.balanceOf("purchased"), at });
}
