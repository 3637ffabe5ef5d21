import type { Hold, HoldRequest, Settlement } from "./backend-types.ts";
import type { RetryOptions } from "./retry.ts";

/** The calls around work whose size is known only when it is done. */
export interface HoldCalls {
  /** Reserves tokens, or is refused as `insufficient_credits`. */
  hold: (request: HoldRequest) => Promise<Hold>;
  /** Charges what the work took; the same again answers the same. */
  settle: (holdId: string, tokens: number, retry?: RetryOptions) => Promise<Settlement>;
  /** Gives the reservation back. */
  release: (holdId: string) => Promise<void>;
}

/** Work was done and its charge could not be told to Bursar: the caller settles it later, by these two. */
export interface Unsettled {
  holdId: string;
  tokens: number;
  error: unknown;
}

/**
 * The work is done, and what it used could not be settled in many tries. A settle counts whenever it comes, also after
 * the hold has expired: keep `holdId` and `tokens` and settle later.
 */
export class UnsettledError extends Error {
  override readonly name = "UnsettledError";
  readonly holdId: string;
  readonly tokens: number;

  constructor({ holdId, tokens, error }: Unsettled) {
    super(
      `The work is done but its ${tokens} tokens could not be charged. Settle the hold ${holdId} later.`,
      {
        cause: error,
      },
    );
    this.holdId = holdId;
    this.tokens = tokens;
  }
}

export interface WithHoldRequest extends HoldRequest {
  /**
   * Called when the work is done and could not be settled, to keep it for later; the work's result is then returned as
   * if all were well. Without it an {@link UnsettledError} is thrown.
   */
  onUnsettled?: OnUnsettled;
}

export type OnUnsettled = (unsettled: Unsettled) => void | Promise<void>;

/** A hold at work. */
export interface OpenHold extends Hold {
  /** Adds what a part of the work used. Work that never says so is charged what was held. */
  use: (tokens: number) => void;
}

export type HoldWork<Result> = (hold: OpenHold) => Promise<Result>;

/** A settle is worth waiting for: some 12 seconds, over the restart of a server. */
const SETTLE_TRIES = 7;

/** Hold, work, settle. Who was interrupted in the middle (a killed process) leaves a hold that expires by itself. */
export async function withHold<Result>(
  account: HoldCalls,
  { onUnsettled, ...request }: WithHoldRequest,
  work: HoldWork<Result>,
): Promise<Result> {
  const hold = await account.hold(request);
  const used = countUse();
  let result: Result;
  try {
    result = await work({ ...hold, use: used.add });
  } catch (error) {
    await afterFailure(account, hold, { tokens: used.tokens() ?? 0, onUnsettled });
    throw error;
  }
  await settleOrKeep(account, hold.id, { tokens: used.tokens() ?? hold.tokens, onUnsettled });
  return result;
}

function countUse(): { add: (tokens: number) => void; tokens: () => number | undefined } {
  let sum: number | undefined;
  return {
    tokens: () => sum,
    add(tokens) {
      if (!Number.isSafeInteger(tokens) || tokens < 0) {
        throw new RangeError(`Tokens are a whole number from 0, not ${tokens}.`);
      }
      sum = (sum ?? 0) + tokens;
    },
  };
}

/**
 * What was used until the error stays used. The error of the work is what the caller must see, so none other is thrown:
 * only `onUnsettled` hears of a settle that failed then.
 */
async function afterFailure(
  account: HoldCalls,
  { id }: Hold,
  { tokens, onUnsettled }: { tokens: number; onUnsettled: OnUnsettled | undefined },
): Promise<void> {
  // A hold that could not be given back expires.
  if (tokens === 0) return account.release(id).catch(() => undefined);
  await settleOrKeep(account, id, { tokens, onUnsettled: onUnsettled ?? (() => undefined) });
}

/** @throws UnsettledError when it could not be settled and nobody takes it for later */
export async function settleOrKeep(
  account: HoldCalls,
  holdId: string,
  { tokens, onUnsettled }: { tokens: number; onUnsettled: OnUnsettled | undefined },
): Promise<void> {
  try {
    await account.settle(holdId, tokens, { tries: SETTLE_TRIES });
  } catch (error) {
    if (onUnsettled === undefined) throw new UnsettledError({ holdId, tokens, error });
    await onUnsettled({ holdId, tokens, error });
  }
}
