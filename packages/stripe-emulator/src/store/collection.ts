/**
 * One kind of object in memory, by id and by the fields that are looked up. Stored objects are never changed in place:
 * a change is a new object under the same id, so that undoing a transaction is putting the old one back.
 */
export interface Entity {
  id: string;
}

/** Told of a change of one object, before and after. */
export type ChangeListener = (
  collection: string,
  id: string,
  before: Entity | undefined,
  after: Entity | undefined,
) => void;

export interface CollectionListeners {
  /** Of changes that are work: a transaction writes them down and can undo them. */
  record: ChangeListener;
  /** Of every change, those of reading the journal and of undoing included. */
  observe: ChangeListener;
}

export class Collection<T extends Entity> {
  readonly name: string;
  readonly #objects = new Map<string, T>();
  readonly #indexes = new Map<keyof T, Map<unknown, Set<string>>>();
  readonly #listeners: CollectionListeners;

  constructor(name: string, indexed: (keyof T)[], listeners: CollectionListeners) {
    this.name = name;
    this.#listeners = listeners;
    for (const field of indexed) this.#indexes.set(field, new Map());
  }

  hasIndex(field: string): boolean {
    return this.#indexes.has(field as keyof T);
  }

  get size(): number {
    return this.#objects.size;
  }

  get(id: string): T | undefined {
    return this.#objects.get(id);
  }

  /** Adds or replaces, and returns what is now stored. */
  put(object: T): T {
    const before = this.#objects.get(object.id);
    this.restore(object.id, object);
    this.#listeners.record(this.name, object.id, before, object);
    return object;
  }

  /** Stores a changed copy of an object that is known to be there. */
  patch(id: string, changes: Partial<T>): T {
    const before = this.#objects.get(id);
    if (before === undefined) throw new Error(`${this.name} ${id} is not in the store`);
    return this.put({ ...before, ...changes });
  }

  delete(id: string): void {
    const before = this.#objects.get(id);
    if (before === undefined) return;
    this.restore(id, undefined);
    this.#listeners.record(this.name, id, before, undefined);
  }

  /** Sets or removes without recording: for reading the journal and for undoing. */
  restore(id: string, object: T | undefined): void {
    const before = this.#objects.get(id);
    for (const [field, index] of this.#indexes) {
      if (before !== undefined && before[field] !== object?.[field]) index.get(before[field])?.delete(id);
      if (object !== undefined && before?.[field] !== object[field]) {
        const ids = index.get(object[field]) ?? new Set<string>();
        index.set(object[field], ids.add(id));
      }
    }
    if (object === undefined) this.#objects.delete(id);
    else this.#objects.set(id, object);
    this.#listeners.observe(this.name, id, before, object);
  }

  /** All objects, oldest first. */
  values(): IterableIterator<T> {
    return this.#objects.values();
  }

  /** All objects whose indexed field has this value, oldest first. */
  where<K extends keyof T>(field: K, value: T[K]): T[] {
    const index = this.#indexes.get(field);
    if (index === undefined) throw new Error(`${this.name} has no index on ${String(field)}`);
    return [...(index.get(value) ?? [])].flatMap((id) => this.#objects.get(id) ?? []);
  }

  /** The oldest object with this value that `fits`, found without looking at the ones behind it. */
  firstWhere<K extends keyof T>(field: K, value: T[K], fits: (object: T) => boolean): T | undefined {
    for (const id of this.#indexes.get(field)?.get(value) ?? []) {
      const object = this.#objects.get(id);
      if (object !== undefined && fits(object)) return object;
    }
    return undefined;
  }

  newestFirst(): T[] {
    return [...this.#objects.values()].reverse();
  }
}
