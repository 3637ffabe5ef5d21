/**
 * Stripe's form encoding: `a[b][0][c]=v`, with indexed arrays (`items[0][price]`, what the SDKs send) and bare ones
 * (`items[][price]`, what people type into curl). The result is a tree of strings; whether a node with the keys 0, 1, 2
 * is a list or a map is decided later, by the type that the route expects, because `metadata[0]=x` is a map.
 */
import { invalidParameter } from "./errors.ts";

export type FormValue = string | FormTree;
export interface FormTree {
  [key: string]: FormValue;
}

/** Bounds of ours, far above what any SDK sends; they keep a hostile body from costing more than its size. */
const MAX_PAIRS = 10_000;
const MAX_DEPTH = 12;

/** Decodes a body or query string. Throws a 400 where two parameters contradict each other (`a=1&a[b]=2`). */
export function decodeForm(text: string): FormTree {
  const tree = emptyTree();
  const ends: ListEnds = new WeakMap();
  const pairs = text.split("&").filter((pair) => pair !== "");
  if (pairs.length > MAX_PAIRS) throw invalidParameter(`A request may hold at most ${MAX_PAIRS} parameters.`);
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    const name = unescapeText(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? "" : unescapeText(pair.slice(equals + 1));
    insert(tree, ends, { keys: keysOf(name), value, name });
  }
  return tree;
}

/** A tree without a prototype, so that a parameter called `__proto__` is a parameter and nothing else. */
function emptyTree(): FormTree {
  return Object.create(null) as FormTree;
}

function unescapeText(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw invalidParameter("Invalid request: a parameter is not valid percent-encoded UTF-8.");
  }
}

/** `items[0][price]` -> items, 0, price. A name whose brackets do not match is one odd key, refused later as unknown. */
function keysOf(name: string): string[] {
  const head = /^[^[\]]+/.exec(name)?.[0];
  if (head === undefined) return [name];
  const rest = name.slice(head.length);
  if (!/^(\[[^[\]]*\])*$/.test(rest)) return [name];
  const keys = [head, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map((match) => match[1] ?? "")];
  if (keys.length > MAX_DEPTH) throw invalidParameter(`Invalid parameter: ${name} is nested too deeply.`);
  return keys;
}

/** For each node that is used as a list, the index after its last element: counting again each time would be quadratic. */
type ListEnds = WeakMap<FormTree, number>;

interface Pair {
  keys: string[];
  value: string;
  name: string;
}

function insert(tree: FormTree, ends: ListEnds, { keys, value, name }: Pair): void {
  let node = tree;
  for (const [depth, key] of keys.entries()) {
    const next = keys[depth + 1];
    const end = ends.get(node) ?? 0;
    const slot = key === "" && depth > 0 ? bareIndex(node, end, next) : key;
    if (INDEX.test(slot)) ends.set(node, Math.max(end, Number(slot) + 1));
    if (next === undefined) {
      if (typeof node[slot] === "object") throw contradiction(name);
      node[slot] = value;
      return;
    }
    const child = node[slot] ?? emptyTree();
    if (typeof child === "string") throw contradiction(name);
    node[slot] = child;
    node = child;
  }
}

/** Larger ones are names like any other, and no list has them. */
const INDEX = /^\d{1,6}$/;

function contradiction(name: string): Error {
  return invalidParameter(`Invalid parameter: ${name} is given both a value and fields.`, { param: name });
}

/** `[]` starts a new element after the last, unless the last still lacks the key that follows. */
function bareIndex(node: FormTree, end: number, next: string | undefined): string {
  const last = node[String(end - 1)];
  const continues = next !== undefined && next !== "" && typeof last === "object" && !(next in last);
  return String(continues ? end - 1 : end);
}
