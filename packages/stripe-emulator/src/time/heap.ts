/** A binary heap: the smallest element first, adding and taking in logarithmic time. */
export class Heap<T> {
  readonly #elements: T[] = [];
  readonly #isBefore: (a: T, b: T) => boolean;

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#elements.length;
  }

  peek(): T | undefined {
    return this.#elements[0];
  }

  push(element: T): void {
    this.#elements.push(element);
    this.#rise(this.#elements.length - 1);
  }

  pop(): T | undefined {
    const first = this.#elements[0];
    const last = this.#elements.pop();
    if (this.#elements.length > 0 && last !== undefined) {
      this.#elements[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= this.#elements.length) return;
      const child = this.#compare(left + 1, left) ? left + 1 : left;
      if (!this.#swapIfBefore(child, index)) return;
      index = child;
    }
  }

  #compare(a: number, b: number): boolean {
    const [first, second] = [this.#elements[a], this.#elements[b]];
    return first !== undefined && second !== undefined && this.#isBefore(first, second);
  }

  #swapIfBefore(lower: number, upper: number): boolean {
    const [a, b] = [this.#elements[lower], this.#elements[upper]];
    if (a === undefined || b === undefined || !this.#isBefore(a, b)) return false;
    this.#elements[lower] = b;
    this.#elements[upper] = a;
    return true;
  }
}
