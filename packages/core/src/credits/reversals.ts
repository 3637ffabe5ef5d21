import { floorShare } from "../kernel/amounts.ts";
import { moneyText } from "../kernel/money-text.ts";
import type { Instant } from "../kernel/time.ts";

/** A pack as it was granted: what `tokens` were paid with. */
export interface PaidPack {
  readonly paymentId: string;
  readonly name: string;
  readonly tokens: number;
  readonly paidCents: number;
  readonly currency: string;
}

/** A refund or a dispute as Stripe has it. Both sums only ever grow. */
export interface Reversal {
  readonly reversalId: string;
  readonly kind: "refund" | "dispute";
  readonly paymentId: string;
  /** Stripe's word; told to people, decides nothing. */
  readonly status: string;
  /** What left us by it; 0 for an inquiry. */
  readonly outCents: number;
  /** What of it came again. */
  readonly backCents: number;
  readonly currency: string;
  readonly createdAt: Instant;
  /** Nothing more is to be expected of it. */
  readonly isFinal: boolean;
}

/** What the book has of a payment's reversals: an entry each. */
export interface BookedReversal {
  readonly kind: "refund" | "refund_reversal";
  readonly source: string;
  readonly tokens: number;
}

/** Tokens that the book is to move, once by (`kind`, `source`). */
export interface ReversalMovement {
  readonly kind: BookedReversal["kind"];
  readonly source: string;
  readonly tokens: number;
  readonly reversal: Reversal;
  /** Minor units that it stands for, signed as the money moved for the customer's pack: minus when it went back. */
  readonly priceCents: number;
  readonly description: string;
}

/** So many movements of one kind and reversal are looked for; Stripe moves a dispute's money twice at most. */
const MOVEMENTS_MAX = 8;

/** Every source that a movement of these reversals can have: what to read from the ledger. */
export function sourcesOfReversals(reversals: readonly Reversal[]): string[] {
  return reversals.flatMap(({ reversalId }) =>
    Array.from({ length: MOVEMENTS_MAX }, (_, index) => sourceOf(reversalId, index)),
  );
}

function sourceOf(reversalId: string, before: number): string {
  return before === 0 ? reversalId : `${reversalId}/${before + 1}`;
}

/**
 * Which tokens are to be taken back and returned so that the book has taken exactly the share of what is out now. Nothing
 * when it has already; so it may be asked as often as one likes, and after a crash in the middle it goes on.
 * @param reversals all of the payment that Stripe has
 */
export function reversalMovements(
  pack: PaidPack,
  reversals: readonly Reversal[],
  booked: readonly BookedReversal[],
): ReversalMovement[] {
  // Paid with nothing: nothing can go back.
  if (pack.paidCents === 0) return [];
  const ledger = new Ledger(pack, booked);
  const inOrder = reversals.toSorted(byTime);
  const outCents = sum(inOrder.map(stillOut));
  if (ledger.taken < shareOf(pack, outCents)) takeFrom(ledger, pack, inOrder);
  if (ledger.taken > shareOf(pack, outCents)) giveBack(ledger, pack, inOrder);
  return ledger.movements;
}

/** What came new since the last look bears it, one after the other. */
function takeFrom(ledger: Ledger, pack: PaidPack, inOrder: readonly Reversal[]): void {
  const fresh = inOrder.filter((each) => !ledger.isOpen(each) && stillOut(each) > 0);
  let outCents = sum(inOrder.map(stillOut)) - sum(fresh.map(stillOut));
  for (const each of fresh) {
    outCents += stillOut(each);
    ledger.take(each, { upTo: shareOf(pack, outCents), cents: stillOut(each) });
  }
  // Two servers that looked at different moments rounded one after the other: the last one bears the difference.
  const last = inOrder.findLast((each) => stillOut(each) > 0);
  if (last !== undefined) ledger.take(last, { upTo: shareOf(pack, outCents), cents: 0 });
}

function giveBack(ledger: Ledger, pack: PaidPack, inOrder: readonly Reversal[]): void {
  const returned = inOrder.filter((each) => ledger.isOpen(each) && each.backCents > 0);
  let outCents = sum(inOrder.map(stillOut)) + sum(returned.map(({ backCents }) => backCents));
  for (const each of returned) {
    outCents -= each.backCents;
    ledger.give(each, { upTo: shareOf(pack, outCents), cents: each.backCents });
  }
  const last = inOrder.findLast(({ reversalId }) => ledger.count("refund", reversalId) > 0);
  if (last !== undefined) ledger.give(last, { upTo: shareOf(pack, outCents), cents: 0 });
}

/** What was taken of one payment, and what is to be moved. */
class Ledger {
  readonly movements: ReversalMovement[] = [];
  taken: number;
  readonly #pack: PaidPack;
  readonly #counts = new Map<string, number>();

  constructor(pack: PaidPack, booked: readonly BookedReversal[]) {
    this.#pack = pack;
    this.taken = sum(booked.map(({ kind, tokens }) => (kind === "refund" ? tokens : -tokens)));
    for (const { kind, source } of booked) this.#countOne(kind, source.split("/")[0]!);
  }

  count(kind: BookedReversal["kind"], reversalId: string): number {
    return this.#counts.get(`${kind} ${reversalId}`) ?? 0;
  }

  /** Taken, and not yet returned. */
  isOpen({ reversalId }: Reversal): boolean {
    return this.count("refund", reversalId) > this.count("refund_reversal", reversalId);
  }

  take(reversal: Reversal, { upTo, cents }: { upTo: number; cents: number }): void {
    this.#move("refund", reversal, { tokens: upTo - this.taken, cents });
  }

  give(reversal: Reversal, { upTo, cents }: { upTo: number; cents: number }): void {
    this.#move("refund_reversal", reversal, { tokens: this.taken - upTo, cents });
  }

  #move(
    kind: BookedReversal["kind"],
    reversal: Reversal,
    { tokens, cents }: { tokens: number; cents: number },
  ): void {
    if (tokens <= 0) return;
    const { reversalId } = reversal;
    this.taken += kind === "refund" ? tokens : -tokens;
    this.movements.push({
      kind,
      source: sourceOf(reversalId, this.count(kind, reversalId)),
      tokens,
      reversal,
      priceCents: kind === "refund" ? 0 - cents : cents,
      description: describe(this.#pack, { kind, reversal, tokens, cents }),
    });
    this.#countOne(kind, reversalId);
  }

  #countOne(kind: BookedReversal["kind"], reversalId: string): void {
    this.#counts.set(`${kind} ${reversalId}`, this.count(kind, reversalId) + 1);
  }
}

const stillOut = ({ outCents, backCents }: Reversal): number => outCents - backCents;

/** A dispute may be of more than is left after a refund: more than was paid never goes back. */
function shareOf({ tokens, paidCents }: PaidPack, outCents: number): number {
  return floorShare(tokens, { part: Math.min(outCents, paidCents), whole: paidCents });
}

/** Stripe tells seconds, so ids decide between equals. */
function byTime(one: Reversal, other: Reversal): number {
  return one.createdAt - other.createdAt || (one.reversalId < other.reversalId ? -1 : 1);
}

const count = new Intl.NumberFormat("en");

function describe(
  { name, tokens: all, paidCents, currency }: PaidPack,
  moved: {
    kind: BookedReversal["kind"];
    reversal: Reversal;
    tokens: number;
    cents: number;
  },
): string {
  const { kind, reversal, tokens, cents } = moved;
  const isRefund = reversal.kind === "refund";
  if (cents === 0) {
    return `Correction of what a ${reversal.kind} of ${name} ${kind === "refund" ? "took" : "took too much"}`;
  }
  const [sum, paid] = [moneyText(cents, currency), moneyText(paidCents, currency)];
  if (kind === "refund_reversal") {
    const why = isRefund
      ? `The refund of ${sum} for ${name} failed`
      : `The dispute of ${sum} for ${name} was won`;
    return `${why}: its tokens are back`;
  }
  const what = isRefund ? "refunded" : "withdrawn by a dispute";
  if (cents >= paidCents && tokens === all) return `${name} was ${what}: ${paid}`;
  const rounded = isWhole(all, { part: cents, whole: paidCents }) ? "" : ", rounded in your favour";
  return `${sum} of ${paid} for ${name} ${isRefund ? "were refunded" : "were withdrawn by a dispute"}: ${count.format(tokens)} of ${count.format(all)} tokens${rounded}`;
}

function isWhole(tokens: number, { part, whole }: { part: number; whole: number }): boolean {
  return (BigInt(tokens) * BigInt(part)) % BigInt(whole) === 0n;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
