/**
 * What falls due next, by timeline: the wall clock and each test clock have one. It follows the store: an object that
 * changed is asked again for its next due thing when somebody next looks, and only that object, so that ten thousand
 * customers cost no more than the one whose turn it is.
 */
import type { Entity } from "../store/collection.ts";
import type { Sandbox } from "../sandbox.ts";
import { rankOf, type Due, type DueKind } from "./due.ts";
import { dueIn, type DueCollection, DUE_COLLECTIONS, ownerOf } from "./facts.ts";
import { Heap } from "./heap.ts";

export const WALL = "wall";

/** One thing that falls due. */
export interface Appointment extends Due {
  collection: DueCollection;
  id: string;
  /** `WALL` or the id of a test clock. */
  timeline: string;
  /** Breaks ties between different objects: first come, first served. */
  sequence: number;
}

interface Timeline {
  heap: Heap<Appointment>;
  /** How many of the heap's entries still hold. */
  valid: number;
}

/** A heap is cleared of entries that no longer hold once it has this many and they are the majority. */
const TIDY_FROM = 256;

export class Agenda {
  readonly #sandbox: Sandbox;
  readonly #timelines = new Map<string, Timeline>();
  readonly #current = new Map<string, Appointment>();
  readonly #changed = new Map<string, { collection: DueCollection; id: string }>();
  #sequence = 0;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    for (const collection of DUE_COLLECTIONS) {
      for (const { id } of sandbox.store[collection].values()) this.#note({ collection, id });
    }
    sandbox.store.watch((name, _id, before, after) => {
      for (const entity of [before, after]) this.#noteOwner(name, entity);
    });
  }

  /** The first thing due on a timeline, whenever that is. */
  next(timeline: string): Appointment | undefined {
    this.#refresh();
    const heap = this.#timelines.get(timeline)?.heap;
    if (heap === undefined) return undefined;
    for (let first = heap.peek(); first !== undefined; first = heap.peek()) {
      if (this.#holds(first)) return first;
      heap.pop();
    }
    return undefined;
  }

  /** Forgets one until its object changes: for what failed and would only fail again. */
  setAside(appointment: Appointment): void {
    this.#drop(keyOf(appointment));
  }

  #noteOwner(name: string, entity: Entity | undefined): void {
    const owner = entity && ownerOf(name, entity);
    if (owner) this.#note(owner);
  }

  #note(object: { collection: DueCollection; id: string }): void {
    this.#changed.set(keyOf(object), object);
  }

  #refresh(): void {
    for (const [key, { collection, id }] of this.#changed) {
      const found = dueIn(this.#sandbox, collection, id);
      if (found === null) this.#drop(key);
      else this.#enter(key, { ...found.due, collection, id, timeline: found.clock ?? WALL, sequence: 0 });
    }
    this.#changed.clear();
  }

  #enter(key: string, appointment: Appointment): void {
    const before = this.#current.get(key);
    if (before?.at === appointment.at && before.kind === appointment.kind) return;
    this.#drop(key);
    this.#sequence += 1;
    const entry = { ...appointment, sequence: this.#sequence };
    const timeline = this.#timelines.get(entry.timeline) ?? { heap: new Heap(isBefore), valid: 0 };
    this.#timelines.set(entry.timeline, timeline);
    this.#current.set(key, entry);
    timeline.heap.push(entry);
    timeline.valid += 1;
    if (timeline.heap.size > TIDY_FROM && timeline.heap.size > 2 * timeline.valid) this.#tidy(timeline);
  }

  #drop(key: string): void {
    const before = this.#current.get(key);
    if (before === undefined) return;
    this.#current.delete(key);
    const timeline = this.#timelines.get(before.timeline);
    if (timeline === undefined) return;
    timeline.valid -= 1;
    if (timeline.valid === 0) this.#timelines.delete(before.timeline);
  }

  #tidy(timeline: Timeline): void {
    const fresh = new Heap(isBefore);
    for (let entry = timeline.heap.pop(); entry !== undefined; entry = timeline.heap.pop()) {
      if (this.#holds(entry)) fresh.push(entry);
    }
    timeline.heap = fresh;
  }

  #holds(appointment: Appointment): boolean {
    return this.#current.get(keyOf(appointment)) === appointment;
  }
}

function keyOf(object: { collection: string; id: string }): string {
  return `${object.collection} ${object.id}`;
}

function isBefore(a: Appointment, b: Appointment): boolean {
  return a.at - b.at < 0 || (a.at === b.at && isEarlierInTheInstant(a, b));
}

function isEarlierInTheInstant(a: { kind: DueKind; sequence: number }, b: typeof a): boolean {
  const ranks = rankOf(a.kind) - rankOf(b.kind);
  return ranks < 0 || (ranks === 0 && a.sequence < b.sequence);
}
