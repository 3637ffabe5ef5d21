import { nextTurn } from "./turn.ts";

/**
 * Answers many look-ups by few statements: what is asked for while one is under way is read together by the next. No
 * timer is involved, so a look-up that comes alone is read at once, and none is answered from before it was asked.
 */
export class Gather<Key, Value> {
  readonly #read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;
  #asked = new Map<Key, PromiseWithResolvers<Value | null>>();
  #isReading = false;

  constructor(read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>) {
    this.#read = read;
  }

  /** @returns `null` for what was not found; rejects as the read does, for those who were in it */
  get(key: Key): Promise<Value | null> {
    let asked = this.#asked.get(key);
    if (asked === undefined) {
      asked = Promise.withResolvers();
      this.#asked.set(key, asked);
    }
    if (!this.#isReading) void this.#run();
    return asked.promise;
  }

  async #run(): Promise<void> {
    this.#isReading = true;
    while (this.#asked.size > 0) {
      await nextTurn();
      const asked = this.#asked;
      this.#asked = new Map();
      try {
        const found = await this.#read([...asked.keys()]);
        for (const [key, { resolve }] of asked) resolve(found.get(key) ?? null);
      } catch (error) {
        for (const { reject } of asked.values()) reject(error);
      }
    }
    this.#isReading = false;
  }
}
