/**
 * Choices for a generator, read one after the other from a list of numbers that fast-check makes. A tape at its end
 * gives 0 for ever, and generators read 0 as the plainest choice: so that a shorter tape is a simpler request, and
 * fast-check shrinks what it found without knowing what it is.
 */
import fc from "fast-check";

export class Tape {
  readonly #numbers: readonly number[];
  #position = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** A whole number from 0 to `count - 1`. */
  below(count: number): number {
    const number = this.#numbers[this.#position] ?? 0;
    this.#position += 1;
    return number % count;
  }

  /** True in about `percent` of a hundred cases, and never at the end of the tape. */
  chance(percent: number): boolean {
    return this.below(1_000) > 999 - percent * 10;
  }

  pick<T>(choices: readonly T[]): T | undefined {
    return choices[this.below(Math.max(1, choices.length))];
  }
}

export const tapes = fc.array(fc.nat({ max: 999_999 }), { maxLength: 120, size: "max" });
