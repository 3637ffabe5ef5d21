import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reversalMovements, type BookedReversal, type PaidPack, type Reversal } from "./reversals.ts";

const starter: PaidPack = {
  paymentId: "pi_1",
  name: "Starter",
  tokens: 1_000_000,
  paidCents: 500,
  currency: "eur",
};

function refund(id: string, outCents: number, more: Partial<Reversal> = {}): Reversal {
  return {
    reversalId: id,
    kind: "refund",
    paymentId: "pi_1",
    status: "succeeded",
    outCents,
    backCents: 0,
    currency: "eur",
    createdAt: Number(id.replace(/\D/g, "")),
    isFinal: false,
    ...more,
  };
}

const dispute = (id: string, outCents: number, more: Partial<Reversal> = {}) =>
  refund(id, outCents, { kind: "dispute", status: "needs_response", ...more });

/** What the book has after these movements. */
function book(before: readonly BookedReversal[], moved: readonly BookedReversal[]): BookedReversal[] {
  for (const { kind, source } of moved) {
    expect(before.some((had) => had.kind === kind && had.source === source)).toBe(false);
  }
  return [...before, ...moved.map(({ kind, source, tokens }) => ({ kind, source, tokens }))];
}

const takenOf = (booked: readonly BookedReversal[]) =>
  booked.reduce((sum, { kind, tokens }) => sum + (kind === "refund" ? tokens : -tokens), 0);

/** Each look sees these reversals; what it moves, as (source, signed tokens). */
function looks(pack: PaidPack, ...states: Reversal[][]): [string, number][][] {
  let booked: BookedReversal[] = [];
  return states.map((reversals) => {
    const moved = reversalMovements(pack, reversals, booked);
    booked = book(booked, moved);
    expect(reversalMovements(pack, reversals, booked)).toEqual([]);
    return moved.map(({ kind, source, tokens }) => [source, kind === "refund" ? -tokens : tokens]);
  });
}

describe("K2 what a refund or a dispute takes", () => {
  const odd: PaidPack = { ...starter, tokens: 10, paidCents: 3 };
  const won = dispute("d2", 500, { status: "won", backCents: 500 });
  it.each<[string, PaidPack, Reversal[][], [string, number][][]]>([
    ["nothing went back", starter, [[]], [[]]],
    [
      "all of it, seen twice",
      starter,
      [[refund("r1", 500)], [refund("r1", 500)]],
      [[["r1", -1_000_000]], []],
    ],
    ["a part of it", starter, [[refund("r1", 123)]], [[["r1", -246_000]]]],
    ["one minor unit", starter, [[refund("r1", 1)]], [[["r1", -2_000]]]],
    [
      "three thirds take exactly all, each at most its share of what is back by then",
      odd,
      [
        [refund("r1", 1)],
        [refund("r1", 1), refund("r2", 1)],
        [refund("r1", 1), refund("r2", 1), refund("r3", 1)],
      ],
      [[["r1", -3]], [["r2", -3]], [["r3", -4]]],
    ],
    [
      "the same, seen at once",
      odd,
      [[refund("r3", 1), refund("r1", 1), refund("r2", 1)]],
      [
        [
          ["r1", -3],
          ["r2", -3],
          ["r3", -4],
        ],
      ],
    ],
    ["a share below one token takes nothing", { ...odd, tokens: 2 }, [[refund("r1", 1)]], [[]]],
    [
      "a refund that fails returns its tokens",
      starter,
      [[refund("r1", 200)], [refund("r1", 200, { status: "failed", backCents: 200 })]],
      [[["r1", -400_000]], [["r1", 400_000]]],
    ],
    ["one that had failed before we looked", starter, [[refund("r1", 200, { backCents: 200 })]], [[]]],
    [
      "one of two fails, and the sum is that of the other",
      odd,
      [
        [refund("r1", 1), refund("r2", 1)],
        [refund("r1", 1, { backCents: 1 }), refund("r2", 1)],
      ],
      [
        [
          ["r1", -3],
          ["r2", -3],
        ],
        [["r1", 3]],
      ],
    ],
    ["an inquiry", starter, [[dispute("d1", 0)]], [[]]],
    ["a dispute that withdraws all", starter, [[dispute("d1", 500)]], [[["d1", -1_000_000]]]],
    ["one that is of a part", starter, [[dispute("d1", 250)]], [[["d1", -500_000]]]],
    [
      "won: everything is back; lost: nothing more happens",
      starter,
      [[dispute("d2", 500)], [won], [won]],
      [[["d2", -1_000_000]], [["d2", 1_000_000]], []],
    ],
    [
      "a dispute of all after a refund of a part takes the rest, and won it returns just that",
      starter,
      [[refund("r1", 200)], [refund("r1", 200), dispute("d2", 500)], [refund("r1", 200), won]],
      [[["r1", -400_000]], [["d2", -600_000]], [["d2", 600_000]]],
    ],
    [
      "a dispute won, then a refund",
      starter,
      [[dispute("d2", 500)], [won], [won, refund("r3", 100)]],
      [[["d2", -1_000_000]], [["d2", 1_000_000]], [["r3", -200_000]]],
    ],
    [
      "won before we looked, and a refund after it",
      starter,
      [[won, refund("r3", 100)]],
      [[["r3", -200_000]]],
    ],
    [
      "a refund fails while a dispute has the same money: only when that is won everything is back",
      starter,
      [
        [refund("r1", 200)],
        [refund("r1", 200), dispute("d2", 500)],
        [refund("r1", 200, { backCents: 200 }), dispute("d2", 500)],
        [refund("r1", 200, { backCents: 200 }), won],
      ],
      [[["r1", -400_000]], [["d2", -600_000]], [], [["d2", 1_000_000]]],
    ],
    [
      "a dispute that gets a part back",
      starter,
      [[dispute("d1", 500)], [dispute("d1", 500, { backCents: 100 })]],
      [[["d1", -1_000_000]], [["d1", 200_000]]],
    ],
    [
      "a refund after a dispute got a part back",
      starter,
      [
        [dispute("d1", 500)],
        [dispute("d1", 500, { backCents: 200 })],
        [dispute("d1", 500, { backCents: 200 }), refund("r2", 100)],
      ],
      [[["d1", -1_000_000]], [["d1", 400_000]], [["r2", -200_000]]],
    ],
    ["a pack that cost nothing", { ...starter, paidCents: 0 }, [[refund("r1", 0)]], [[]]],
  ])("%s", (_, pack, states, moved) => {
    expect(looks(pack, ...states)).toEqual(moved);
  });

  it("what a race rounded down is put right by the next look, under a source of its own", () => {
    const booked: BookedReversal[] = [
      { kind: "refund", source: "r2", tokens: 6 },
      { kind: "refund", source: "r1", tokens: 3 },
    ];
    const pack = { ...odd, tokens: 10 };
    const moved = reversalMovements(pack, [refund("r1", 1), refund("r2", 2)], booked);
    expect(moved).toMatchObject([{ kind: "refund", source: "r2/2", tokens: 1, priceCents: 0 }]);
    const tooMuch: BookedReversal[] = [{ kind: "refund", source: "r1", tokens: 9 }];
    expect(reversalMovements(pack, [refund("r1", 1)], tooMuch)).toMatchObject([
      { kind: "refund_reversal", source: "r1", tokens: 6 },
    ]);
  });

  it("says in plain words what was taken, of what, and that rounding is in the customer's favour", () => {
    const words = (...reversals: Reversal[]) =>
      reversalMovements(starter, reversals, []).map(({ description }) => description);
    expect(words(refund("r1", 500))).toEqual(["Starter was refunded: €5.00"]);
    expect(words(refund("r1", 123))).toEqual([
      "€1.23 of €5.00 for Starter were refunded: 246,000 of 1,000,000 tokens",
    ]);
    expect(words(refund("r1", 200), dispute("d2", 500))[1]).toBe(
      "€5.00 of €5.00 for Starter were withdrawn by a dispute: 600,000 of 1,000,000 tokens",
    );
    const uneven = reversalMovements({ ...starter, paidCents: 300 }, [refund("r1", 100)], []);
    expect(uneven[0]?.description).toBe(
      "€1.00 of €3.00 for Starter were refunded: 333,333 of 1,000,000 tokens, rounded in your favour",
    );
    const failed = reversalMovements(
      starter,
      [refund("r1", 200, { backCents: 200 })],
      [{ kind: "refund", source: "r1", tokens: 400_000 }],
    );
    expect(failed[0]).toMatchObject({
      priceCents: 200,
      description: "The refund of €2.00 for Starter failed: its tokens are back",
    });
  });

  /** Reversals that come, fail, are won; looks that see the whole and looks that saw an older state. */
  const history = fc.record({
    tokens: fc.integer({ min: 1, max: 20_000_000 }),
    paidCents: fc.integer({ min: 1, max: 10_000 }),
    events: fc.array(
      fc.record({
        kind: fc.constantFrom<Reversal["kind"]>("refund", "dispute"),
        part: fc.integer({ min: 0, max: 100 }),
        back: fc.constantFrom(0, 0, 0, 50, 100),
        at: fc.integer({ min: 0, max: 3 }),
        isLooked: fc.boolean(),
      }),
      { maxLength: 6 },
    ),
  });

  it("after any history exactly the share of what is out is taken, rounded down, and nothing a second time", () => {
    fc.assert(
      fc.property(history, ({ tokens, paidCents, events }) => {
        const pack = { ...starter, tokens, paidCents };
        const shown: Reversal[] = [];
        let booked: BookedReversal[] = [];
        const look = () => {
          booked = book(booked, reversalMovements(pack, shown, booked));
          const out = Math.min(
            paidCents,
            shown.reduce((sum, each) => sum + each.outCents - each.backCents, 0),
          );
          // More is never taken than belongs to the money that went back, and all of it when all went back.
          expect(BigInt(takenOf(booked)) * BigInt(paidCents)).toBeLessThanOrEqual(
            BigInt(tokens) * BigInt(out),
          );
          expect(takenOf(booked)).toBe(Number((BigInt(tokens) * BigInt(out)) / BigInt(paidCents)));
          expect(reversalMovements(pack, shown, booked)).toEqual([]);
        };
        for (const [index, { kind, part, at, isLooked }] of events.entries()) {
          const outCents = Math.floor((paidCents * part) / 100);
          shown.push(refund(`${kind}${index}`, outCents, { kind, createdAt: at }));
          if (isLooked) look();
        }
        look();
        for (const [index, { back }] of events.entries()) {
          const each = shown[index]!;
          shown[index] = { ...each, backCents: Math.floor((each.outCents * back) / 100) };
          if (index % 2 === 0) look();
        }
        look();
      }),
      { numRuns: 1_000 },
    );
  });
});
