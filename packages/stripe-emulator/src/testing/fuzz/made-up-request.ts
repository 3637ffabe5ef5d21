/**
 * Requests that nobody would send, made from the parameter table: any route, any of its parameters, mostly of the right
 * type and with ids that exist, because only those get past the first check; and some of the wrong type, too long, too
 * deep, too large or with the names of JavaScript's own.
 */
import { exampleOf, kindOfField, kindOfPath } from "./plausible.ts";
import type { KnownIds } from "./known-ids.ts";
import type { Tape } from "./tape.ts";
import table from "../../wire/params.generated.json" with { type: "json" };

type TypeNode =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  | "any"
  | ["enum", string[]]
  | ["array", number]
  | ["map", number]
  | ["object", Record<string, number>, string[]]
  | ["union", number[]];

const types = table.types as unknown as TypeNode[];
/** Where money is, three times: there is more to break. */
const routes = Object.entries(table.routes as Record<string, number>).flatMap((entry) =>
  /^(POST|DELETE).*(subscription|invoice|advance|credit_notes)/.test(entry[0])
    ? [entry, entry, entry]
    : [entry],
);

export interface MadeUpRequest {
  method: string;
  path: string;
  form: string;
}

const HOSTILE = [
  ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then", "length"],
  ...["-1", "0", "1e9", "NaN", "Infinity", "9007199254740993", "-9007199254740991", "99999999999999999999"],
  ...[
    "1.5",
    "0x10",
    "true",
    "null",
    "undefined",
    "[object Object]",
    "{}",
    "[]",
    " ",
    "\u0000",
    "\u202e",
    "😀",
  ],
  ...["<script>alert(1)</script>", "' or 1=1 --", "${process.exit()}", "../../etc/passwd", "\r\nX: y"],
  "x".repeat(5_001),
];

const INTEGERS = [1, 0, 2, 3, 10, 100, 1_900, 50_000, -1, -100, 99_999_999, 2 ** 31, Number.MAX_SAFE_INTEGER];
const DECIMALS = ["10", "0", "12.5", "100", "0.01", "33.333", "-1", "1000", "100.001"];

const MAX_DEPTH = 6;

interface Maker {
  tape: Tape;
  ids: KnownIds;
  /** The emulator's wall clock, in seconds. */
  now: number;
  /** How many of a hundred values are hostile. */
  hostility: number;
  pairs: [string, string][];
}

export function madeUpRequest(tape: Tape, ids: KnownIds, now: number): MadeUpRequest {
  const [name, type] = routes[tape.below(routes.length)] ?? ["GET /v1/customers", 0];
  const [method = "GET", template = ""] = name.split(" ");
  const path = template.replaceAll(/\{(\w+)\}/g, (_all, variable: string, offset: number) =>
    encodeURIComponent(ids.pick(kindOfPath(template.slice(0, offset), variable), tape)),
  );
  const hostility = tape.chance(30) ? 25 : 0;
  const maker: Maker = { tape, ids, now, hostility, pairs: [] };
  addObject(maker, type, "", 0);
  if (hostility > 0 && tape.chance(10))
    maker.pairs.push([`${tape.pick(HOSTILE)}[${tape.pick(HOSTILE)}]`, "x"]);
  const form = maker.pairs.map(([key, value]) => `${encode(key)}=${encode(value)}`).join("&");
  return { method, path, form };
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("%5B", "[").replaceAll("%5D", "]");
}

function addObject(maker: Maker, index: number, prefix: string, depth: number): void {
  const type = types[index];
  if (type === undefined || typeof type === "string" || type[0] !== "object") return;
  const [, fields, required] = type;
  const names = Object.keys(fields);
  const chosen = new Set(maker.tape.chance(maker.hostility) ? [] : required);
  const count = maker.tape.pick(depth === 0 ? [0, 1, 1, 2, 3, 6] : [0, 1, 1, 2, 3]) ?? 0;
  for (let index = 0; index < count; index += 1) chosen.add(maker.tape.pick(names) ?? "");
  for (const name of chosen) {
    const field = fields[name];
    if (field !== undefined)
      add(maker, field, { name, path: prefix === "" ? name : `${prefix}[${name}]`, depth });
  }
}

interface Place {
  name: string;
  path: string;
  depth: number;
}

function add(maker: Maker, index: number, place: Place): void {
  const { tape, pairs } = maker;
  if (tape.chance(maker.hostility)) return addHostile(maker, place);
  const type = types[index];
  if (type === undefined || place.depth > MAX_DEPTH) return;
  if (typeof type === "string") {
    pairs.push([place.path, scalar(maker, type, place.name)]);
    return;
  }
  switch (type[0]) {
    case "enum":
      pairs.push([place.path, tape.pick(type[1]) ?? ""]);
      return;
    case "union":
      return add(maker, tape.pick(type[1].toReversed()) ?? index, place);
    case "object":
      return addObject(maker, index, place.path, place.depth + 1);
    case "array":
      for (let element = 0, count = 1 + tape.below(3); element < count; element += 1)
        add(maker, type[1], { ...place, path: `${place.path}[${element}]`, depth: place.depth + 1 });
      return;
    case "map":
      for (let element = tape.below(3); element >= 0; element -= 1) {
        const key =
          tape.pick(["order", "usd", "eur", "__proto__", "constructor", "a b", "k".repeat(41)]) ?? "order";
        add(maker, type[1], { ...place, path: `${place.path}[${key}]`, depth: place.depth + 1 });
      }
  }
}

function addHostile({ tape, pairs }: Maker, { path }: Place): void {
  const text = tape.pick(HOSTILE) ?? "";
  const shape = tape.below(5);
  if (shape === 0) pairs.push([path, text]);
  else if (shape === 1) pairs.push([`${path}[${text}]`, text]);
  else if (shape === 2) pairs.push([`${path}[]`, text], [`${path}[]`, text]);
  else if (shape === 3) pairs.push([path, text], [`${path}[x]`, text]);
  else pairs.push([`${path}${"[x]".repeat(15)}`, text]);
}

function scalar(
  { tape, ids, now }: Maker,
  type: "string" | "integer" | "number" | "boolean" | "any",
  name: string,
) {
  if (type === "boolean") return tape.chance(50) ? "true" : "false";
  if (type === "number") return tape.pick(DECIMALS) ?? "10";
  if (type === "integer") {
    if (!/(_at|_date|_time|_start|_end|start|end|timestamp|anchor|gte?|lte?)$/.test(name))
      return String(tape.pick(INTEGERS));
    return String(now + (tape.pick([1, 0, -1, 7, 31, 366, -31, 4_000, -30_000]) ?? 0) * 86_400);
  }
  const kind = kindOfField(name);
  if (kind !== undefined && !tape.chance(10)) return ids.pick(kind, tape);
  return tape.pick(exampleOf(name)) ?? "text";
}
